"""The four dashboards of the operations runbook."""

from catalog.signals.dashboards.doors import DOORS
from catalog.signals.dashboards.money import MONEY
from catalog.signals.dashboards.overview import PLATFORM
from catalog.signals.dashboards.panels import Page, Panel, Query, Row
from catalog.signals.dashboards.serving import SERVING

PAGES = (PLATFORM, SERVING, MONEY, DOORS)

__all__ = ["PAGES", "Page", "Panel", "Query", "Row"]
