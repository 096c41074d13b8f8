"""Reading the engine's event log while it grows."""

from __future__ import annotations

from pathlib import Path

from rehearsal.engine.events import EventLog, Tally


def test_a_line_that_is_still_being_written_waits(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    log = EventLog(file)
    assert list(log.new()) == []
    file.write_text('{"sequence": 1}\n{"sequ')
    assert [event["sequence"] for event in log.new()] == [1]
    with file.open("a") as stream:
        stream.write('ence": 2}\n')
    assert [event["sequence"] for event in log.new()] == [2]
    assert [event["sequence"] for event in log.all] == [1, 2]


def test_the_tally_keeps_errors_and_counts() -> None:
    tally = Tally()
    tally.add({"diagnosticEvent": {"severity": "error", "message": "no such subnet\n"}})
    tally.add({"diagnosticEvent": {"severity": "info", "message": "fine"}})
    tally.add({"summaryEvent": {"resourceChanges": {"create": 3, "same": 1}}})
    assert tally.errors == ["no such subnet"]
    assert tally.changes == {"create": 3, "same": 1}
