"""Model serving: what callers of models see, the pods behind it, and the features."""

from __future__ import annotations

from catalog.signals.dashboards.panels import Page, Row, latencies, left, panel
from catalog.signals.models import BY, GATEWAY
from catalog.signals.objectives import OBJECTIVES

_MODEL = "{{destination_service_namespace}}/{{destination_service_name}}"
SERVING = Page(
    uid="model-serving",
    title="Model serving",
    rows=[
        Row(
            title="Predictions",
            panels=[
                *[left(objective) for objective in OBJECTIVES if objective.name == "kserve"],
                panel("Rate", "reqps", "By model, at the gateway.",
                      (f"sum by ({BY}) (rate(istio_requests_total{{{GATEWAY}}}[5m]))", _MODEL)),
                panel("Failures", "percentunit", "By model; a canary is a service of its own.",
                      ((f"sum by ({BY}) (rate(istio_requests_total"
                        f'{{{GATEWAY},response_code=~"5..|0"}}[5m]))'
                        f" / sum by ({BY}) (rate(istio_requests_total{{{GATEWAY}}}[5m]))"),
                       _MODEL), red=0.05),
                panel("95th percentile", "ms", "By model, as callers see it.",
                      ((f"histogram_quantile(0.95, sum by (le, {BY}) "
                        "(rate(istio_request_duration_milliseconds_bucket"
                        f"{{{GATEWAY}}}[5m])))"), _MODEL), red=1000),
                panel("95th percentile of the prediction alone", "s", "As the server sees it.",
                       (("histogram_quantile(0.95, sum by (le, model_name) "
                        "(rate(request_predict_seconds_bucket[5m])))"), "{{model_name}}")),
            ],
        ),
        Row(
            title="Pods and GPUs",
            panels=[
                panel("Pods that serve", "short", "By deployment.",
                       ('kube_deployment_status_replicas_available{deployment=~".+-predictor"}',
                        "{{namespace}}/{{deployment}}")),
                panel("Processors", "short", "Cores in use, by pod.",
                       (('sum by (namespace, pod) (rate(container_cpu_usage_seconds_total'
                        '{container="kserve-container"}[5m]))'), "{{namespace}}/{{pod}}")),
                panel("Memory", "bytes", "By pod.",
                       (('sum by (namespace, pod) (container_memory_working_set_bytes'
                        '{container="kserve-container"})'), "{{namespace}}/{{pod}}")),
                panel("GPUs", "percent", "How busy; more than 70 % is wanted in training.",
                       ("DCGM_FI_DEV_GPU_UTIL", "{{Hostname}} {{gpu}}")),
                panel("GPU memory", "percentunit", "In use.",
                       ("DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)",
                        "{{Hostname}} {{gpu}}"), red=0.95),
                panel("Connections", "short", "At the models' balancer.",
                       ("aws_networkelb_active_flow_count_average", "{{name}}")),
            ],
        ),
        Row(
            title="Features",
            panels=[
                panel("Rate", "reqps", "By endpoint.",
                       (("sum by (endpoint, status) "
                        "(rate(feast_feature_server_request_total[5m]))"),
                        "{{endpoint}} {{status}}")),
                panel("95th percentile", "ms", "Of reading features.", *latencies("feast")),
                panel("Online store", "percent", "Memory in use.",
                       ("aws_elasticache_database_memory_usage_percentage_average", "{{name}}"),
                       red=90),
            ],
        ),
    ],
)  # fmt: skip
