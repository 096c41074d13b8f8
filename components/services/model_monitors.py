"""What Prometheus scrapes of served models: the gateway before them, and the model servers."""

from __future__ import annotations

from typing import Any

from components.services import kserve, model_gateway
from components.services.plan import Object, ServicePlan

JOB = "model-gateway"
"""By which rules and dashboards select the gateway's metrics."""


def model_monitors() -> ServicePlan:
    """Pods, not services: Istio makes the gateway's service without a port for metrics."""
    gateway = _monitor(
        JOB,
        model_gateway.NAMESPACE,
        model_gateway.LABELS,
        {
            "portNumber": model_gateway.METRICS_PORT,
            "path": "/stats/prometheus",
            "relabelings": [{"targetLabel": "job", "replacement": JOB}],
        },
    )
    servers = _monitor(
        "model-servers",
        kserve.PREDICTORS.namespace,
        kserve.PREDICTORS.labels,
        {"portNumber": kserve.PREDICTOR_PORT, "path": "/metrics"},
    )
    return ServicePlan(
        name="model-monitors",
        parts=[
            Object(name="gateway", manifest=gateway),
            Object(name="servers", manifest=servers),
        ],
    )


def _monitor(name: str, namespace: str, labels: Any, endpoint: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "podMetricsEndpoints": [{"interval": "30s", **endpoint}],
        },
    }
