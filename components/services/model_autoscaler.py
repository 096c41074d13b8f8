"""How many pods a model has: by their processors' load (HPA), or by a figure of Prometheus (KEDA).

KServe makes the scaler from what stands in the InferenceService. KEDA divides what a query returns
by the target, so each query is a total of the model's pods.
Source: KServe v0.20, its KEDA reconciler and webhook; KEDA, Prometheus trigger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from components.services.model_monitors import JOB
from components.services.prometheus_stack import ADDRESS

Metric: TypeAlias = Literal["requests_per_second", "requests_in_flight", "gpu_percent"]

WINDOW = "2m"
"""Of the gateway's rates: four scrapes."""


@dataclass(frozen=True, kw_only=True)
class Hpa:
    """A HorizontalPodAutoscaler on the processors' load."""

    cpu_percent: int


@dataclass(frozen=True, kw_only=True)
class Keda:
    """A ScaledObject on a figure of Prometheus; `target` is what one pod takes of it."""

    metric: Metric
    target: int


Autoscaler: TypeAlias = Hpa | Keda


def autoscaler_class(scaler: Autoscaler) -> str:
    """The value of `serving.kserve.io/autoscalerClass`."""
    return "keda" if isinstance(scaler, Keda) else "hpa"


def scaling(scaler: Autoscaler, name: str, namespace: str) -> dict[str, Any]:
    """What stands in the predictor of the InferenceService `name`."""
    if isinstance(scaler, Hpa):
        return {"scaleMetric": "cpu", "scaleTarget": scaler.cpu_percent}
    metric = {
        "backend": "prometheus",
        "serverAddress": ADDRESS,
        "query": query(scaler.metric, name, namespace),
    }
    # KServe reads `value` alone, and KEDA takes it for each pod's share.
    target = {"type": "Value", "value": str(scaler.target)}
    return {
        "autoScaling": {
            "metrics": [{"type": "External", "external": {"metric": metric, "target": target}}]
        }
    }


def query(metric: Metric, name: str, namespace: str) -> str:
    """The PromQL of `metric` for all pods of the InferenceService `name`."""
    if metric == "gpu_percent":
        # The exporter's own pod has taken the plain names of these labels.
        pods = f'exported_namespace="{namespace}",exported_pod=~"{name}-predictor-.+"'
        return f"sum(avg by (exported_pod) (DCGM_FI_DEV_GPU_UTIL{{{pods}}}))"
    of = f'{{job="{JOB}",destination_service_name="{name}-predictor"}}[{WINDOW}]'
    if metric == "requests_per_second":
        return f"sum(rate(istio_requests_total{of}))"
    # Seconds of requests in a second are how many were open, on average.
    return f"sum(rate(istio_request_duration_milliseconds_sum{of})) / 1000"
