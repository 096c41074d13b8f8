"""What a run took and what it may have lost, from its journal: all of it, across interruptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ops.errors import Refused
from ops.journal import Entry
from ops.step import Kind, Reads, Runbook, World

RPO_FACT = "writes at risk, seconds"
"""Of which it was not known when the run began whether the replica has them."""
LAG_FACT = "replica's lag, seconds"
"""How far the replica was behind when the run began, in all."""


@dataclass(frozen=True, kw_only=True)
class StepTime:
    """Seconds from the first attempt at a step to its goal."""

    step: str
    kind: Kind
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Report:
    """A run in figures."""

    runbook: str
    epoch: int
    steps: Sequence[StepTime]
    rto_seconds: float
    """From when service went away to the last step after which it is back."""
    rpo_seconds: float | None

    @property
    def waits(self) -> float:
        """Seconds of waiting for others."""
        return sum(step.seconds for step in self.steps if step.kind == "wait")

    @property
    def software(self) -> float:
        """Seconds of our own."""
        return sum(step.seconds for step in self.steps if step.kind == "software")


def report(runbook: Runbook[Reads, World], run: Sequence[Entry]) -> Report:
    """The figures of `run`, the entries of one run. Raises Refused where there is none."""
    if not run:
        raise Refused(f"{runbook.name}: no run to report on; plan and apply first")
    times = [time for step in runbook.steps if (time := _time(step.name, step.kind, run))]
    back = {step.name for step in runbook.steps if step.restores}
    ends = [entry.at for entry in run if entry.event == "done" and entry.step in back]
    gone = _gone(runbook, run)
    return Report(
        runbook=runbook.name,
        epoch=run[-1].epoch,
        steps=times,
        rto_seconds=max(0.0, max(ends, default=gone) - gone),
        rpo_seconds=run[0].facts.get(RPO_FACT),
    )


def _gone(runbook: Runbook[Reads, World], run: Sequence[Entry]) -> float:
    """When service went away: with the first step that interrupts it, else with the run."""
    breaks = {step.name for step in runbook.steps if step.interrupts}
    begun = [entry.at for entry in run if entry.event == "step" and entry.step in breaks]
    return begun[0] if begun else run[0].at


def lines(told: Report) -> list[str]:
    """What each step took, as an operator reads it."""
    width = max([len(step.step) for step in told.steps], default=0)
    rows = [f"  {step.step:<{width}}  {step.kind:<8}  {step.seconds:7.1f} s" for step in told.steps]
    total = f"waits {told.waits:.0f} s, software {told.software:.1f} s"
    return [f"{told.runbook}, epoch {told.epoch}" if told.epoch else told.runbook, *rows, total]


def recovery_lines(told: Report, rto_target: float, rpo_target: float) -> list[str]:
    """The same, and what was reached of the targets of the stack file."""
    rpo = "unknown" if told.rpo_seconds is None else f"{told.rpo_seconds:.0f} s"
    return [
        *lines(told),
        f"RTO {told.rto_seconds:.0f} s of {rto_target:.0f} s",
        f"RPO {rpo} of {rpo_target:.0f} s",
    ]


def handover_lines(told: Report, rto_target: float) -> list[str]:
    """The same for a move that was planned: writes were away, no row was."""
    return [
        *lines(told),
        f"writes were away for {told.rto_seconds:.0f} s of {rto_target:.0f} s",
        "no acknowledged row was lost: the copy was promoted once it had the closed log's end",
    ]


def _time(name: str, kind: Kind, run: Sequence[Entry]) -> StepTime | None:
    begun = [entry.at for entry in run if entry.event == "step" and entry.step == name]
    done = [entry.at for entry in run if entry.event == "done" and entry.step == name]
    if not begun or not done:
        return None
    return StepTime(step=name, kind=kind, seconds=done[-1] - begun[0])
