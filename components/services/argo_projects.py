"""Argo CD's projects: what each team's applications may come from and may become.

A project takes its team's repositories to its team's namespace, and nothing that the platform
decides there: quotas, policies, roles. The default project, in which everything would be
allowed, allows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.services.plan import Object

CLUSTER = "https://kubernetes.default.svc"
THE_PLATFORMS: Mapping[str, Sequence[str]] = {
    "": ("ResourceQuota", "LimitRange", "ServiceAccount"),
    "networking.k8s.io": ("NetworkPolicy",),
    "rbac.authorization.k8s.io": ("Role", "RoleBinding"),
    "kueue.x-k8s.io": ("LocalQueue",),
    "elbv2.k8s.aws": ("TargetGroupBinding",),
    "external-secrets.io": ("ExternalSecret", "SecretStore", "PushSecret"),
}
"""Kinds of a team's namespace that are made with the platform."""


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
        "namespaceResourceBlacklist": [
            {"group": group, "kind": kind}
            for group, kinds in THE_PLATFORMS.items()
            for kind in kinds
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
