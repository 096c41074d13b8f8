"""What a dashboard is: rows of panels, each with its questions to Prometheus and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from catalog.signals.alert import Dashboard
from catalog.signals.objectives import LATENCY, OBJECTIVES, Objective, ratio

Unit: TypeAlias = Literal["percentunit", "percent", "reqps", "s", "ms", "bytes", "short",
                          "currencyUSD"]  # fmt: skip
"""Grafana's names of units."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question to Prometheus; `legend` may use labels as `{{label}}`."""

    expression: str
    legend: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A picture. Reading `red` or more (or less, where more is better) is trouble."""

    title: str
    unit: Unit
    queries: Sequence[Query]
    about: str
    kind: Literal["lines", "figure"] = "lines"
    red: float | None = None
    more_is_better: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A dashboard."""

    uid: Dashboard
    title: str
    rows: Sequence[Row]


def panel(
    title: str, unit: Unit, about: str, *queries: tuple[str, str], red: float | None = None
) -> Panel:
    """Lines of each query, an expression and its legend."""
    asked = [Query(expression=expression, legend=legend) for expression, legend in queries]
    return Panel(title=title, unit=unit, about=about, queries=asked, red=red)


def figure(
    title: str,
    unit: Unit,
    about: str,
    expression: str,
    *,
    red: float | None = None,
    more_is_better: bool = False,
) -> Panel:
    """A single number."""
    return Panel(
        title=title, unit=unit, about=about, queries=[Query(expression=expression)], kind="figure",
        red=red, more_is_better=more_is_better,
    )  # fmt: skip


def left(objective: Objective) -> Panel:
    """What three days leave of the budget, at their rate."""
    failing = f'{ratio("3d")}{{slo="{objective.name}"}}'
    return figure(
        objective.title,
        "percentunit",
        f"Budget left at the last three days' rate; {objective.percent:g} % of 30 days may be "
        "counted on.",
        f"1 - {failing} / {objective.budget:g}",
        red=0,
        more_is_better=True,
    )


def latencies(*names: str) -> list[tuple[str, str]]:
    """The 95th percentile of each objective, or of those named."""
    return [
        (f'{LATENCY}{{slo="{one.name}"}}', f"{one.title} (objective {one.latency_ms} ms)")
        for one in OBJECTIVES
        if one.latency and (not names or one.name in names)
    ]
