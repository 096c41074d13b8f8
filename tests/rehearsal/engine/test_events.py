"""Reading the engine's event log while it grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def _policy(level: str) -> dict[str, Any]:
    urn = "urn:pulumi:production::mlops-platform::aws:s3/bucket:Bucket::models"
    return {"policyName": "bucket-versioned", "resourceUrn": urn, "enforcementLevel": level}


def test_the_tally_keeps_what_a_policy_pack_says() -> None:
    tally = Tally()
    assert not tally.judged
    tally.add({"policyEvent": _policy("mandatory")})
    tally.add({"policyEvent": _policy("advisory")})
    tally.add({"policyRemediationEvent": _policy("remediate")})
    tally.add({"policyAnalyzeStackSummaryEvent": {}})
    assert tally.refused == tally.advised == tally.repaired == ["bucket-versioned at models"]
    assert tally.judged
