"""Objects for the simulated cluster's tests, and for the same tests on a real API server."""

from __future__ import annotations

import copy
from typing import Any

Manifest = dict[str, Any]
ENFORCE = "pod-security.kubernetes.io/enforce"
SPACE = "judged"
"""The namespace in which these objects are."""


def namespace(level: str = "privileged", name: str = SPACE) -> Manifest:
    labels = {ENFORCE: level, f"{ENFORCE}-version": "v1.35"}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def thing(api_version: str, kind: str, name: str, **rest: Any) -> Manifest:
    metadata = {"name": name, "namespace": SPACE}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def pod(container: Manifest | None = None, **spec: Any) -> Manifest:
    """A pod that `restricted` lets in; `container` changes its only container."""
    safe: Manifest = {
        "name": "main",
        "image": "registry.k8s.io/pause:3.10",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    security = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    return thing(
        "v1",
        "Pod",
        "web",
        spec={"securityContext": security, "containers": [{**safe, **(container or {})}], **spec},
    )


def sized(requests: Manifest | None = None, limits: Manifest | None = None) -> Manifest:
    """A pod with these sizes."""
    sizes = {"requests": requests or {}, "limits": limits or {}}
    return pod({"resources": {key: value for key, value in sizes.items() if value}})


def deployment(of: Manifest, replicas: int = 1) -> Manifest:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": copy.deepcopy(of["spec"])}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return thing("apps/v1", "Deployment", "web", spec=spec)


def job(of: Manifest) -> Manifest:
    spec = {**copy.deepcopy(of["spec"]), "restartPolicy": "Never"}
    return thing("batch/v1", "Job", "web", spec={"template": {"spec": spec}})


def quota(**hard: str) -> Manifest:
    return thing("v1", "ResourceQuota", "quota", spec={"hard": hard})


def limit_range(**limit: Any) -> Manifest:
    item = {"type": "Container", **limit}
    return thing("v1", "LimitRange", "defaults", spec={"limits": [item]})


def claim(size: str = "10Gi", storage: str | None = None) -> Manifest:
    spec: Manifest = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": size}},
    }
    if storage is not None:
        spec["storageClassName"] = storage
    return thing("v1", "PersistentVolumeClaim", "data", spec=spec)


def service(kind: str) -> Manifest:
    return thing("v1", "Service", "web", spec={"type": kind, "ports": [{"port": 80}]})


def from_secret(name: str, key: str, *, optional: bool = False) -> Manifest:
    """A pod with a variable from a secret."""
    source = {"name": name, "key": key, **({"optional": True} if optional else {})}
    return pod({"env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": source}}]})


def mounting(volume: Manifest) -> Manifest:
    """A pod with a volume."""
    return pod(
        {"volumeMounts": [{"name": "data", "mountPath": "/data"}]},
        volumes=[{"name": "data", **volume}],
    )
