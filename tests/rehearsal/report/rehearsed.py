"""Reports of the recorded stack for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from rehearsal.report import (
    Check,
    Leftover,
    Report,
    StackReport,
    StepRecord,
    compare,
    resource_records,
    step_record,
)
from rehearsal.report.model import ResourceRecord
from tests.rehearsal.timeline import recorded

KEY = Leftover(kind="kms key", name="data", reason="pending deletion for 7 days")


def check(*, passed: bool = True, detail: str = "66 same") -> Check:
    return Check(name="changes nothing", passed=passed, detail=detail)


def report(*checks: Check, name: str = "production") -> Report:
    """A rehearsal of the recorded stack: up, replacements and destroy."""
    preview, up, edit, destroy = _steps()
    second = step_record("second up", wall_seconds=6, parallelism=32, checks=checks or (check(),))
    stack = StackReport(
        name=name,
        region="us-east-1",
        account_id="123456789012",
        resources=resource_records(recorded.state("up")),
        steps=(preview, up, second, edit, destroy),
        leftovers=compare([KEY], [KEY]),
    )
    return Report(
        started_at=datetime(2026, 11, 21, 5, 30, tzinfo=UTC),
        engine="v3.259.0",
        parallelism=32,
        cores=2,
        wall_seconds=30.25,
        peak_memory_mib=900,
        stacks=(stack,),
    )


@cache
def _steps() -> tuple[StepRecord, ...]:
    return (
        step_record("preview", wall_seconds=7, parallelism=32, operations={"create": 66}),
        step_record(
            "up", wall_seconds=9.5, parallelism=32, graph=recorded.up(), peak_memory_mib=800
        ),
        step_record("edit", wall_seconds=6, parallelism=32, graph=recorded.replace()),
        step_record("destroy", wall_seconds=1, parallelism=32, graph=recorded.destroy()),
    )


def resource(
    token: str, name: str, id_: str = "", parent: str = "", **facts: Any
) -> ResourceRecord:
    """A recorded resource."""
    return ResourceRecord(
        urn=f"urn:pulumi:production::mlops-platform::{token}::{name}",
        type=token,
        name=name,
        parent=f"urn::{parent}" if parent else "",
        custom=True,
        id=id_,
        facts=facts,
    )


def stack(*resources: ResourceRecord) -> StackReport:
    """A stack of which only the resources matter."""
    return StackReport(
        name="production",
        region="us-east-1",
        account_id="123456789012",
        resources=resources,
        steps=(),
        leftovers=None,
    )
