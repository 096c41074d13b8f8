"""Argo CD's projects: what each team's applications may come from and may become.

A project takes its team's repositories to its team's namespace, as kinds that its members
could make there themselves. The default project, in which everything would be
allowed, allows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.services.plan import Object

CLUSTER = "https://kubernetes.default.svc"
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
    "trainer.kubeflow.org": ("TrainJob",),
}
"""What a team's applications may be made of, by API group. Quotas, queues, roles, accounts,
secrets and network policies are the program's."""


@dataclass(frozen=True, kw_only=True)
class TeamProject:
    """`group` is the identity provider's; None where people do not sign in by it."""

    team: str
    repositories: Sequence[str]
    group: str | None


def argo_projects(namespace: str, teams: Sequence[TeamProject]) -> list[Object]:
    """A project for each team, and the default one locked."""
    return [
        Object(name="project-default", manifest=_default(namespace)),
        *(Object(name=f"project-{one.team}", manifest=_project(namespace, one)) for one in teams),
    ]


def _default(namespace: str) -> dict[str, Any]:
    made = _manifest(namespace, "default", {"sourceRepos": [], "destinations": []})
    # Argo CD makes it when it starts, with everything allowed; this takes it over.
    made["metadata"]["annotations"] = {"pulumi.com/patchForce": "true"}
    return made


def _project(namespace: str, project: TeamProject) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "description": f"Applications of {project.team}",
        "sourceRepos": list(project.repositories),
        "destinations": [{"server": CLUSTER, "namespace": project.team}],
        "namespaceResourceWhitelist": [
            {"group": group, "kind": kind} for group, kinds in KINDS.items() for kind in kinds
        ],
        "orphanedResources": {"warn": False},
    }
    if project.group is not None:
        spec["roles"] = [_members(project.team, project.group)]
    return _manifest(namespace, project.team, spec)


def _members(team: str, group: str) -> dict[str, Any]:
    return {
        "name": "members",
        "description": f"Members of {team}",
        "groups": [group],
        "policies": [f"p, proj:{team}:members, applications, *, {team}/*, allow"],
    }


def _manifest(namespace: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": name, "namespace": namespace},
        # No project makes anything that belongs to no namespace.
        "spec": {"clusterResourceWhitelist": [], **spec},
    }
