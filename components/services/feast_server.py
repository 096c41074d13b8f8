"""The feature server's pods: `feast serve`, at the restricted level and on a read-only root.

A pod is ready while GET /health is answered: Feast then reads its registry, without which it
serves no feature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog import writers
from catalog.images import FEAST
from components.services.cert_manager import AUTHORITY_KEY
from components.services.database_bootstrap import AUTHORITIES
from components.services.database_trust import MOUNT, volume
from components.services.pod import CONTAINER_SECURITY, PLATFORM_SERVICE, POD_SECURITY, spread

NAME = writers.FEAST.name
NAMESPACE = writers.FEAST.namespace
ACCOUNT = "feast-sa"
LABELS = {"app.kubernetes.io/name": NAME}
PORT = 6566
METRICS_PORT = 8000
AUTHORITY = "valkey-authority"
AUTHORITY_FOLDER = f"/etc/{AUTHORITY}"
AUTHORITY_PATH = f"{AUTHORITY_FOLDER}/{AUTHORITY_KEY}"
SCRATCH = "/tmp"  # noqa: S108 - in the pod
"""Where it writes its store's file and the workers' figures; nowhere else."""
COMMAND = ("feast", "serve", "--host", "0.0.0.0", "--port", str(PORT), "--metrics")  # noqa: S104
VARIABLES = {
    "DB_USER": ("database-feast", "username"),
    "DB_PASSWORD": ("database-feast", "password"),
    "VALKEY_USER": ("feast-valkey", "username"),
    "VALKEY_PASSWORD": ("feast-valkey", "password"),
}
"""What the store's file names, each with its Secret and key."""


@dataclass(frozen=True, kw_only=True)
class FeastServer:
    """`store` is feature_store.yaml in base64; `authority` is the Secret with the certificate of
    the online store's, None for one that everybody knows; `resources` are the container's."""

    store: Input[str]
    database_host: Input[str]
    region: str
    authority: str | None
    replicas: int
    resources: Mapping[str, Any]


def deployment(server: FeastServer) -> dict[str, Any]:
    """The Deployment; its count is the first one only, the scaler's afterwards."""
    pod = {
        "serviceAccountName": ACCOUNT,
        "priorityClassName": PLATFORM_SERVICE,
        "securityContext": {**POD_SECURITY, "runAsUser": 1001, "fsGroup": 1001},
        "topologySpreadConstraints": spread(LABELS),
        "terminationGracePeriodSeconds": 45,
        "containers": [_container(server)],
        "volumes": [
            {"name": "scratch", "emptyDir": {"sizeLimit": "256Mi"}},
            volume(AUTHORITIES),
            *_store_volumes(server),
        ],
    }
    return {
        **_object("apps/v1", "Deployment"),
        "spec": {
            "replicas": server.replicas,
            "selector": {"matchLabels": dict(LABELS)},
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {"metadata": {"labels": dict(LABELS)}, "spec": pod},
        },
    }


def service() -> dict[str, Any]:
    """The Service, with a port for features and one for metrics. Pulumi would wait for pods behind
    it, of which a standby has none; where there are some, it waits for the Deployment.
    Source: pulumi-kubernetes issue 605, await/service.go."""
    ports = {"http": PORT, "metrics": METRICS_PORT}
    made = _object("v1", "Service")
    return {
        **made,
        "metadata": {**made["metadata"], "annotations": {"pulumi.com/skipAwait": "true"}},
        "spec": {
            "selector": dict(LABELS),
            "ports": [
                {"name": name, "port": port, "targetPort": name} for name, port in ports.items()
            ],
        },
    }


def _object(api_version: str, kind: str) -> dict[str, Any]:
    metadata = {"name": NAME, "namespace": NAMESPACE, "labels": dict(LABELS)}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def _container(server: FeastServer) -> dict[str, Any]:
    return {
        "name": NAME,
        "image": FEAST,
        "command": list(COMMAND),
        "workingDir": SCRATCH,
        "env": _environment(server),
        "ports": [
            {"name": "http", "containerPort": PORT},
            {"name": "metrics", "containerPort": METRICS_PORT},
        ],
        **_probes(),
        # Clients forget its address before the process ends.
        "lifecycle": {"preStop": {"sleep": {"seconds": 10}}},
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": dict(server.resources),
        "volumeMounts": [
            {"name": "scratch", "mountPath": SCRATCH},
            dict(MOUNT),
            *_store_mounts(server),
        ],
    }


def _store_volumes(server: FeastServer) -> list[dict[str, Any]]:
    """The authority's certificate of a store in the cluster, and not the store's key."""
    if server.authority is None:
        return []
    items = [{"key": AUTHORITY_KEY, "path": AUTHORITY_KEY}]
    return [{"name": AUTHORITY, "secret": {"secretName": server.authority, "items": items}}]


def _store_mounts(server: FeastServer) -> list[dict[str, Any]]:
    mount = {"name": AUTHORITY, "mountPath": AUTHORITY_FOLDER, "readOnly": True}
    return [mount] if server.authority else []


def _probes() -> dict[str, Any]:
    """It starts in 10 to 60 seconds. It stops answering while its database does, and recovers by
    itself, so it is only restarted after longer than a database takes to fail over."""
    probe = {"httpGet": {"path": "/health", "port": "http"}, "timeoutSeconds": 5}
    return {
        "startupProbe": {**probe, "periodSeconds": 5, "failureThreshold": 36},
        "readinessProbe": {**probe, "periodSeconds": 10, "failureThreshold": 2},
        "livenessProbe": {**probe, "periodSeconds": 30, "failureThreshold": 10},
    }


def _environment(server: FeastServer) -> list[dict[str, Any]]:
    plain = {
        "FEATURE_STORE_YAML_BASE64": server.store,
        "DB_HOST": server.database_host,
        "AWS_REGION": server.region,
        "HOME": SCRATCH,
    }
    return [
        *({"name": name, "value": value} for name, value in plain.items()),
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
            for name, (secret, key) in VARIABLES.items()
        ),
    ]
