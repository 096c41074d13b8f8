"""Grafana's dashboards, built from the pages of the catalogue with Grafana's own library."""

from __future__ import annotations

import json
from typing import Any

from grafana_foundation_sdk.builders import dashboard as built
from grafana_foundation_sdk.builders import prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    GridPos,
    Threshold,
    ThresholdsMode,
)

from catalog.signals.dashboards import PAGES, Page, Panel, Query
from components.services.plan import Object, ServicePlan

NAMESPACE = "monitoring"
LABEL = "grafana_dashboard"
"""Grafana's sidecar loads every ConfigMap with this label."""
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
COLUMNS, HEIGHT, WIDTHS = 24, 8, {"lines": 8, "figure": 4}
"""Of Grafana's grid."""


def dashboards() -> ServicePlan:
    """A ConfigMap per dashboard."""
    return ServicePlan(name="dashboards", parts=[_config_map(page) for page in PAGES])


def document(page: Page) -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    board = (
        built.Dashboard(page.title)
        .uid(page.uid)
        .tags(["mlops-platform"])
        .refresh("1m")
        .time("now-6h", "now")
        .timezone("utc")
        .readonly()
        .link(
            built.DashboardLink("Dashboards")
            .type(DashboardLinkType.DASHBOARDS)
            .tags(["mlops-platform"])
            .as_dropdown(as_dropdown=True)
            .keep_time(keep_time=True)
        )
    )
    for part in _placed(page):
        if isinstance(part, built.Row):
            board.with_row(part)
        else:
            board.with_panel(part)
    return json.loads(JSONEncoder(sort_keys=True).encode(board.build()))


Placed = built.Row | timeseries.Panel | stat.Panel


def _placed(page: Page) -> list[Placed]:
    """Rows and panels with their places, left to right, top to bottom."""
    placed: list[Placed] = []
    top = 0
    for row in page.rows:
        placed.append(built.Row(row.title).id(len(placed) + 1).grid_pos(_at(0, top, COLUMNS, 1)))
        left, top = 0, top + 1
        for panel in row.panels:
            width = WIDTHS[panel.kind]
            if left + width > COLUMNS:
                left, top = 0, top + HEIGHT
            made = _lines(panel) if panel.kind == "lines" else _figure(panel)
            placed.append(made.id(len(placed) + 1).grid_pos(_at(left, top, width, HEIGHT)))
            left += width
        top += HEIGHT
    return placed


def _at(left: int, top: int, width: int, height: int) -> GridPos:
    return GridPos(x=left, y=top, w=width, h=height)


def _lines(panel: Panel) -> timeseries.Panel:
    made = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.about)
        .unit(panel.unit)
        .datasource(SOURCE)
        .thresholds(_thresholds(panel))
        .line_width(1)
        .fill_opacity(8)
    )
    for place, query in enumerate(panel.queries):
        made.with_target(_target(place, query))
    return made


def _figure(panel: Panel) -> stat.Panel:
    made = (
        stat.Panel()
        .title(panel.title)
        .description(panel.about)
        .unit(panel.unit)
        .datasource(SOURCE)
        .thresholds(_thresholds(panel))
    )
    for place, query in enumerate(panel.queries):
        made.with_target(_target(place, query))
    return made


def _thresholds(panel: Panel) -> built.ThresholdsConfig:
    good, bad = ("red", "green") if panel.more_is_better else ("green", "red")
    steps = [Threshold(value=None, color=good)]
    if panel.red is not None:
        steps.append(Threshold(value=panel.red, color=bad))
    return built.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def _target(place: int, query: Query) -> prometheus.Dataquery:
    return (
        prometheus.Dataquery()
        .ref_id(chr(ord("A") + place))
        .datasource(SOURCE)
        .expr(query.expression)
        .legend_format(query.legend or "__auto")
    )


def _config_map(page: Page) -> Object:
    return Object(
        name=page.uid,
        manifest={
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": f"dashboard-{page.uid}",
                "namespace": NAMESPACE,
                "labels": {LABEL: "1"},
            },
            "data": {f"{page.uid}.json": json.dumps(document(page), indent=1, sort_keys=True)},
        },
    )
