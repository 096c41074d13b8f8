"""The schema for editors: it is the committed one, and it accepts the committed stack files."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from infra.settings_schema import SCHEMA_FILE, schema_text
from tests.infra.documents import ROOT, committed, with_values


def test_the_committed_schema_is_what_the_models_say() -> None:
    message = "run python -m infra.settings_schema"
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), message


@pytest.mark.parametrize("stack", ["production", "dr", "link"])
def test_the_schema_accepts_the_committed_stack_file(stack: str) -> None:
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), json.loads(schema_text()))
    assert text.startswith("# yaml-language-server: $schema=schemas/settings.schema.json\n")


@pytest.mark.parametrize(
    ("path", "value"), [("region", "mars"), ("logs.retention_days", 31), ("colour", "blue")]
)
def test_the_schema_refuses_a_wrong_value(path: str, value: object) -> None:
    document = with_values(committed("production"), {path: value})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            {"config": {"mlops-platform:settings": document}}, json.loads(schema_text())
        )
