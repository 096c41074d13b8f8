"""The refusals table in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.cloud.refusals import RULES, table

DOCUMENT = Path(__file__).parents[4] / "docs" / "simulated-cloud.md"


def test_the_document_has_the_table_as_it_is_generated() -> None:
    text = DOCUMENT.read_text()
    assert table.placed(text) == text, "run python -m rehearsal.cloud.refusals"


def test_the_table_names_every_rule_with_its_code_and_its_source() -> None:
    text = table.markdown()
    for rule in RULES:
        assert f"[{rule.name}]({rule.url})" in text
        assert f"`{rule.code}`" in text


def test_a_document_without_a_place_for_the_table_says_which_lines_it_needs() -> None:
    with pytest.raises(table.PlaceError, match="refusals: begin"):
        table.placed("# Nothing here\n")
