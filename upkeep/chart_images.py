"""Where a chart's values name images, learnt from the chart itself.

A place is a map with `repository` or with `image` and `tag`, or a text whose key ends in `image`.
Each is written with the chart's defaults, so that a bump that adds an image is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

KEYS = ("registry", "repository", "name", "image", "tag", "digest", "sha")
"""Keys that make up an image's reference."""

Values = Mapping[str, Any]


def image_places(values: Values, subcharts: Mapping[str, Values]) -> list[dict[str, Any]]:
    """Every place of a chart, by path; `subcharts` are the values of its sub-charts by name."""
    whole = dict(values)
    for name, below in subcharts.items():
        whole[name] = _over(below, values.get(name) or {})
    return [{"at": at, "keys": keys} for at, keys in sorted(_places((), whole))]


def app_versions(folder: Path) -> dict[str, str]:
    """Version of what each sub-chart installs, which is its image's tag where none is named;
    a sub-chart that does not say it goes by its own."""
    found: dict[str, str] = {}
    for path in sorted((folder / "subcharts").glob("*/Chart.yaml")):
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.parent.name] = str(described.get("appVersion") or described["version"])
    return found


def _places(path: tuple[str, ...], values: Values) -> Iterator[tuple[str, dict[str, str]]]:
    whole = _is_image(path, values)
    if whole:
        yield ".".join(path), _keys(values)
    for key, value in values.items():
        here = (*path, str(key))
        if isinstance(value, dict):
            yield from _places(here, cast("dict[str, Any]", value))
        elif _is_reference(key, value) and not (whole and key == "image"):
            yield ".".join(here), {"": str(value)}


def _is_image(path: tuple[str, ...], values: Values) -> bool:
    if not path or "hub" in values:
        return False
    if "repository" in values:
        return path[-1].lower().endswith("image") or "tag" in values
    return isinstance(values.get("image"), str) and "tag" in values


def _is_reference(key: str, value: Any) -> bool:
    return key.lower().endswith("image") and isinstance(value, str) and bool(value)


def _keys(values: Values) -> dict[str, str]:
    return {
        key: str(values[key] or "")
        for key in KEYS
        if key in values and not isinstance(values[key], dict)
    }


def _over(below: Values, above: Values) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = _over(cast("Values", under), cast("Values", value)) if both else value
    return merged
