"""docs/alerts.md: every alert, what it means and what to do first; notifications lead here."""

from collections.abc import Iterable, Iterator

from catalog.signals.alert import Alert
from catalog.signals.objectives import OBJECTIVES, Objective
from catalog.signals.rules import Group, named

HEAD = """\
# Alerts

What Prometheus tells somebody of, and what to do first. Critical alerts page, and go on to the
alerts channel; warnings have a channel of their own; what is about money goes to FinOps. A
notification leads to its section here and to the dashboard that shows it. This page is written by
`make docs` from `catalog/signals`, like the rules themselves.

## Objectives

Budgets are counted over 30 days. A budget that burns 14.4 times too fast over an hour, or 6 times
over 6 hours, pages; 3 times over a day, or at its plain rate over 3 days, warns.

| service | available | 95th percentile |
|---|---|---|
"""


def alerts_page(groups: Iterable[Group]) -> str:
    """The page, a section per alert in the order of the groups."""
    rows = "".join(_row(objective) for objective in OBJECTIVES)
    return HEAD + rows + "".join(part for group in groups for part in _group(group))


def _row(objective: Objective) -> str:
    latency = f"{objective.latency_ms} ms" if objective.latency else "none"
    return f"| {objective.title} | {objective.percent:g} % | {latency} |\n"


def _group(group: Group) -> Iterator[str]:
    yield f"\n## {group.name.capitalize()}\n"
    for name, alerts in named(group.alerts).items():
        yield f"\n### {name}\n\n{alerts[0].action}\n\n"
        yield "".join(_condition(alert) for alert in alerts)


def _condition(alert: Alert) -> str:
    held = f"for {alert.hold} minutes" if alert.hold else "at once"
    money = ", cost" if alert.cost else ""
    return f"- {alert.severity}{money}, {held}, on `{alert.dashboard}`: `{alert.condition}`\n"
