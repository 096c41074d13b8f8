"""The four dashboards of the operations runbook: what each panel asks, in which unit.

Objectives and their budgets come from the model of objectives, so that a new one is drawn too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from catalog.signals.alert import Dashboard
from catalog.signals.cost import HOURLY, HOURS_PER_MONTH
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


def _panel(
    title: str, unit: Unit, about: str, *queries: tuple[str, str], red: float | None = None
) -> Panel:
    asked = [Query(expression=expression, legend=legend) for expression, legend in queries]
    return Panel(title=title, unit=unit, about=about, queries=asked, red=red)


def _figure(
    title: str,
    unit: Unit,
    about: str,
    expression: str,
    *,
    red: float | None = None,
    more_is_better: bool = False,
) -> Panel:
    return Panel(
        title=title, unit=unit, about=about, queries=[Query(expression=expression)], kind="figure",
        red=red, more_is_better=more_is_better,
    )  # fmt: skip


def _left(objective: Objective) -> Panel:
    """What three days leave of the budget, at their rate."""
    failing = f'{ratio("3d")}{{slo="{objective.name}"}}'
    return _figure(
        objective.title,
        "percentunit",
        f"Budget left at the last three days' rate; {objective.percent:g} % of 30 days may be "
        "counted on.",
        f"1 - {failing} / {objective.budget:g}",
        red=0,
        more_is_better=True,
    )


def _latencies(*names: str) -> list[tuple[str, str]]:
    return [
        (f'{LATENCY}{{slo="{one.name}"}}', f"{one.title} (objective {one.latency_ms} ms)")
        for one in OBJECTIVES
        if one.latency and (not names or one.name in names)
    ]


PLATFORM = Page(
    uid="platform-overview",
    title="Platform overview",
    rows=[
        Row(
            title="Error budgets",
            panels=[_left(objective) for objective in OBJECTIVES],
        ),
        Row(
            title="Services",
            panels=[
                _figure("Critical alerts", "short", "Alerts that page.",
                        'count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)',
                        red=1),
                _figure("Warnings", "short", "Alerts to be answered within the hour.",
                        'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)',
                        red=5),
                _panel("Share of failures", "percentunit", "Over an hour, by objective.",
                       (ratio("1h"), "{{slo}}"), red=0.05),
                _panel("95th percentile", "ms", "Of what callers wait for.", *_latencies()),
                _panel("Platform API", "reqps", "Requests by status.",
                       ('sum by (status) (rate(http_requests_total{job="platform-api"}[5m]))',
                        "{{status}}")),
                _panel("Reachable", "short", "1 where a probe succeeds.",
                       ("probe_success", "{{instance}}"),
                       ("pg_up", "PostgreSQL")),
            ],
        ),
        Row(
            title="Cluster",
            panels=[
                _panel("Nodes", "short", "By what they say of themselves.",
                       ('sum(kube_node_status_condition{condition="Ready",status="true"})',
                        "ready"),
                       ('sum(kube_node_status_condition{condition="Ready",status=~"false|unknown"})',
                        "not ready")),
                _panel("Processors in use", "percentunit", "By node.",
                       ('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
                        "{{instance}}"), red=0.8),
                _panel("Memory in use", "percentunit", "By node.",
                       ("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
                        "{{instance}}"), red=0.85),
                _panel("Pods that do not run", "short", "Pending or failed, by namespace.",
                       (('sum by (namespace, phase) '
                        '(kube_pod_status_phase{phase=~"Pending|Failed"}) > 0'),
                        "{{namespace}} {{phase}}"), red=5),
                _panel("Restarts", "short", "Within the hour, by pod.",
                       (("topk(10, sum by (namespace, pod) "
                        "(increase(kube_pod_container_status_restarts_total[1h])) > 0)"),
                        "{{namespace}}/{{pod}}"), red=5),
                _panel("Volumes", "percentunit", "How full the claims are.",
                       (("topk(10, kubelet_volume_stats_used_bytes "
                        "/ kubelet_volume_stats_capacity_bytes)"),
                        "{{namespace}}/{{persistentvolumeclaim}}"), red=0.95),
                _panel("Node pools", "percentunit", "Use of their limits.",
                       ("karpenter_nodepools_usage / (karpenter_nodepools_limit > 0)",
                        "{{nodepool}} {{resource_type}}"), red=0.9),
                _panel("API server", "reqps", "Requests by code.",
                       ("sum by (code) (rate(apiserver_request_total[5m]))", "{{code}}")),
            ],
        ),
        Row(
            title="Data",
            panels=[
                _panel("PostgreSQL's processors", "percent", "By instance.",
                       ("aws_rds_cpuutilization_average", "{{dimension_DBInstanceIdentifier}}"),
                       red=90),
                _panel("PostgreSQL's free storage", "bytes", "By instance.",
                       ("aws_rds_free_storage_space_average",
                        "{{dimension_DBInstanceIdentifier}}")),
                _panel("Connections", "short", "To PostgreSQL.",
                       ("sum by (state) (pg_stat_activity_count)", "{{state}}"),
                       ("max(pg_settings_max_connections)", "most")),
                _panel("Replicas behind", "s", "What a failover would lose.",
                       ("aws_rds_replica_lag_average", "{{dimension_DBInstanceIdentifier}}"),
                       ("aws_s3_replication_latency_maximum", "{{dimension_SourceBucket}}"),
                       red=900),
                _panel("Since the last backup", "s", "By schedule.",
                       (('time() - max by (schedule) '
                        '(velero_backup_last_successful_timestamp{schedule!=""})'),
                        "{{schedule}}"), red=93_600),
                _panel("Age of features", "s", "Since each view was last brought in.",
                       ("max by (feature_view) (feast_feature_freshness_seconds)",
                        "{{feature_view}}")),
                _panel("Workflows", "short", "Now, by phase.",
                       ("sum by (phase) (argo_workflows_gauge)", "{{phase}}")),
                _panel("Log lines", "short", "Sent to CloudWatch a second, by stream; lost ones.",
                       ("sum by (name) (rate(fluentbit_output_proc_records_total[5m]))",
                        "{{name}}"),
                       ("sum(rate(fluentbit_output_dropped_records_total[5m]))", "lost")),
                _panel("NAT", "bytes", "Out of the VPC; connections that found no port.",
                       ("sum(aws_natgateway_bytes_out_to_destination_sum)", "out"),
                       ("sum(aws_natgateway_error_port_allocation_sum)", "no port")),
            ],
        ),
    ],
)  # fmt: skip

SERVING = Page(
    uid="model-serving",
    title="Model serving",
    rows=[
        Row(
            title="Predictions",
            panels=[
                *[_left(objective) for objective in OBJECTIVES if objective.name == "kserve"],
                _panel("Rate", "reqps", "By model, at the gateway.",
                       (("sum by (destination_service_name) "
                        '(rate(istio_requests_total{job="model-gateway"}[5m]))'),
                        "{{destination_service_name}}")),
                _panel("Failures", "percentunit", "By model; a canary is a service of its own.",
                       (("sum by (destination_service_name) (rate(istio_requests_total"
                        '{job="model-gateway",response_code=~"5..|0"}[5m]))'
                        " / sum by (destination_service_name) "
                        '(rate(istio_requests_total{job="model-gateway"}[5m]))'),
                        "{{destination_service_name}}"), red=0.05),
                _panel("95th percentile", "ms", "By model, as callers see it.",
                       (("histogram_quantile(0.95, sum by (le, destination_service_name) "
                        "(rate(istio_request_duration_milliseconds_bucket"
                        '{job="model-gateway"}[5m])))'), "{{destination_service_name}}"), red=1000),
                _panel("95th percentile of the prediction alone", "s", "As the server sees it.",
                       (("histogram_quantile(0.95, sum by (le, model_name) "
                        "(rate(request_predict_seconds_bucket[5m])))"), "{{model_name}}")),
            ],
        ),
        Row(
            title="Pods and GPUs",
            panels=[
                _panel("Pods that serve", "short", "By deployment.",
                       ('kube_deployment_status_replicas_available{namespace="models"}',
                        "{{deployment}}")),
                _panel("Processors", "short", "Cores in use, by pod.",
                       (('sum by (pod) (rate(container_cpu_usage_seconds_total'
                        '{namespace="models",container!=""}[5m]))'), "{{pod}}")),
                _panel("Memory", "bytes", "By pod.",
                       (('sum by (pod) (container_memory_working_set_bytes'
                        '{namespace="models",container!=""})'), "{{pod}}")),
                _panel("GPUs", "percent", "How busy; more than 70 % is wanted in training.",
                       ("DCGM_FI_DEV_GPU_UTIL", "{{Hostname}} {{gpu}}")),
                _panel("GPU memory", "percentunit", "In use.",
                       ("DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)",
                        "{{Hostname}} {{gpu}}"), red=0.95),
                _panel("Connections", "short", "At the models' balancer.",
                       ("aws_networkelb_active_flow_count_average", "{{name}}")),
            ],
        ),
        Row(
            title="Features",
            panels=[
                _panel("Rate", "reqps", "By endpoint.",
                       (("sum by (endpoint, status) "
                        "(rate(feast_feature_server_request_total[5m]))"),
                        "{{endpoint}} {{status}}")),
                _panel("95th percentile", "ms", "Of reading features.", *_latencies("feast")),
                _panel("Online store", "percent", "Memory in use.",
                       ("aws_elasticache_database_memory_usage_percentage_average", "{{name}}"),
                       red=90),
            ],
        ),
    ],
)  # fmt: skip

MONEY = Page(
    uid="cost-tracking",
    title="Cost",
    rows=[
        Row(
            title="The cluster",
            panels=[
                _figure("An hour", "currencyUSD", "Nodes and volumes, at AWS's prices.", HOURLY),
                _figure("A month at this rate", "currencyUSD", "730 hours.",
                        f"{HOURLY} * {HOURS_PER_MONTH}"),
                _figure("Share of the budget", "percentunit", "The budget is for everything.",
                        f"{HOURLY} * {HOURS_PER_MONTH}"
                        " / on () group_left () platform:budget_monthly_usd", red=1),
                _panel("By instance type", "currencyUSD", "An hour.",
                       ("sum by (instance_type) (node_total_hourly_cost)", "{{instance_type}}")),
                _panel("GPUs", "currencyUSD", "An hour, by node.",
                       ("node_gpu_hourly_cost > 0", "{{node}}")),
                _panel("Balancers", "currencyUSD", "That services made; ours are not among them.",
                       ("sum(kubecost_load_balancer_cost)", "an hour")),
            ],
        ),
        Row(
            title="Teams",
            panels=[
                _panel("Processors and memory", "currencyUSD", "An hour, by namespace.",
                       (("sum by (namespace) (container_cpu_allocation * on (node) "
                        "group_left () max by (node) (node_cpu_hourly_cost))"
                        " + sum by (namespace) (container_memory_allocation_bytes / 1024 ^ 3"
                        " * on (node) group_left () max by (node) (node_ram_hourly_cost))"),
                        "{{namespace}}")),
                _panel("GPUs held", "short", "By namespace.",
                       ("sum by (namespace) (container_gpu_allocation) > 0", "{{namespace}}")),
                _panel("Use of quotas", "percentunit", "By namespace.",
                       (('max by (namespace, resource) (kube_resourcequota{type="used"})'
                        " / max by (namespace, resource)"
                        ' (kube_resourcequota{type="hard"} > 0)'),
                        "{{namespace}} {{resource}}"), red=0.9),
            ],
        ),
        Row(
            title="Waste",
            panels=[
                _panel("Asked for and had", "percentunit", "Requests as a share of the nodes.",
                       (("sum by (resource) (kube_pod_container_resource_requests"
                        '{resource=~"cpu|memory"}) / sum by (resource) '
                        '(kube_node_status_allocatable{resource=~"cpu|memory"})'),
                        "{{resource}}")),
                _panel("GPUs", "percent", "How busy; below 10 % for hours is an alert.",
                       ("DCGM_FI_DEV_GPU_UTIL", "{{Hostname}} {{gpu}}")),
                _panel("Buckets", "bytes", "By class of storage.",
                       (("sum by (dimension_BucketName, dimension_StorageType) "
                        "(aws_s3_bucket_size_bytes_average)"),
                        "{{dimension_BucketName}} {{dimension_StorageType}}")),
            ],
        ),
    ],
)  # fmt: skip

DOORS = Page(
    uid="security-events",
    title="Security events",
    rows=[
        Row(
            title="Who is refused",
            panels=[
                _panel("Refused requests", "reqps", "At the API server.",
                       ('sum by (code) (rate(apiserver_request_total{code=~"401|403"}[5m]))',
                        "{{code}}")),
                _panel("Authentication", "reqps", "Attempts by result.",
                       ("sum by (result) (rate(authentication_attempts[5m]))", "{{result}}")),
                _panel("Admission policies", "short", "Objects refused within the hour.",
                       (("sum by (policy) (increase("
                        "apiserver_validating_admission_policy_check_total"
                        '{enforcement_action="deny"}[1h]))'), "{{policy}}")),
                _panel("Pod Security", "short", "Pods refused within the hour.",
                       (("sum by (policy_level) (increase(pod_security_evaluations_total"
                        '{decision="deny"}[1h]))'), "{{policy_level}}")),
                _panel("Consoles", "short", "Requests, and those that failed.",
                       ("sum(aws_applicationelb_request_count_sum)", "all"),
                       ("sum(aws_applicationelb_httpcode_target_5_xx_count_sum)", "failed")),
            ],
        ),
        Row(
            title="Certificates and secrets",
            panels=[
                _panel("Certificates in the cluster", "s", "Until each expires.",
                       ("certmanager_certificate_expiration_timestamp_seconds - time()",
                        "{{exported_namespace}}/{{name}}")),
                _panel("Public certificates", "s", "Until each expires.",
                       ("probe_ssl_earliest_cert_expiry - time()", "{{instance}}")),
                _figure("Secrets that do not follow", "short", "Secrets Manager.",
                        'sum(externalsecret_status_condition{condition="Ready",status="False"})'
                        " or vector(0)", red=1),
                _figure("Certificates that are not ready", "short", "In the cluster.",
                        'sum(certmanager_certificate_ready_status{condition="False"})'
                        " or vector(0)", red=1),
                _panel("Interruption queue", "s", "Age of its oldest message.",
                       ("aws_sqs_approximate_age_of_oldest_message_maximum", "{{name}}"),
                       red=300),
            ],
        ),
        Row(
            title="Alerts",
            panels=[
                _panel("Firing", "short", "Security alerts, by name.",
                       (('count by (alertname) (ALERTS{alertstate="firing",'
                        'service=~"security|certificates|secrets"})'), "{{alertname}}")),
            ],
        ),
    ],
)  # fmt: skip

PAGES = (PLATFORM, SERVING, MONEY, DOORS)
