"""The platform's namespaces, each at its Pod Security level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.namespaces import PodSecurity
from components.services.plan import Object

ENFORCE = "pod-security.kubernetes.io/enforce"
SERVED_BY_GATEWAY = "mlops/models"
"""Label of namespaces whose routes the models' gateway takes."""
COMPLETED = "mlops/defaults"
"""Label of namespaces whose limit range completes containers that ask for nothing."""
DEFAULT_REQUEST = {"cpu": "100m", "memory": "128Mi"}
DEFAULT_LIMIT = {"memory": "512Mi"}
"""Memory alone: a default limit on processors would refuse every pod that requests more."""


def namespace(
    name: str, level: PodSecurity, kubernetes: str, labels: Mapping[str, str] | None = None
) -> Object:
    """A namespace at `level`, as `kubernetes` (`1.35`) defines it: a newer version of the
    cluster must not evict what ran before.

    It goes before the storage driver does: the claims that stateful sets leave behind go with
    it, and only the driver deletes their volumes."""
    return Object(
        name=f"namespace-{name}",
        manifest={
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": name,
                "labels": {**_security(level, kubernetes), **(labels or {})},
            },
        },
        after=("@storage",),
    )


def _security(level: PodSecurity, kubernetes: str) -> dict[str, str]:
    """Enforced at the level; told of everything that is not restricted."""
    return {
        ENFORCE: level,
        f"{ENFORCE}-version": f"v{kubernetes}",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    }


def limit_range(namespace_name: str) -> dict[str, Any]:
    """Defaults for containers that ask for nothing, such as init containers of charts: without
    them a quota refuses their pods."""
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "defaults", "namespace": namespace_name},
        "spec": {
            "limits": [
                {
                    "type": "Container",
                    "defaultRequest": dict(DEFAULT_REQUEST),
                    "default": dict(DEFAULT_LIMIT),
                }
            ]
        },
    }


def quota(namespace_name: str, hard: Mapping[str, str]) -> dict[str, Any]:
    """The most that a namespace may ask for; entrances from outside are the platform's."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": namespace_name},
        "spec": {"hard": {**hard, "services.loadbalancers": "0", "services.nodeports": "0"}},
    }
