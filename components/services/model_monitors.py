"""What Prometheus scrapes of served models: the gateway before them, and the model servers, in
the models' namespace and in every team's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.services import kserve, model_gateway
from components.services.flows import Pods, scraped
from components.services.plan import Object, ServicePlan

JOB = "model-gateway"
"""By which rules and dashboards select the gateway's metrics."""
SERVED = "serving.kserve.io/inferenceservice"
PREDICTOR: Mapping[str, str] = {"component": "predictor"}
"""Labels that KServe gives the pods of a model; a team has other pods too."""


def model_monitors(teams: Sequence[str] = ()) -> ServicePlan:
    """Pods, not services: Istio makes the gateway's service without a port for metrics."""
    gateway = _monitor(
        JOB,
        model_gateway.NAMESPACE,
        {"matchLabels": dict(model_gateway.LABELS)},
        {
            "portNumber": model_gateway.METRICS_PORT,
            "path": "/stats/prometheus",
            "relabelings": [{"targetLabel": "job", "replacement": JOB}],
        },
    )
    servers = _monitor(
        "model-servers",
        kserve.PREDICTORS.namespace,
        {
            "matchLabels": dict(PREDICTOR),
            "matchExpressions": [{"key": SERVED, "operator": "Exists"}],
        },
        {"portNumber": kserve.PREDICTOR_PORT, "path": "/metrics"},
    )
    names = [kserve.PREDICTORS.namespace, *teams]
    servers["spec"]["namespaceSelector"] = {"matchNames": names}
    return ServicePlan(
        name="model-monitors",
        parts=[
            Object(name="gateway", manifest=gateway),
            Object(name="servers", manifest=servers),
        ],
        flows=[
            scraped(
                f"models-of-{team}", Pods(namespace=team, labels=PREDICTOR), kserve.PREDICTOR_PORT
            )
            for team in teams
        ],
    )


def _monitor(
    name: str, namespace: str, selector: Mapping[str, Any], endpoint: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": dict(selector),
            "podMetricsEndpoints": [{"interval": "30s", **endpoint}],
        },
    }
