"""The timeline of a step as a Gantt chart: bars in percent of the makespan, by component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rehearsal.report.model import ResourceRecord, Simulated, TimedOperation

_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_MOST_TICKS = 8
SHORT, MIDDLING = 5.0, 30.0
"""Seconds below which the chart's filters hide an operation."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One operation; `left` and `width` in percent."""

    operation: TimedOperation
    left: float
    width: float
    length: str
    """`short`, `middling` or `long`: what the filters go by."""

    @property
    def from_the_right(self) -> bool:
        """Whether its text ends at the bar's end, for lack of room to its right."""
        return self.left > 55

    @property
    def anchor(self) -> float:
        """Where the text begins or ends, in percent."""
        return self.left + self.width if self.from_the_right else self.left


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The bars of one component."""

    name: str
    bars: tuple[Bar, ...]
    finish: float
    critical: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A whole timeline."""

    seconds: float
    ticks: tuple[float, ...]
    tick_percent: float
    lanes: tuple[Lane, ...]


def chart(simulated: Simulated, resources: Sequence[ResourceRecord]) -> Chart:
    """The chart of a step; `resources` tell which component an operation belongs to."""
    span = max(simulated.makespan_seconds, 0.001)
    parents = {each.urn: each.parent for each in resources}
    lanes: dict[str, list[Bar]] = {}
    for one in simulated.operations:
        lanes.setdefault(_component(one, parents), []).append(_bar(one, span))
    step = next((tick for tick in _TICKS if span / tick <= _MOST_TICKS), _TICKS[-1])
    return Chart(
        seconds=span,
        ticks=tuple(float(at) for at in range(0, int(span) + 1, step)),
        tick_percent=100 * step / span,
        lanes=tuple(_lane(name, bars) for name, bars in lanes.items()),
    )


def _component(one: TimedOperation, parents: Mapping[str, str]) -> str:
    """Name of the outermost component above; `outside components` for what has none."""
    above, last = one.parent, ""
    while above and "::pulumi:pulumi:Stack::" not in above:
        last, above = above, parents.get(above, "")
    return last.rpartition("::")[2] or "outside components"


def _bar(one: TimedOperation, span: float) -> Bar:
    length = "short" if one.seconds < SHORT else "middling" if one.seconds < MIDDLING else "long"
    return Bar(
        operation=one,
        left=round(100 * one.start / span, 3),
        width=round(100 * one.seconds / span, 3),
        length=length,
    )


def _lane(name: str, bars: Sequence[Bar]) -> Lane:
    return Lane(
        name=name,
        bars=tuple(bars),
        finish=max(bar.operation.start + bar.operation.seconds for bar in bars),
        critical=any(bar.operation.critical for bar in bars),
    )
