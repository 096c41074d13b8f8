"""A rehearsal as its report: verdicts put on the simulated clock and grouped by stack."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rehearsal.engine.tools import pulumi_cli
from rehearsal.report import (
    Check,
    DrillRecord,
    FailbackRecord,
    RecoveryRecord,
    Report,
    StackReport,
    StepRecord,
    resource_records,
    step_record,
)
from rehearsal.report.model import Leftover, Leftovers
from rehearsal.scenario.verdict import Drilled, Recovery, Return, Verdict
from rehearsal.scenario.world import World
from rehearsal.timeline import Graph
from rehearsal.timeline.engine import Resource, resources, steps
from rehearsal.timeline.graph import from_engine

_NO_STATE: Mapping[str, Any] = {"deployment": {"resources": []}}


def recorded(verdicts: Sequence[Verdict], world: World, parallel: int, started: datetime) -> Report:
    """The report of a rehearsal that began at `started`."""
    peaks = [one.outcome.peak_mib for one in verdicts if one.outcome]
    return Report(
        started_at=started,
        engine=_engine_version(),
        parallelism=parallel,
        cores=os.cpu_count() or 1,
        wall_seconds=round((datetime.now(UTC) - started).total_seconds(), 3),
        peak_memory_mib=round(max(peaks, default=0.0), 1),
        stacks=tuple(_stack(name, verdicts, world, parallel) for name in world.stacks),
    )


def graph_of(verdict: Verdict) -> Graph | None:
    """The operations of a step; None for a step that changes nothing."""
    if verdict.outcome is None or verdict.state is None:
        return None
    with verdict.outcome.log.open() as lines:
        done = steps(lines)
    return from_engine(resources(verdict.state), done, _before(verdict.before))


def _stack(name: str, verdicts: Sequence[Verdict], world: World, parallel: int) -> StackReport:
    own = [one for one in verdicts if one.stack == name]
    built: Mapping[str, Any] = next((one.state for one in own if one.state), _NO_STATE)
    return StackReport(
        name=name,
        region=" and ".join(world.regions[name]),
        account_id=world.account.id,
        resources=resource_records(resources(built)),
        steps=tuple(_step(one, parallel) for one in own),
        leftovers=next((_leftovers(*one.left) for one in own if one.left is not None), None),
    )


def _step(verdict: Verdict, parallel: int) -> StepRecord:
    outcome = verdict.outcome
    checks = [Check(name=one.name, passed=one.passed, detail=one.detail) for one in verdict.checks]
    return step_record(
        verdict.title,
        wall_seconds=outcome.wall_seconds if outcome else 0,
        parallelism=parallel,
        graph=graph_of(verdict) if verdict.passed else None,
        operations=outcome.tally.changes if outcome else None,
        checks=checks,
        peak_memory_mib=round(outcome.peak_mib, 1) if outcome else None,
        recovery=_recovery(verdict.recovery) if verdict.recovery else None,
        failback=_failback(verdict.returned) if verdict.returned else None,
        drill=_drill(verdict.drilled) if verdict.drilled else None,
    )


def _recovery(found: Recovery) -> RecoveryRecord:
    return RecoveryRecord(
        software_seconds=round(found.software, 3),
        command_seconds=round(found.command, 3),
        rto_seconds=round(found.rto, 1),
        rto_target_seconds=found.rto_target,
        rpo_seconds=round(found.rpo, 1),
        rpo_target_seconds=found.rpo_target,
    )


def _failback(found: Return) -> FailbackRecord:
    return FailbackRecord(
        software_seconds=round(found.software, 3),
        outage_seconds=found.outage,
        outage_target_seconds=found.outage_target,
    )


def _drill(found: Drilled) -> DrillRecord:
    return DrillRecord(
        rto_seconds=found.rto,
        rto_target_seconds=found.rto_target,
        rpo_seconds=found.rpo,
        rpo_target_seconds=found.rpo_target,
    )


def _leftovers(expected: Sequence[str], found: Sequence[str]) -> Leftovers:
    return Leftovers(
        expected=tuple(map(_leftover, expected)),
        found=tuple(map(_leftover, found)),
        missing=tuple(_leftover(one) for one in expected if one not in found),
        unexpected=tuple(_leftover(one) for one in found if one not in expected),
    )


def _leftover(line: str) -> Leftover:
    """A manifest line: `<kind>: <name>` and what is to be said about it in brackets."""
    text, _, reason = line.partition(" (")
    kind, _, name = text.partition(": ")
    return Leftover(kind=kind, name=name, reason=reason.removesuffix(")"))


def _before(state: Mapping[str, object] | None) -> Sequence[Resource]:
    return () if state is None else resources(state)


def _engine_version() -> str:
    done = subprocess.run(
        [str(pulumi_cli()), "version"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
