"""Monitoring: definitions, Prometheus, Alertmanager, Grafana, exporters, rules, dashboards."""

from __future__ import annotations

from components.base import Site
from components.services.monitoring_definitions import monitoring_definitions
from components.services.plan import ServicePlan
from infra.services.facts import Facts
from infra.settings import Settings


def monitoring(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """What an operator watches."""
    del settings, site, facts
    return [monitoring_definitions()]
