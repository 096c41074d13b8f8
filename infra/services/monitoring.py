"""Monitoring: definitions first, then Prometheus, Alertmanager and Grafana."""

from __future__ import annotations

from components.base import Site
from components.cluster import cluster_name
from components.services.monitoring_definitions import monitoring_definitions
from components.services.plan import ServicePlan
from components.services.prometheus_stack import PrometheusStackArgs, prometheus_stack
from infra.services.entrance import oidc, public
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.settings import Settings


def monitoring(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """What an operator watches."""
    wanted = settings.services.monitoring
    args = PrometheusStackArgs(
        cluster=cluster_name(site),
        region=site.region,
        host=f"grafana.{settings.dns.domain}",
        database_host=facts.database_host if writes(settings) else None,
        prefix=site.prefix,
        target_group_arn=facts.console_targets["grafana"] if public(settings) else None,
        oidc=oidc(settings),
        retention_days=wanted.retention_days,
        disk_gib=wanted.disk_gib,
    )
    return [monitoring_definitions(), prometheus_stack(args)]
