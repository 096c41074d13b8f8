"""The platform overview: budgets, health, MLflow, the cluster, and what must not be lost.

Objectives come from their model, so that a new one is drawn too.
"""

from __future__ import annotations

from catalog.signals.dashboards.panels import Page, Row, figure, latencies, left, panel
from catalog.signals.data import RECOVERY_POINT
from catalog.signals.objectives import OBJECTIVES, ratio

PLATFORM = Page(
    uid="platform-overview",
    title="Platform overview",
    rows=[
        Row(
            title="Error budgets",
            panels=[left(objective) for objective in OBJECTIVES],
        ),
        Row(
            title="Services",
            panels=[
                figure("Critical alerts", "short", "Alerts that page.",
                        'count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)',
                        red=1),
                figure("Warnings", "short", "Alerts to be answered within the hour.",
                        'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)',
                        red=5),
                panel("Share of failures", "percentunit", "Over an hour, by objective.",
                       (ratio("1h"), "{{slo}}"), red=0.05),
                panel("95th percentile", "ms", "Of what callers wait for.", *latencies()),
                panel("Platform API", "reqps", "Requests by status.",
                       ('sum by (status) (rate(http_requests_total{job="platform-api"}[5m]))',
                        "{{status}}")),
                panel("Reachable", "short", "1 where a probe succeeds.",
                       ("probe_success", "{{instance}}"),
                       ("pg_up", "PostgreSQL")),
            ],
        ),
        Row(
            title="MLflow",
            panels=[
                *[left(objective) for objective in OBJECTIVES if objective.name == "mlflow"],
                panel("Requests", "reqps", "By status.",
                      ("sum by (status) (rate(mlflow_http_request_total[5m]))", "{{status}}")),
                panel("Failures", "percentunit", "Share of requests, over five minutes.",
                      (f'{ratio("5m")}{{slo="mlflow"}}', "failed"), red=0.05),
                panel("MLflow's 95th percentile", "ms", "Of what callers wait for.",
                      *latencies("mlflow")),
            ],
        ),
        Row(
            title="Cluster",
            panels=[
                panel("Nodes", "short", "By what they say of themselves.",
                       ('sum(kube_node_status_condition{condition="Ready",status="true"})',
                        "ready"),
                       ('sum(kube_node_status_condition{condition="Ready",status=~"false|unknown"})',
                        "not ready")),
                panel("Processors in use", "percentunit", "By node.",
                       ('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
                        "{{instance}}"), red=0.8),
                panel("Memory in use", "percentunit", "By node.",
                       ("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
                        "{{instance}}"), red=0.85),
                panel("Pods that do not run", "short", "Pending or failed, by namespace.",
                       (('sum by (namespace, phase) '
                        '(kube_pod_status_phase{phase=~"Pending|Failed"}) > 0'),
                        "{{namespace}} {{phase}}"), red=5),
                panel("Restarts", "short", "Within the hour, by pod.",
                       (("topk(10, sum by (namespace, pod) "
                        "(increase(kube_pod_container_status_restarts_total[1h])) > 0)"),
                        "{{namespace}}/{{pod}}"), red=5),
                panel("Volumes", "percentunit", "How full the claims are.",
                       (("topk(10, kubelet_volume_stats_used_bytes "
                        "/ kubelet_volume_stats_capacity_bytes)"),
                        "{{namespace}}/{{persistentvolumeclaim}}"), red=0.95),
                panel("Node pools", "percentunit", "Use of their limits.",
                       ("karpenter_nodepools_usage / (karpenter_nodepools_limit > 0)",
                        "{{nodepool}} {{resource_type}}"), red=0.9),
                panel("API server", "reqps", "Requests by code.",
                       ("sum by (code) (rate(apiserver_request_total[5m]))", "{{code}}")),
            ],
        ),
        Row(
            title="Data",
            panels=[
                panel("PostgreSQL's processors", "percent", "By instance.",
                       ("aws_rds_cpuutilization_average", "{{dimension_DBInstanceIdentifier}}"),
                       red=90),
                panel("PostgreSQL's free storage", "bytes", "By instance.",
                       ("aws_rds_free_storage_space_average",
                        "{{dimension_DBInstanceIdentifier}}")),
                panel("Connections", "short", "To PostgreSQL.",
                       ("sum by (state) (pg_stat_activity_count)", "{{state}}"),
                       ("max(pg_settings_max_connections)", "most")),
                panel("Replicas behind", "s", "What a failover would lose.",
                       ("aws_rds_replica_lag_average", "{{dimension_DBInstanceIdentifier}}"),
                       ("aws_s3_replication_latency_maximum", "{{dimension_SourceBucket}}"),
                       (RECOVERY_POINT, "what may be lost")),
                panel("Since the last backup", "s", "By schedule.",
                       (('time() - max by (schedule) '
                        '(velero_backup_last_successful_timestamp{schedule!=""})'),
                        "{{schedule}}"), red=93_600),
                panel("Age of features", "s", "Since each view was last brought in.",
                       ("max by (feature_view) (feast_feature_freshness_seconds)",
                        "{{feature_view}}")),
                panel("Workflows", "short", "Now, by phase.",
                       ("sum by (phase) (argo_workflows_gauge)", "{{phase}}")),
                panel("Log lines", "short", "Sent to CloudWatch a second, by stream; lost ones.",
                       ("sum by (name) (rate(fluentbit_output_proc_records_total[5m]))",
                        "{{name}}"),
                       ("sum(rate(fluentbit_output_dropped_records_total[5m]))", "lost")),
                panel("NAT", "bytes", "Out of the VPC; connections that found no port.",
                       ("sum(aws_natgateway_bytes_out_to_destination_sum)", "out"),
                       ("sum(aws_natgateway_error_port_allocation_sum)", "no port")),
            ],
        ),
    ],
)  # fmt: skip
