"""Pieces of pod specifications that every service shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLATFORM_CRITICAL = "platform-critical"
"""Priority class of what the cluster cannot work without."""
PLATFORM_SERVICE = "platform-service"
"""Priority class of the services that people use."""

ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"

POD_SECURITY: Mapping[str, Any] = {
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""What the restricted Pod Security level asks of a pod."""

CONTAINER_SECURITY: Mapping[str, Any] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""What it asks of a container, and a root file system that nobody writes to."""


def resources(
    cpu: str, memory: str, *, cpu_limit: str | None = None, memory_limit: str | None = None
) -> dict[str, Any]:
    """Requests and limits, as Kubernetes quantities; memory is limited to its request and a
    processor is not limited, unless given."""
    limits = {"memory": memory_limit or memory} | ({"cpu": cpu_limit} if cpu_limit else {})
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": limits}


def spread(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Constraints that put the pods with these labels on different zones, then nodes.

    Zones are a wish: losing one must not keep the rest from starting elsewhere.
    """
    selector = {"matchLabels": dict(labels)}
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": selector,
        }
        for key in (ZONE, HOST)
    ]


def apart(labels: Mapping[str, str]) -> dict[str, Any]:
    """Affinity for charts that take no constraints of spread: nodes apart as a wish, zones
    before them."""
    terms = [
        {
            "weight": weight,
            "podAffinityTerm": {"topologyKey": key, "labelSelector": {"matchLabels": dict(labels)}},
        }
        for weight, key in ((100, ZONE), (50, HOST))
    ]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}}


def disruption_budget(name: str, namespace: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """A PodDisruptionBudget: one pod at a time."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": dict(labels)},
            # A pod that never becomes ready must not hold up a node that drains.
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }


def service_monitor(
    name: str,
    namespace: str,
    labels: Mapping[str, str],
    port: str,
    path: str = "/metrics",
    sign_in: str | None = None,
    tls: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A ServiceMonitor: Prometheus scrapes `port` of the services with these labels.

    `sign_in` is the Secret with `username` and `password`, where the server asks for them; `tls`
    is how a server that serves TLS is verified.
    """
    users = {key: {"name": sign_in, "key": key} for key in ("username", "password")}
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "endpoints": [
                {
                    "port": port,
                    "path": path,
                    "interval": "30s",
                    **({"basicAuth": users} if sign_in else {}),
                    **({"scheme": "https", "tlsConfig": dict(tls)} if tls else {}),
                }
            ],
        },
    }
