"""The JSON schema of `rehearsal.json`; `python -m rehearsal.report.schema` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from rehearsal.report.model import SCHEMA_VERSION, Report

PATH = Path(__file__).parents[2] / "schemas" / "rehearsal.schema.json"


def document() -> str:
    """The schema as the committed file holds it."""
    schema = Report.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"Rehearsal report {SCHEMA_VERSION}"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(document(), encoding="utf-8")
