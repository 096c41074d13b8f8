"""Where every metric comes from: what exports it, by the names that rules and dashboards use.

Sources: each exporter's own documentation or source code. MLflow's names carry the prefix that
MLflow gives to prometheus-flask-exporter; Argo's are those of version 3.6 and later; CloudWatch's
are `aws_<namespace>_<metric>_<statistic>` as yet-another-cloudwatch-exporter writes them.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.signals.expressions import jobs_of, metrics_of

SOURCES: Mapping[str, tuple[str, ...]] = {
    "prometheus": ("up", "ALERTS", "prometheus_tsdb_head_series"),
    "api-server": (
        "apiserver_request_total",
        "apiserver_request_duration_seconds_bucket",
        "apiserver_validating_admission_policy_check_total",
        "authentication_attempts",
        "pod_security_evaluations_total",
    ),
    "kubelet": (
        "kubelet_volume_stats_used_bytes",
        "kubelet_volume_stats_capacity_bytes",
        "container_cpu_usage_seconds_total",
        "container_memory_working_set_bytes",
    ),
    "kube-state-metrics": (
        "kube_cronjob_created",
        "kube_cronjob_spec_suspend",
        "kube_cronjob_status_last_successful_time",
        "kube_deployment_spec_replicas",
        "kube_deployment_status_condition",
        "kube_deployment_status_replicas_available",
        "kube_horizontalpodautoscaler_spec_max_replicas",
        "kube_horizontalpodautoscaler_spec_min_replicas",
        "kube_horizontalpodautoscaler_status_current_replicas",
        "kube_job_failed",
        "kube_job_status_start_time",
        "kube_node_status_allocatable",
        "kube_node_status_condition",
        "kube_persistentvolume_capacity_bytes",
        "kube_pod_container_resource_limits",
        "kube_pod_container_resource_requests",
        "kube_pod_container_status_last_terminated_reason",
        "kube_pod_container_status_restarts_total",
        "kube_pod_container_status_waiting_reason",
        "kube_pod_status_phase",
        "kube_resourcequota",
    ),
    "node-exporter": (
        "node_cpu_seconds_total",
        "node_filesystem_avail_bytes",
        "node_filesystem_size_bytes",
        "node_memory_MemAvailable_bytes",
        "node_memory_MemTotal_bytes",
    ),
    "platform-api": ("http_requests_total", "http_request_duration_seconds_bucket"),
    "mlflow": ("mlflow_http_request_total", "mlflow_http_request_duration_seconds_bucket"),
    "feast": (
        "feast_feature_freshness_seconds",
        "feast_feature_server_request_latency_seconds_bucket",
        "feast_feature_server_request_total",
    ),
    "model-gateway": (
        "istio_requests_total",
        "istio_request_duration_milliseconds_bucket",
        "istio_request_duration_milliseconds_sum",
    ),
    "model-server": ("request_predict_seconds_bucket",),
    "blackbox-exporter": ("probe_success", "probe_ssl_earliest_cert_expiry",
                          "probe_duration_seconds"),
    "postgres-exporter": (
        "pg_database_size_bytes",
        "pg_up",
        "pg_settings_max_connections",
        "pg_stat_activity_count",
    ),
    "lease-agent": (
        "lease_database_clock_ahead_seconds",
        "lease_fenced",
        "lease_guarded",
        "lease_held",
        "lease_looks_total",
        "lease_seconds_left",
    ),
    "cloudwatch-exporter": (
        "aws_applicationelb_httpcode_target_5_xx_count_sum",
        "aws_applicationelb_request_count_sum",
        "aws_billing_estimated_charges_maximum",
        "aws_efs_percent_iolimit_average",
        "aws_elasticache_database_memory_usage_percentage_average",
        "aws_events_matched_events_sum",
        "aws_natgateway_bytes_out_to_destination_sum",
        "aws_natgateway_error_port_allocation_sum",
        "aws_networkelb_active_flow_count_average",
        "aws_rds_cpuutilization_average",
        "aws_rds_free_storage_space_average",
        "aws_rds_replica_lag_average",
        "aws_s3_bucket_size_bytes_average",
        "aws_s3_operations_failed_replication_sum",
        "aws_s3_replication_latency_maximum",
        "aws_sqs_approximate_age_of_oldest_message_maximum",
    ),
    "opencost": (
        "container_cpu_allocation",
        "container_gpu_allocation",
        "container_memory_allocation_bytes",
        "kubecost_load_balancer_cost",
        "node_cpu_hourly_cost",
        "node_gpu_hourly_cost",
        "node_ram_hourly_cost",
        "node_total_hourly_cost",
        "pv_hourly_cost",
    ),
    "dcgm-exporter": (
        "DCGM_FI_DEV_FB_FREE",
        "DCGM_FI_DEV_FB_USED",
        "DCGM_FI_DEV_GPU_UTIL",
        "DCGM_FI_DEV_XID_ERRORS",
    ),
    "karpenter": (
        "karpenter_cloudprovider_errors_total",
        "karpenter_interruption_received_messages_total",
        "karpenter_nodepools_limit",
        "karpenter_nodepools_usage",
    ),
    "keda": ("keda_scaled_object_errors_total",),
    "argo-workflows": ("argo_workflows_error_count", "argo_workflows_gauge",
                       "argo_workflows_total_count"),
    "argo-cd": ("argocd_app_info",),
    "kueue": (
        "kueue_admitted_workloads_total",
        "kueue_cluster_queue_status",
        "kueue_pending_workloads",
    ),
    "velero": (
        "velero_backup_attempt_total",
        "velero_backup_failure_total",
        "velero_backup_last_successful_timestamp",
        "velero_backup_partial_failure_total",
        "velero_volume_snapshot_failure_total",
    ),
    "cert-manager": (
        "certmanager_certificate_expiration_timestamp_seconds",
        "certmanager_certificate_ready_status",
    ),
    "external-secrets": ("externalsecret_status_condition",),
    "fluent-bit": (
        "fluentbit_output_dropped_records_total",
        "fluentbit_output_errors_total",
        "fluentbit_output_proc_records_total",
        "fluentbit_output_retries_failed_total",
        "fluentbit_output_retries_total",
    ),
}  # fmt: skip
"""Metrics by what exports them."""

JOBS: Mapping[str, str] = {
    "apiserver": "api-server",
    "fluent-bit": "fluent-bit",
    "lease-agent": "lease-agent",
    "model-gateway": "model-gateway",
    "platform-api": "platform-api",
    **{f"probe-{name}": f"probe-{name}"
       for name in ("consoles", "feast", "mlflow", "models", "web-ui")},
}  # fmt: skip
"""Sources by the job that `up` and `probe_success` tell of: each probe is one of its own."""

SOURCE_OF: Mapping[str, str] = {
    metric: source for source, metrics in SOURCES.items() for metric in metrics
}


def sources_of(expression: str) -> frozenset[str]:
    """What has to be scraped for `expression` to be about anything; recorded figures, which are
    none of these, are left out."""
    metrics = {SOURCE_OF[name] for name in metrics_of(expression) if name in SOURCE_OF}
    return frozenset(metrics | {JOBS[job] for job in jobs_of(expression)})
