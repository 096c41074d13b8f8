"""The report's files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from rehearsal.report import read, write, write_states
from rehearsal.report.files import replace
from tests.rehearsal.report import rehearsed


def test_what_is_written_can_be_read_again(tmp_path: Path):
    report = rehearsed.report()
    written = write(report, tmp_path / "deep" / "report")
    assert read(written.json) == report
    assert sorted(path.name for path in written.json.parent.iterdir()) == [
        "rehearsal.html",
        "rehearsal.json",
    ]


def test_an_old_report_survives_a_write_that_fails(tmp_path: Path):
    path = tmp_path / "rehearsal.json"
    replace(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace(path, "half written \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_of_another_version_is_refused(tmp_path: Path):
    written = write(rehearsed.report(), tmp_path)
    document = json.loads(written.json.read_text()) | {"schema_version": "0.9"}
    written.json.write_text(json.dumps(document))
    with pytest.raises(ValidationError, match="schema_version"):
        read(written.json)


def test_the_state_of_each_stack_is_a_file_of_its_own(tmp_path: Path):
    states = {"production": {"deployment": {"resources": [1]}}, "dr": {"version": 3}}
    write_states(states, tmp_path / "states")
    found = {one.name: json.loads(one.read_text()) for one in (tmp_path / "states").iterdir()}
    assert found == {f"{name}.json": state for name, state in states.items()}
