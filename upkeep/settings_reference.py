"""docs/settings.md: every key of a stack file, from the schema that editors use."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.settings_schema import schema_text

Schema = dict[str, Any]
"""A JSON Schema object."""

ROOT = "Settings"
LINK = "LinkSettings"
HEAD = """\
# Settings

Every key under `mlops-platform:settings` in `Pulumi.<stack>.yaml`. A key that is not listed is
refused, and so is a value of another type. Rules that span keys are told when they are broken.
This page is written by `make docs`.
"""
OF_LINK = """\
# Settings of a link

Where `role` is `link` the file is one about two regions, with these keys.
"""


def settings_reference(_: Path) -> str:
    """The page, in the order in which a stack file is written."""
    definitions: dict[str, Schema] = json.loads(schema_text())["$defs"]
    return "\n".join([HEAD, *_sections(definitions, ROOT), OF_LINK, *_sections(definitions, LINK)])


def _sections(definitions: dict[str, Schema], root: str) -> Iterator[str]:
    for name, paths in _places(definitions, root).items():
        yield _section(definitions[name], paths)


def _places(definitions: dict[str, Schema], root: str) -> dict[str, list[str]]:
    """Definition → the paths at which it stands, outermost first."""
    places: dict[str, list[str]] = {root: [""]}
    waiting = [(root, "")]
    while waiting:
        name, path = waiting.pop(0)
        for key, value in definitions[name]["properties"].items():
            for inner, suffix in _references(value):
                place = f"{path}.{key}{suffix}".lstrip(".")
                places.setdefault(inner, []).append(place)
                waiting.append((inner, place))
    return places


def _references(value: Schema) -> Iterator[tuple[str, str]]:
    """Definitions that a key leads to, and what follows the key in their path."""
    if "$ref" in value:
        yield value["$ref"].rpartition("/")[2], ""
    for inner in value.get("anyOf", []):
        yield from _references(inner)
    if "items" in value:
        yield from ((name, "[]") for name, _ in _references(value["items"]))
    for inner in value.get("patternProperties", {}).values():
        yield from ((name, ".<name>") for name, _ in _references(inner))


def _section(definition: Schema, paths: list[str]) -> str:
    title = ", ".join(f"`{path}`" for path in paths if path) or "Outermost"
    required = definition.get("required", [])
    rows = "".join(
        f"| `{key}` | {_expected(value)} | {_if_absent(key, value, required)} |\n"
        for key, value in definition["properties"].items()
    )
    about = definition["description"].replace("\n", " ")
    return f"## {title}\n\n{about}\n\n| key | value | if left out |\n|---|---|---|\n{rows}"


def _expected(value: Schema) -> str:
    if "description" in value:
        return str(value["description"]).replace("|", "\\|")
    return "a section of its own, see below"


def _if_absent(key: str, value: Schema, required: list[str]) -> str:
    if key in required:
        return "refused"
    return f"`{json.dumps(value['default'])}`" if "default" in value else "nothing"
