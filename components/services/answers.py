"""Readiness as a resource: a job that ends once the API server accepts a sample object.

A dry-run creation passes through every webhook of the object's kind, so it proves what a
Deployment's readiness does not: that the webhook is reachable and its certificate trusted.
The job repeats by itself until then; nothing sleeps.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from catalog.images import KUBECTL
from components.services.plan import Manifest, Object

DEADLINE_SECONDS = 300
ATTEMPTS = 20


def answers(
    *, namespace: str, version: str, resource: str, probe: Manifest, after: Sequence[str]
) -> tuple[Object, ...]:
    """Parts of which `answers` ends last, in `namespace`, where `probe` is created dry.

    `resource` is the probe's kind as RBAC names it (`certificates`), `version` that of the
    release: a new one asks again.
    """
    name = f"{resource.partition('.')[0]}-answers"
    group = str(probe["apiVersion"]).rpartition("/")[0]
    return (
        Object(name="answers-account", manifest=_account(name, namespace), after=tuple(after)),
        Object(name="answers-role", manifest=_role(name, namespace, group, resource)),
        Object(name="answers-binding", manifest=_binding(name, namespace)),
        Object(name="answers-probe", manifest=_probe(name, namespace, probe)),
        Object(
            name="answers",
            manifest=_job(name, namespace, version),
            after=(
                *after,
                "answers-account",
                "answers-role",
                "answers-binding",
                "answers-probe",
            ),
        ),
    )


def _metadata(name: str, namespace: str) -> dict[str, object]:
    return {"name": name, "namespace": namespace, "labels": {"app.kubernetes.io/name": name}}


def _account(name: str, namespace: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _metadata(name, namespace),
    }


def _role(name: str, namespace: str, group: str, resource: str) -> Manifest:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": _metadata(name, namespace),
        "rules": [{"apiGroups": [group], "resources": [resource], "verbs": ["create"]}],
    }


def _binding(name: str, namespace: str) -> Manifest:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": _metadata(name, namespace),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }


def _probe(name: str, namespace: str, probe: Manifest) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": _metadata(name, namespace),
        "data": {"probe.json": json.dumps(probe, sort_keys=True)},
    }


def _job(name: str, namespace: str, version: str) -> Manifest:
    suffix = version.lower().lstrip("v").replace(".", "-")
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(f"{name}-{suffix}", namespace),
        "spec": {
            "activeDeadlineSeconds": DEADLINE_SECONDS,
            "backoffLimit": ATTEMPTS,
            "template": {
                "metadata": {
                    "labels": {"app.kubernetes.io/name": name, "mlops/calls": "api-server"}
                },
                "spec": _pod(name),
            },
        },
    }


def _pod(name: str) -> dict[str, object]:
    return {
        "serviceAccountName": name,
        "restartPolicy": "OnFailure",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "ask",
                "image": KUBECTL,
                "command": ["kubectl", "create", "--dry-run=server", "-f", "/probe/probe.json"],
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "resources": {
                    "requests": {"cpu": "10m", "memory": "32Mi"},
                    "limits": {"cpu": "100m", "memory": "64Mi"},
                },
                "volumeMounts": [{"name": "probe", "mountPath": "/probe", "readOnly": True}],
            }
        ],
        "volumes": [{"name": "probe", "configMap": {"name": name}}],
    }
