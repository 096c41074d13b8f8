"""The dashboards of the operations runbook: whole, linked, and asking only what is exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.signals.dashboards import PAGES, Page
from catalog.signals.expressions import metrics_of
from catalog.signals.objectives import OBJECTIVES
from catalog.signals.rules import ALERTS, FACTS, GROUPS
from catalog.signals.sources import SOURCE_OF
from components.services.check import check
from components.services.dashboards import LABEL, dashboards, document
from tests.prometheus_tools import ran

RECORDED = {one.name for group in GROUPS for one in group.recordings} | set(FACTS)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)


def _panels(page: Page) -> list[dict[str, Any]]:
    return [panel for panel in document(page)["panels"] if panel["type"] != "row"]


def test_the_four_dashboards_have_the_names_of_the_runbook() -> None:
    assert [page.uid for page in PAGES] == [
        "platform-overview",
        "model-serving",
        "cost-tracking",
        "security-events",
    ]


@each_page
def test_panels_have_numbers_and_places_of_their_own(page: Page) -> None:
    panels = document(page)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [cell for panel in panels for cell in _cells(panel["gridPos"])]
    assert len(set(cells)) == len(cells)


def _cells(place: dict[str, int]) -> list[tuple[int, int]]:
    across = range(place["x"], place["x"] + place["w"])
    down = range(place["y"], place["y"] + place["h"])
    assert across.stop <= 24
    return [(x, y) for x in across for y in down]


@each_page
def test_every_panel_says_what_it_shows_in_which_unit(page: Page) -> None:
    for panel in _panels(page):
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["targets"]


@each_page
def test_no_panel_asks_for_a_metric_that_nothing_exports(page: Page) -> None:
    for panel in _panels(page):
        for target in panel["targets"]:
            read = metrics_of(target["expr"])
            assert read, panel["title"]
            assert read <= SOURCE_OF.keys() | RECORDED, panel["title"]


@pytest.mark.control_plane
def test_prometheus_reads_every_question(tmp_path: Path) -> None:
    asked = [
        target["expr"] for page in PAGES for panel in _panels(page) for target in panel["targets"]
    ]
    rules = [{"record": f"asked:{place}", "expr": expr} for place, expr in enumerate(asked)]
    path = tmp_path / "asked.json"
    path.write_text(json.dumps({"groups": [{"name": "asked", "rules": rules}]}), encoding="utf-8")
    assert f"{len(asked)} rules found" in ran("promtool", "check", "rules", path)


def test_every_alert_leads_to_a_dashboard_that_is_there() -> None:
    assert {alert.dashboard for alert in ALERTS} == {page.uid for page in PAGES}


def test_every_objective_is_drawn() -> None:
    titles = [panel["title"] for page in PAGES for panel in _panels(page)]
    assert {objective.title for objective in OBJECTIVES} <= set(titles)


def test_grafanas_sidecar_finds_each_dashboard() -> None:
    plan = dashboards()
    check([plan], ())
    for part, page in zip(plan.objects, PAGES, strict=True):
        assert part.manifest["metadata"]["labels"] == {LABEL: "1"}
        assert json.loads(part.manifest["data"][f"{page.uid}.json"])["uid"] == page.uid
