"""The JSON Schema of a stack file, for editors: `python -m infra.settings_schema` writes it.

A stack file's first line points to it, and editors with yaml-language-server then complete,
explain and check the keys. Rules that span keys are only judged by `infra.settings.parse`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.fields import Section
from infra.link_settings import LinkSettings
from infra.settings import CONFIG_KEY, Settings

SCHEMA_FILE = Path(__file__).parents[1] / "schemas" / "settings.schema.json"


def schema_text() -> str:
    """The schema of a whole `Pulumi.<stack>.yaml`, as the file should hold it."""
    settings, definitions = _definitions(Settings)
    link, of_link = _definitions(LinkSettings)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of mlops-platform",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": [CONFIG_KEY],
                "properties": {
                    CONFIG_KEY: {
                        "if": {"properties": {"role": {"const": "link"}}, "required": ["role"]},
                        "then": {"$ref": "#/$defs/LinkSettings"},
                        "else": {"$ref": "#/$defs/Settings"},
                    }
                },
            }
        },
        "$defs": {"Settings": settings, **definitions, "LinkSettings": link, **of_link},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _definitions(model: type[Section]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a model, and of the sections that it refers to."""
    schema = model.model_json_schema(ref_template="#/$defs/{model}")
    return schema, schema.pop("$defs")


def main() -> None:
    """Write the schema file."""
    SCHEMA_FILE.parent.mkdir(exist_ok=True)
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
