"""The published schema of rehearsal.json."""

from __future__ import annotations

import json

from rehearsal.report import schema
from rehearsal.report.model import Report


def test_the_committed_schema_is_the_models():
    committed = schema.PATH.read_text(encoding="utf-8")
    assert committed == schema.document(), "run `python -m rehearsal.report.schema`"


def test_the_schema_knows_every_field_and_allows_no_other():
    document = json.loads(schema.document())
    assert set(document["properties"]) == set(Report.model_fields)
    assert document["additionalProperties"] is False
