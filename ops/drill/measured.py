"""What a drill says about a failover: its recovery time with the parts that were measured, and its
recovery point; held against the stack file, and kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ops.drill.runbook import TRIED
from ops.failover.target import Failover
from ops.recovery_time import AnyStep, slow_recovery
from ops.report import Report


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A drill in figures; all times in seconds."""

    drill: str
    stack: str
    region: str
    rto_seconds: float
    """Of a failover with the measured times, and the slow ones of the catalogue for the rest."""
    rto_target_seconds: float
    rpo_seconds: float | None
    """How far the standby's replica was behind; None where nothing measured it."""
    rpo_target_seconds: float
    measured: Mapping[str, float]
    """Steps of a failover that were tried."""
    assumed: Sequence[str]
    """Those that were not."""
    steps: Mapping[str, float]
    """What each step of the drill took."""

    @property
    def within(self) -> bool:
        """Whether both targets are kept; an unmeasured one is not."""
        point = self.rpo_seconds is not None and self.rpo_seconds <= self.rpo_target_seconds
        return point and self.rto_seconds <= self.rto_target_seconds

    def document(self) -> str:
        """As JSON, for whoever compares drills."""
        return json.dumps({**asdict(self), "within": self.within}, indent=2) + "\n"


def measured(drill: str, wanted: Failover, failover: Sequence[AnyStep], told: Report) -> Measured:
    """The figures; `failover` are the steps that one would have."""
    took = {step.step: step.seconds for step in told.steps}
    tried = {name: took[name] for name in TRIED if name in took}
    return Measured(
        drill=drill,
        stack=wanted.target.stack,
        region=wanted.target.region,
        rto_seconds=slow_recovery(failover, tried),
        rto_target_seconds=wanted.rto_seconds,
        rpo_seconds=told.rpo_seconds,
        rpo_target_seconds=wanted.rpo_seconds,
        measured=tried,
        assumed=[step.name for step in failover if step.restores and step.name not in tried],
        steps=took,
    )


def lines(found: Measured) -> list[str]:
    """What an operator reads."""
    rpo = "unknown" if found.rpo_seconds is None else f"{found.rpo_seconds:.0f} s"
    tried = ", ".join(f"{name} {taken:.0f} s" for name, taken in found.measured.items())
    return [
        f"measured: {tried or 'nothing'}; slow times of the catalogue for the rest",
        f"RTO {found.rto_seconds:.0f} s of {found.rto_target_seconds:.0f} s",
        f"RPO {rpo} of {found.rpo_target_seconds:.0f} s",
        "both targets are kept" if found.within else "A TARGET IS MISSED",
    ]
