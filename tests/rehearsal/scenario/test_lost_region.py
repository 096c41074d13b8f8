"""How a failover's times are read, and which calls needed the lost region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.scenario.account import Call
from rehearsal.scenario.drill import Drill, Told
from rehearsal.scenario.lost_region import recovery, strays

LOST = "us-east-1"


def _call(service: str, region: str, *, refused: bool = False) -> Call:
    told = {"status": 503, "by": "fault", "error": "ServiceUnavailable"} if refused else {}
    fields: dict[str, Any] = {
        "number": 1, "service": service, "region": region, "operation": "DescribeX",
        "status": 200, "caller": "somebody", **told,
    }  # fmt: skip
    return Call(**fields)


@pytest.mark.parametrize(
    ("call", "stray"),
    [
        (_call("rds", "us-west-2"), False),
        (_call("rds", LOST), True),
        (_call("route53", LOST), False),
        (_call("iam", "us-west-2", refused=True), True),
        (_call("s3", "us-west-2", refused=True), True),
    ],
)
def test_what_was_refused_or_went_there_needed_the_lost_region(call: Call, stray: bool) -> None:
    assert bool(strays([call], LOST)) is stray


def _entry(event: str, at: float, step: str = "", kind: str = "wait") -> dict[str, Any]:
    return {"event": event, "at": at, "step": step, "kind": kind if step else ""}


def _drill(tmp_path: Path, *entries: dict[str, Any]) -> Drill:
    journal = tmp_path / "journal.jsonl"
    journal.write_text("".join(json.dumps(each) + "\n" for each in entries))
    nothing: Any = None
    return Drill(
        primary="production", standby="dr", region=LOST, refuge="us-west-2", platform="p",
        site=nothing, lost_at=1000.0, journal=journal,
    )  # fmt: skip


def _told(rto: int, wall: float, waited: float) -> Told:
    text = f"waits 303 s, software 1.5 s\nRTO {rto} s of 1800 s\nRPO 90 s of 900 s\n"
    return Told(code=0, text=text, wall_seconds=wall, waited_seconds=waited)


def test_the_rto_counts_from_the_loss_and_the_own_code_without_waits(tmp_path: Path) -> None:
    drill = _drill(
        tmp_path,
        _entry("begun", 1100),
        _entry("step", 1101, "epoch", "software"),
        _entry("done", 1102, "epoch", "software"),
        _entry("step", 1102, "database"),
        _entry("done", 1405, "database"),
        _entry("step", 1410, "deployment"),
        _entry("done", 1430, "deployment"),
    )
    found = recovery(drill, _told(305, 40, 300), 0)
    assert found.rto == 405
    # 303 s were waited for the database, of which 300 s by the clock, and 20 s for the engine.
    assert found.software == 1.5
    assert found.command == 40 - 3 - 20
    assert (found.rpo, found.rpo_target, found.rto_target) == (90, 900, 1800)


def test_a_deployment_that_service_waits_for_takes_what_it_takes_in_aws(tmp_path: Path) -> None:
    drill = _drill(
        tmp_path,
        _entry("begun", 1100),
        _entry("step", 1110, "deployment"),
        _entry("done", 1130, "deployment"),
        _entry("step", 1130, "probe", "software"),
        _entry("done", 1131, "probe", "software"),
    )
    assert recovery(drill, _told(31, 40, 0), 0).rto == 131 + (600 - 20)


def test_a_resumed_run_counts_its_own_waits_alone(tmp_path: Path) -> None:
    drill = _drill(
        tmp_path,
        _entry("begun", 1100),
        _entry("step", 1100, "database"),
        _entry("done", 1400, "database"),
        _entry("step", 1500, "names"),
        _entry("done", 1620, "names"),
    )
    assert recovery(drill, _told(520, 30, 118), 3).command == 30 - (120 - 118)
