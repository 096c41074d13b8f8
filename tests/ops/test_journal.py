"""Journals: what a kill leaves of them, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ops.errors import Refused
from ops.journal import opened, seen
from ops.step import Stamp, Target

TARGET = Target(
    stack="dr", account_id="123456789012", region="us-west-2", platform="p", holder="us-west-2"
)


def _begun(path: Path) -> None:
    with opened(path, "failover", TARGET) as log:
        log.append("begun", 1.0, Stamp(epoch=4, holder="us-east-1"), facts={"lag": 3.0})


def test_what_was_noted_is_there_for_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    _begun(path)
    with opened(path, "failover", TARGET) as log:
        (entry,) = log.open_run()
        assert entry.facts == {"lag": 3.0}
        assert entry.stamp == Stamp(epoch=4, holder="us-east-1")


def test_a_line_that_a_kill_cut_off_is_dropped_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    _begun(path)
    with path.open("a") as file:
        file.write('{"at": 2.0, "eve')
    with opened(path, "failover", TARGET) as log:
        log.append("finished", 3.0, Stamp())
    assert [entry.event for entry in seen(path, "failover", TARGET).entries] == [
        "begun",
        "finished",
    ]


def test_a_second_process_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with (
        opened(path, "failover", TARGET),
        pytest.raises(Refused, match="another process"),
        opened(path, "failover", TARGET),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "value"),
    [("stack", "production"), ("account_id", "999999999999"), ("region", "eu-west-1")],
)
def test_a_journal_of_another_target_is_refused(change: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    _begun(path)
    other = replace(TARGET, **{change: value})
    with pytest.raises(Refused, match=rf"a journal of {change} .*--journal"):
        seen(path, "failover", other)


def test_a_journal_of_another_runbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    _begun(path)
    with pytest.raises(Refused, match="a journal of runbook 'failover', expected 'failback'"):
        seen(path, "failback", TARGET)


def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("notes of an operator\n")
    with (
        pytest.raises(Refused, match="not a journal of this program"),
        opened(path, "failover", TARGET),
    ):
        pass
    assert path.read_text() == "notes of an operator\n"


def test_a_finished_run_admits_any_epoch(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    _begun(path)
    with opened(path, "failover", TARGET) as log:
        log.append("finished", 2.0, Stamp(epoch=5, holder="us-west-2"))
        log.admit(Stamp(epoch=9, holder="us-east-1"))
    history = seen(path, "failover", TARGET)
    history.admit(Stamp(epoch=9, holder="us-east-1"))
    assert path.read_text().count("\n") == 2, "admitting writes nothing"


def test_a_run_whose_own_take_was_not_noted_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    _begun(path)
    history = seen(path, "failover", TARGET)
    history.admit(Stamp(epoch=5, holder="us-west-2"))
    with pytest.raises(Refused, match="stale journal"):
        history.admit(Stamp(epoch=5, holder="us-east-1"))
