"""An exporter that has no chart of its own here: a deployment that Prometheus scrapes.

One replica on purpose: it asks the same source, so a second one would count everything twice.
It is replaced within seconds, and a gap in its figures is no outage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi import Input

from components.services.plan import Manifest, Object
from components.services.pod import (
    CONTAINER_SECURITY,
    PLATFORM_SERVICE,
    POD_SECURITY,
    resources,
)

NAMESPACE = "monitoring"
USER = 65534


@dataclass(frozen=True, kw_only=True)
class ExporterArgs:
    """A container that answers `/metrics` and `/healthz` on `port`."""

    name: str
    image: str
    port: int
    args: Sequence[str] = ()
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, str])
    files: Mapping[str, Input[str]] = field(default_factory=dict[str, str])
    """Below `/config`."""
    scratch: Sequence[str] = ()
    """Folders that it writes to."""
    cpu: str = "50m"
    memory: str = "128Mi"
    memory_limit: str = "256Mi"
    interval: str = "1m"
    after: Sequence[str] = ()
    talks_to_api: bool = False


def exporter(args: ExporterArgs) -> list[Object]:
    """Account, files, deployment, service and monitor."""
    labels = {"app.kubernetes.io/name": args.name}
    after = ("account", *(["files"] if args.files else []), "priorities", *args.after)
    return [
        Object(name="account", manifest=_named("v1", "ServiceAccount", args.name)),
        *([Object(name="files", manifest=_files(args))] if args.files else []),
        Object(name="deployment", manifest=_deployment(args, labels), after=after),
        Object(name="service", manifest=_service(args, labels)),
        Object(name="monitor", manifest=_monitor(args, labels)),
    ]


def _named(version: str, kind: str, name: str, **rest: object) -> dict[str, Any]:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/name": name},
        },
        **rest,
    }


def _files(args: ExporterArgs) -> Manifest:
    return _named("v1", "ConfigMap", args.name, data=dict(args.files))


def _deployment(args: ExporterArgs, labels: Mapping[str, str]) -> Manifest:
    return _named(
        "apps/v1",
        "Deployment",
        args.name,
        spec={
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": _pod(args)},
        },
    )


def _pod(args: ExporterArgs) -> dict[str, Any]:
    mounts: list[dict[str, Any]] = [
        {"name": f"scratch-{place}", "mountPath": path} for place, path in enumerate(args.scratch)
    ]
    volumes: list[dict[str, Any]] = [
        {"name": f"scratch-{place}", "emptyDir": {"sizeLimit": "256Mi"}}
        for place in range(len(args.scratch))
    ]
    if args.files:
        mounts.append({"name": "files", "mountPath": "/config", "readOnly": True})
        volumes.append({"name": "files", "configMap": {"name": args.name}})
    return {
        "serviceAccountName": args.name,
        "automountServiceAccountToken": args.talks_to_api,
        "priorityClassName": PLATFORM_SERVICE,
        "securityContext": {**POD_SECURITY, "runAsUser": USER, "fsGroup": USER},
        "containers": [_container(args, mounts)],
        "volumes": volumes,
    }


def _container(args: ExporterArgs, mounts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    probe = {"httpGet": {"path": "/healthz", "port": "metrics"}}
    return {
        "name": args.name,
        "image": args.image,
        "args": list(args.args),
        "env": [{"name": name, "value": value} for name, value in args.environment.items()],
        "ports": [{"name": "metrics", "containerPort": args.port}],
        "readinessProbe": probe,
        "livenessProbe": {**probe, "initialDelaySeconds": 30, "failureThreshold": 10},
        "resources": resources(args.cpu, args.memory, memory_limit=args.memory_limit),
        "securityContext": dict(CONTAINER_SECURITY),
        "volumeMounts": list(mounts),
    }


def _service(args: ExporterArgs, labels: Mapping[str, str]) -> Manifest:
    port = {"name": "metrics", "port": args.port, "targetPort": "metrics"}
    return _named("v1", "Service", args.name, spec={"selector": dict(labels), "ports": [port]})


def _monitor(args: ExporterArgs, labels: Mapping[str, str]) -> Manifest:
    endpoint = {
        "port": "metrics",
        "interval": args.interval,
        "scrapeTimeout": "30s",
        # Its figures are about other namespaces and pods than its own.
        "honorLabels": True,
    }
    return _named(
        "monitoring.coreos.com/v1",
        "ServiceMonitor",
        args.name,
        spec={"selector": {"matchLabels": dict(labels)}, "endpoints": [endpoint]},
    )
