"""A HorizontalPodAutoscaler of a Deployment by the load of its processors.

It leaves a Deployment without pods alone, whatever its least is, and takes over once there are
some. Source: Kubernetes documentation, horizontal pod autoscaling, implicit maintenance mode.
"""

from __future__ import annotations

from typing import Any


def autoscaler(
    name: str, namespace: str, *, least: int, most: int, cpu_percent: int
) -> dict[str, Any]:
    """That of the Deployment of the same name."""
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": least,
            "maxReplicas": most,
            "metrics": [busy(cpu_percent)],
        },
    }


def busy(cpu_percent: int) -> dict[str, Any]:
    """The metric: load of the processors, in percent of what the pods ask for."""
    target = {"type": "Utilization", "averageUtilization": cpu_percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}
