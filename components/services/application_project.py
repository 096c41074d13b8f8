"""A team's project in Argo CD: its applications stay in its namespace, and make what its members
could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.charts import CHARTS
from components.services.plan import Object

NAMESPACE = CHARTS["argo-cd"].namespace
HERE = "https://kubernetes.default.svc"

KINDS: Mapping[str, Sequence[str]] = {
    "": ("ConfigMap", "PersistentVolumeClaim", "Service"),
    "apps": ("Deployment", "StatefulSet"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "argoproj.io": ("CronWorkflow", "Workflow", "WorkflowTemplate"),
    "batch": ("CronJob", "Job"),
    "gateway.networking.k8s.io": ("HTTPRoute",),
    "keda.sh": ("ScaledJob", "ScaledObject"),
    "policy": ("PodDisruptionBudget",),
    "serving.kserve.io": ("InferenceGraph", "InferenceService"),
}
"""By API group. Quotas, roles, accounts, secrets and network policies are the program's."""


def project(team: str) -> Object:
    """The project `team`."""
    return Object(
        name=f"project-{team}",
        manifest={
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "AppProject",
            "metadata": {"name": team, "namespace": NAMESPACE},
            "spec": {
                "description": f"Applications of the team {team}",
                "sourceRepos": ["*"],
                "destinations": [{"server": HERE, "namespace": team}],
                "clusterResourceWhitelist": [],
                "namespaceResourceWhitelist": [
                    {"group": group, "kind": kind}
                    for group, kinds in KINDS.items()
                    for kind in kinds
                ],
            },
        },
    )
