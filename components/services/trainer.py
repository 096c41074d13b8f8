"""Kubeflow Trainer: training that outgrows one node, as sets of pods that start together.

It brings JobSet, which makes those pods; Kueue lets a whole set in or none of it.
"""

from __future__ import annotations

from typing import Any

from catalog.charts import CHARTS
from catalog.charts.learnt import contract
from components.services.answers import answers
from components.services.flows import Pods, scraped, to_api, webhook
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    POD_SECURITY,
    apart,
    disruption_budget,
    resources,
)

CHART = CHARTS["kubeflow-trainer"]
NAMESPACE = CHART.namespace
MANAGER = {"app.kubernetes.io/name": CHART.name, "app.kubernetes.io/component": "manager"}
JOBSET = {"app.kubernetes.io/name": "jobset", "app.kubernetes.io/component": "controller"}
EVERY = Pods(namespace=NAMESPACE)
WEBHOOK_PORT = 9443
METRICS_PORT = 8443


def trainer() -> ServicePlan:
    """Two of each controller, one of which leads; all answer webhooks."""
    gate = answers(
        namespace=NAMESPACE,
        version=CHART.version,
        resource="trainingruntimes",
        probe=_probe(),
        after=("release",),
    )
    return ServicePlan(
        name="trainer",
        parts=[
            _release(),
            *gate,
            # The chart has a budget for JobSet's controller, and none for its own.
            Object(name="budget", manifest=disruption_budget(CHART.name, NAMESPACE, MANAGER)),
            Object(name="monitor", manifest=_monitor()),
        ],
        provides={"trainer.kubeflow.org": "answers"},
        flows=[
            to_api("trainer", EVERY),
            webhook("trainer", EVERY, WEBHOOK_PORT),
            scraped("trainer", EVERY, METRICS_PORT),
        ],
    )


def _release() -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": CHART.name,
            "manager": {
                "replicas": 2,
                "affinity": apart(MANAGER),
                "resources": resources("100m", "256Mi", memory_limit="512Mi"),
                # Its pod has none of its own.
                "securityContext": dict(CONTAINER_SECURITY),
            },
            "jobset": {
                "install": True,
                "fullnameOverride": "jobset",
                "image": {
                    # The chart in the source tree names images of its maker's builds.
                    "repository": "registry.k8s.io/jobset/jobset",
                    "tag": f"v{contract(CHART.name)['apps']['jobset']}",
                    "pullPolicy": "IfNotPresent",
                },
                "controller": {
                    "replicas": 2,
                    "affinity": apart(JOBSET),
                    "resources": resources("100m", "128Mi", memory_limit="512Mi"),
                    "securityContext": dict(CONTAINER_SECURITY),
                    "podSecurityContext": dict(POD_SECURITY),
                    "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
                },
                "prometheus": {"enable": True},
            },
        },
        uses=("monitoring.coreos.com",),
        after=("priorities",),
    )


def _monitor() -> dict[str, Any]:
    """The manager signs the certificate of its metrics itself."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": CHART.name, "namespace": NAMESPACE},
        "spec": {
            "selector": {"matchLabels": MANAGER},
            "endpoints": [
                {
                    "port": "monitoring-port",
                    "path": "/metrics",
                    "scheme": "https",
                    "interval": "30s",
                    "tlsConfig": {"insecureSkipVerify": True},
                }
            ],
        },
    }


def _probe() -> dict[str, Any]:
    """A runtime that the validating webhook lets pass."""
    container = {"name": "node", "image": "none:1"}
    job = {
        "name": "node",
        "template": {
            "metadata": {"labels": {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}},
            "spec": {"template": {"spec": {"containers": [container]}}},
        },
    }
    return {
        "apiVersion": "trainer.kubeflow.org/v1alpha1",
        "kind": "TrainingRuntime",
        "metadata": {"name": "probe", "namespace": NAMESPACE},
        "spec": {"mlPolicy": {"numNodes": 1}, "template": {"spec": {"replicatedJobs": [job]}}},
    }
