"""Monitoring: definitions first, then Prometheus, what it reads, and what it says.

Rules, dashboards and probes follow from what the stack has, so that nobody is told of the
absence of a service that was never asked for.
"""

from __future__ import annotations

from catalog.namespaces import PLATFORM
from catalog.signals.rules import Site as Signals
from components.base import Site
from components.cluster import cluster_name
from components.log_groups import group_name
from components.services import feast, mlflow, prometheus_stack
from components.services.alert_rules import AlertRulesArgs, alert_rules
from components.services.cloudwatch_exporter import CloudWatchExporterArgs, cloudwatch_exporter
from components.services.cost_metrics import CostMetricsArgs, cost_metrics
from components.services.dashboards import dashboards
from components.services.log_collector import NAMESPACE as COLLECTOR
from components.services.log_collector import log_collector
from components.services.log_pipeline import LogPipelineArgs
from components.services.model_monitors import model_monitors
from components.services.monitoring_definitions import monitoring_definitions
from components.services.plan import ServicePlan
from components.services.postgres_exporter import PostgresExporterArgs, postgres_exporter
from components.services.probes import Endpoint, ProbesArgs, probes
from components.services.prometheus_stack import PrometheusStackArgs
from infra.service_needs import STREAMS
from infra.services.entrance import oidc, public
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.settings import Settings

GIB = 1024**3


def monitoring(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """What an operator watches."""
    cluster = cluster_name(site)
    tags = {key: site.tags[key] for key in ("Project", "Environment")}
    plans = [
        monitoring_definitions(),
        prometheus_stack.prometheus_stack(_stack(settings, site, facts)),
        alert_rules(_rules(settings)),
        dashboards(),
        model_monitors(),
        log_collector(_logs(settings, site)),
        probes(_probes(settings)),
        cloudwatch_exporter(CloudWatchExporterArgs(region=site.region, tags=tags)),
        cost_metrics(CostMetricsArgs(cluster=cluster, prometheus=prometheus_stack.ADDRESS)),
    ]
    if writes(settings):
        args = PostgresExporterArgs(
            host=facts.database_host, region=site.region, prefix=site.prefix
        )
        plans.append(postgres_exporter(args))
    return plans


def _stack(settings: Settings, site: Site, facts: Facts) -> PrometheusStackArgs:
    wanted = settings.services.monitoring
    return PrometheusStackArgs(
        cluster=cluster_name(site),
        region=site.region,
        host=_host(settings),
        database_host=facts.database_host if writes(settings) else None,
        prefix=site.prefix,
        target_group_arn=facts.console_targets["grafana"] if public(settings) else None,
        oidc=oidc(settings),
        retention_days=wanted.retention_days,
        disk_gib=wanted.disk_gib,
    )


def _logs(settings: Settings, site: Site) -> LogPipelineArgs:
    """People work in teams' namespaces and in some of the platform's; the rest is ours."""
    wanted = settings.services.monitoring.logs
    ours = sorted({*PLATFORM, "kube-system"})
    return LogPipelineArgs(
        region=site.region,
        groups={stream: group_name(site, stream) for stream in STREAMS},
        platform=ours,
        collector=COLLECTOR,
        buffer_mib=wanted.buffer_mib,
        keep_health_checks=wanted.keep_health_checks,
    )


def _host(settings: Settings) -> str:
    return f"grafana.{settings.dns.domain}"


def _rules(settings: Settings) -> AlertRulesArgs:
    return AlertRulesArgs(
        site=Signals(
            runbooks=settings.services.monitoring.runbooks,
            grafana=f"https://{_host(settings)}",
            without=_absent(settings),
        ),
        facts={
            "platform:budget_monthly_usd": settings.budget.monthly_usd,
            "platform:database_storage_bytes": settings.database.storage_gib * GIB,
        },
    )


def _absent(settings: Settings) -> frozenset[str]:
    """Services of the catalogue's alerts that this stack does not run."""
    absent: set[str] = set()
    if not writes(settings):
        absent |= {"mlflow", "feast", "postgresql"}
    if not settings.services.applications.platform_api.image_digest:
        absent.add("platform-api")
    return frozenset(absent)


def _probes(settings: Settings) -> ProbesArgs:
    inside = {
        mlflow.CHART.name: Endpoint(
            url=f"http://mlflow.{mlflow.NAMESPACE}.svc/health", pods=mlflow.PODS, port=mlflow.PORT
        ),
        "feast": Endpoint(
            url=f"http://{feast.CHART.name}.{feast.NAMESPACE}.svc/health",
            pods=feast.PODS,
            port=feast.PORT,
        ),
    }
    doors = [f"https://{_host(settings)}/api/health"]
    if not writes(settings):
        return ProbesArgs(endpoints={}, consoles=doors if public(settings) else [])
    host = f"{settings.services.learning.mlflow.host}.{settings.dns.domain}"
    doors.append(f"https://{host}/health")
    return ProbesArgs(endpoints=inside, consoles=doors if public(settings) else [])
