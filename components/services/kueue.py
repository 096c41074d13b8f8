"""Kueue: training waits in queues until its team's quota, or what others leave, has room.

Its webhooks see jobs of the namespaces that are labelled for it and of no others: a controller
that is down must not keep the platform's own jobs from being made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catalog.charts import CHARTS
from components.services.answers import answers
from components.services.flows import Pods, scraped, to_api, webhook
from components.services.plan import Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources, spread

CHART = CHARTS["kueue"]
LABELS = {"app.kubernetes.io/name": CHART.name}
PODS = Pods(namespace=CHART.namespace, labels=LABELS)
WEBHOOK_PORT = 9443
VISIBILITY_PORT = 8082
METRICS_PORT = 8443

QUEUED: Mapping[str, str] = {"mlops/queued": "true"}
"""Label of namespaces whose jobs wait for admission."""
QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
"""Label by which a job, or a pod, names its queue."""
FRAMEWORKS = ("batch/job", "jobset.x-k8s.io/jobset", "trainer.kubeflow.org/trainjob", "pod")
"""Kinds that wait. Source: Kueue, configuration, integrations."""


def kueue() -> ServicePlan:
    """Two controllers, one of which leads; both answer webhooks, with cert-manager's
    certificates."""
    gate = answers(
        namespace=CHART.namespace,
        version=CHART.version,
        resource="workloads",
        probe=_probe(),
        after=("release",),
    )
    return ServicePlan(
        name="kueue",
        parts=[_release(), *gate],
        provides={"kueue.x-k8s.io": "answers"},
        flows=[
            to_api("kueue", PODS),
            webhook("kueue", PODS, WEBHOOK_PORT, VISIBILITY_PORT),
            scraped("kueue", PODS, METRICS_PORT),
        ],
    )


def _release() -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": CHART.name,
            "enablePrometheus": True,
            "enableCertManager": True,
            "controllerManager": {
                "replicas": 2,
                "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
                "topologySpreadConstraints": spread(LABELS),
                "manager": {
                    "priorityClassName": PLATFORM_CRITICAL,
                    # The chart in the source tree names images of its maker's builds.
                    "image": {
                        "repository": "registry.k8s.io/kueue/kueue",
                        "tag": CHART.app_version,
                        "pullPolicy": "IfNotPresent",
                    },
                    "resources": resources("500m", "512Mi", memory_limit="1Gi"),
                },
            },
            "managerConfig": {"controllerManagerConfigYaml": json.dumps(configuration())},
            "metrics": {"serviceMonitor": {"tlsConfig": _metrics_tls()}},
        },
        uses=("monitoring.coreos.com", "cert-manager.io"),
        after=("priorities",),
    )


def configuration() -> dict[str, Any]:
    """The controller's own configuration. Source: Kueue, configuration API v1beta2."""
    return {
        "apiVersion": "config.kueue.x-k8s.io/v1beta2",
        "kind": "Configuration",
        "health": {"healthProbeBindAddress": ":8081"},
        "metrics": {"bindAddress": f":{METRICS_PORT}", "enableClusterQueueResources": True},
        "webhook": {"port": WEBHOOK_PORT},
        "leaderElection": {"leaderElect": True, "resourceName": "c1f6bfd2.kueue.x-k8s.io"},
        "clientConnection": {"qps": 50, "burst": 100},
        "internalCertManagement": {"enable": False},
        # A pod of a model in a team's namespace names no queue, and must not wait for one;
        # that training names one is held by an admission policy.
        "manageJobsWithoutQueueName": False,
        "managedJobsNamespaceSelector": {"matchLabels": dict(QUEUED)},
        "integrations": {"frameworks": list(FRAMEWORKS)},
        # A new GPU node takes minutes; who has none after twenty lets others go first.
        "waitForPodsReady": {
            "timeout": "20m",
            "recoveryTimeout": "10m",
            "blockAdmission": False,
            "requeuingStrategy": {"backoffBaseSeconds": 60, "backoffMaxSeconds": 3600},
        },
        "objectRetentionPolicies": {"workloads": {"afterFinished": "168h"}},
    }


def _metrics_tls() -> dict[str, Any]:
    authority = {"secret": {"name": f"{CHART.name}-metrics-server-cert", "key": "ca.crt"}}
    service = f"{CHART.name}-controller-manager-metrics-service"
    return {
        "ca": authority,
        "serverName": f"{service}.{CHART.namespace}.svc",
        "insecureSkipVerify": False,
    }


def _probe() -> dict[str, Any]:
    container = {"name": "main", "image": "none:1"}
    pod = {"restartPolicy": "Never", "containers": [container]}
    return {
        "apiVersion": "kueue.x-k8s.io/v1beta2",
        "kind": "Workload",
        "metadata": {"name": "probe", "namespace": CHART.namespace},
        "spec": {"podSets": [{"name": "main", "count": 1, "template": {"spec": pod}}]},
    }
