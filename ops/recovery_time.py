"""How long a failover would take: its steps' times of the catalogue, sampled many times over.

Pure: no world is looked at. A step that an earlier one set in motion takes time beside those
between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from catalog.timings import Timing, seconds
from ops.step import Step

SAMPLES = 1_000
SEED = 20_260_101
NOTICE = seconds("runbook", "notice", "loss")
"""From the loss to the first step."""
COLD_MODELS = (
    seconds("aws:eks/nodeGroup:NodeGroup", "update-scale"),
    seconds("node", "gpu-first-image-pull"),
)
"""What models on GPUs wait for besides, where no GPU node is warm."""

AnyStep = Step[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Seconds in the middle and at the 95th percentile."""

    median: float
    p95: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of at least two values."""
        drawn = list(values)
        return cls(median=median(drawn), p95=quantiles(drawn, n=20)[-1])


@dataclass(frozen=True, kw_only=True)
class RecoveryTime:
    """Seconds from the loss of a region until service is back."""

    everything: Spread
    inference: Spread
    """Models that are warm in the standby."""
    cold_inference: Spread
    """Models whose GPU nodes must start first."""


def recovery_time(
    steps: Sequence[AnyStep], samples: int = SAMPLES, seed: int = SEED
) -> RecoveryTime:
    """The spread of the times of `steps`, the same for the same seed."""
    days = [_day(f"{seed} {number}") for number in range(samples)]
    warm = [_ends(steps, day) for day in days]
    cold = [_ends(steps, day, COLD_MODELS) for day in days]
    return RecoveryTime(
        everything=_spread(_last(ends, _restoring(steps)) for ends in warm),
        inference=_spread(_last(ends, INFERENCE) for ends in warm),
        cold_inference=_spread(_last(ends, INFERENCE) for ends in cold),
    )


def write_outage(steps: Sequence[AnyStep], samples: int = SAMPLES, seed: int = SEED) -> Spread:
    """Seconds from the step that interrupts service, of a move that is planned, until it is back;
    what comes before takes as long as it takes, and nobody notices."""
    first = next(place for place, step in enumerate(steps) if step.interrupts)
    away = [step for step in steps[first:] if step.restores]
    days = [_day(f"{seed} {number}") for number in range(samples)]
    return _spread(_last(_ends(away, day, notice=None), _restoring(away)) for day in days)


def slow_recovery(steps: Sequence[AnyStep], measured: Mapping[str, float]) -> float:
    """Seconds from the loss of a region until service is back, where the steps in `measured` take
    what they took and all others their slow time."""

    def taken(name: str, timing: Timing) -> float:
        return measured.get(name, timing.slow)

    return _last(_ends(steps, taken), _restoring(steps))


INFERENCE = ("models", "traffic", "names")
"""Steps after which models are asked here."""


def told(found: RecoveryTime, rto_seconds: float) -> list[str]:
    """The figures as a plan prints them, held against the stack file's target."""
    rows = {
        "everything": found.everything,
        "inference, warm": found.inference,
        "inference, cold": found.cold_inference,
    }
    width = max(map(len, rows))
    figures = [
        f"  {name:<{width}}  median {spread.median / 60:4.1f} min, "
        f"95th percentile {spread.p95 / 60:4.1f} min"
        for name, spread in rows.items()
    ]
    verdict = "within" if found.everything.p95 <= rto_seconds else "BEYOND"
    target = f"  {verdict} recovery.rto_minutes ({rto_seconds / 60:.0f})"
    return ["expected from the loss of the region:", *figures, target]


def outage_told(found: Spread, rto_seconds: float) -> list[str]:
    """The figures as a plan prints them, held against the stack file's target."""
    verdict = "within" if found.p95 <= rto_seconds else "BEYOND"
    middle, late = found.median / 60, found.p95 / 60
    return [
        f"expected outage of writes: median {middle:.1f} min, 95th percentile {late:.1f} min",
        f"  {verdict} recovery.rto_minutes ({rto_seconds / 60:.0f}); models answer throughout",
    ]


Taken = Callable[[str, Timing], float]
"""Seconds that something took, by its name and its times in the catalogue."""


def _ends(
    steps: Sequence[AnyStep],
    taken: Taken,
    cold: Iterable[Timing] = (),
    notice: Timing | None = NOTICE,
) -> Mapping[str, float]:
    """When each goal holds, in seconds since the loss, or where that was planned since the first
    step."""
    now = taken("notice", notice) if notice else 0.0
    starts: dict[str, float] = {}
    ends: dict[str, float] = {}
    for step in steps:
        starts[step.name] = now
        lasts = taken(step.name, step.takes)
        if step.name == "models":
            lasts += sum(taken(each.operation, each) for each in cold)
        ends[step.name] = starts[step.began_by or step.name] + lasts
        now = max(now, ends[step.name])
    return ends


def _day(seed: str) -> Taken:
    """One day's times."""
    return lambda name, timing: _drawn(timing, f"{seed} {name}")


def _drawn(timing: Timing, key: str) -> float:
    return timing.drawn(key)


def _restoring(steps: Sequence[AnyStep]) -> Sequence[str]:
    return [step.name for step in steps if step.restores]


def _last(ends: Mapping[str, float], names: Iterable[str]) -> float:
    return max(ends[name] for name in names)


def _spread(values: Iterable[float]) -> Spread:
    return Spread.of(values)
