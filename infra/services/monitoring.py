"""Monitoring: definitions first, then Prometheus, what it reads, and what it says.

Rules, dashboards and probes follow from what the stack has, so that nobody is told of the
absence of a service that was never asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.namespaces import PLATFORM
from catalog.signals.backup import REPLICATES
from catalog.signals.data import RECOVERY_POINT, ROWS_AT_RISK
from catalog.signals.rules import Site as Signals
from components.base import Site
from components.cluster import cluster_name
from components.log_groups import group_name
from components.services import feast, feast_server, mlflow, prometheus_stack
from components.services.alert_rules import AlertRulesArgs, alert_rules
from components.services.application import pods
from components.services.cloudwatch_exporter import CloudWatchExporterArgs, cloudwatch_exporter
from components.services.control_monitors import control_monitors
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
from components.services.scrapes import exported
from infra.database_secrets import passwords
from infra.public_names import console_hosts, models_host
from infra.service_needs import STREAMS
from infra.services.applications import WEB_UI, WEB_UI_PORT
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
        dashboards(),
        control_monitors(serving=public(settings)),
        log_collector(_logs(settings, site)),
        probes(_probes(settings)),
        cloudwatch_exporter(CloudWatchExporterArgs(region=site.region, tags=tags)),
        cost_metrics(CostMetricsArgs(cluster=cluster, prometheus=prometheus_stack.ADDRESS)),
        postgres_exporter(_exporter(settings, site, facts)),
    ]
    if public(settings):
        plans.append(model_monitors([team.name for team in settings.teams]))
    return plans


def _exporter(settings: Settings, site: Site, facts: Facts) -> PostgresExporterArgs:
    return PostgresExporterArgs(
        host=facts.database_host, region=site.region, passwords=passwords(settings)
    )


def _stack(settings: Settings, site: Site, facts: Facts) -> PrometheusStackArgs:
    wanted = settings.services.monitoring
    return PrometheusStackArgs(
        cluster=cluster_name(site),
        region=site.region,
        host=_host(settings),
        database_host=facts.database_host,
        prefix=site.prefix,
        passwords=passwords(settings),
        replica=not writes(settings),
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
    return console_hosts(settings)["grafana"]


def rules_plan(plans: Sequence[ServicePlan], settings: Settings) -> ServicePlan:
    """The rules about what all `plans` export."""
    args = AlertRulesArgs(
        site=Signals(
            runbooks=settings.services.monitoring.runbooks,
            grafana=f"https://{_host(settings)}",
            exported=exported(plans),
        ),
        facts={
            "platform:budget_monthly_usd": settings.budget.monthly_usd,
            "platform:database_storage_bytes": settings.database.storage_gib * GIB,
            RECOVERY_POINT: settings.recovery.rpo_minutes * 60,
            REPLICATES: 0 if writes(settings) else 1,
            ROWS_AT_RISK: settings.recovery.rpo_database_minutes * 60,
        },
    )
    return alert_rules(args)


def _probes(settings: Settings) -> ProbesArgs:
    return ProbesArgs(
        endpoints=_endpoints(settings),
        consoles=[f"https://{door}" for door in _doors(settings)] if public(settings) else [],
        models=f"https://{models_host(settings.dns.domain)}/" if public(settings) else None,
    )


def _endpoints(settings: Settings) -> dict[str, Endpoint]:
    """Health endpoints of the services that have pods in this stack."""
    found: dict[str, Endpoint] = {}
    if writes(settings):
        found["mlflow"] = Endpoint(
            service="mlflow", service_port=80, path="/health", pods=mlflow.PODS, port=mlflow.PORT
        )
        found["feast"] = Endpoint(
            service=feast_server.NAME,
            service_port=feast_server.PORT,
            path="/health",
            pods=feast.PODS,
            port=feast_server.PORT,
        )
    web_ui = settings.services.applications.web_ui
    if web_ui.image_digest:
        found[WEB_UI] = Endpoint(
            service=WEB_UI,
            service_port=443 if web_ui.serves_tls else 80,
            path="/",
            pods=pods(WEB_UI),
            port=WEB_UI_PORT,
            serves_tls=web_ui.serves_tls,
        )
    return found


def _doors(settings: Settings) -> list[str]:
    """Public addresses of the consoles that have pods in this stack."""
    hosts = console_hosts(settings)
    doors = [f"{_host(settings)}/api/health"]
    if writes(settings):
        doors += [f"{hosts['mlflow']}/health", f"{hosts['argo']}/"]
    if settings.services.applications.platform_api.image_digest:
        doors.append(f"{hosts['api']}/health")
    return doors
