"""The log collector: Fluent Bit on every node, from the nodes' files and journal to CloudWatch.

A daemon set of our own: it needs one file of configuration, and read access to three folders.
It runs as root, as only root may read those, and with no capability beside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from catalog.images import FLUENT_BIT
from components.services.flows import Flow, Pods, scraped, to_api, to_aws
from components.services.log_pipeline import (
    FILES,
    JOURNAL,
    PORT,
    STATE,
    LogPipelineArgs,
    pipeline,
)
from components.services.plan import Manifest, Object, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    PLATFORM_CRITICAL,
    resources,
    service_monitor,
)

NAME = "fluent-bit"
"""The service account's name too: the identity `logs` is bound to it."""
NAMESPACE = "logging"
LABELS = {"app.kubernetes.io/name": NAME}
PODS = Pods(namespace=NAMESPACE, labels=LABELS)
CONFIGURATION = "/fluent-bit/configuration"
FILE = "fluent-bit.yaml"
METRICS = "/api/v2/metrics/prometheus"
READ = {"containers": FILES, "pods": "/var/log/pods", "journal": JOURNAL}
"""Folders of the node; the files of the first are links into the second."""


def log_collector(args: LogPipelineArgs) -> ServicePlan:
    """The collector, with the identity of the workload `logs`."""
    text = yaml.safe_dump(pipeline(args), sort_keys=False, width=1000)
    return ServicePlan(
        name="log-collector",
        parts=[
            Object(name="account", manifest=_object("v1", "ServiceAccount")),
            *_reads_pods(),
            Object(name="configuration", manifest=_object("v1", "ConfigMap", data={FILE: text})),
            Object(
                name="collector",
                manifest=_daemon_set(text),
                after=("account", "binding", "configuration", "priorities", "@identity/logs",
                       "@logs"),
            ),
            Object(name="service", manifest=_service()),
            Object(name="monitor", manifest=_monitor()),
        ],
        flows=_flows(),
    )  # fmt: skip


def _object(version: str, kind: str, **rest: Any) -> dict[str, Any]:
    metadata = {"name": NAME, "namespace": NAMESPACE, "labels": LABELS}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def _reads_pods() -> list[Object]:
    """It asks for one pod at a time, by name, and lists nothing."""
    group = "rbac.authorization.k8s.io"
    name = {"name": "fluent-bit-reads-pods", "labels": LABELS}
    rule = {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get"]}
    role = {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": name, "rules": [rule]}
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": name,
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name["name"]},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
    }
    return [
        Object(name="role", manifest=role),
        Object(name="binding", manifest=binding, after=("role", "account")),
    ]


def _daemon_set(text: str) -> Manifest:
    # Pods are replaced when the file changes: Fluent Bit reads it once.
    marks = {"checksum/configuration": hashlib.sha256(text.encode()).hexdigest()}
    return _object(
        "apps/v1",
        "DaemonSet",
        spec={
            "selector": {"matchLabels": LABELS},
            "minReadySeconds": 10,
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": "10%"},
            },
            "template": {"metadata": {"labels": LABELS, "annotations": marks}, "spec": _pod()},
        },
    )


def _pod() -> dict[str, Any]:
    return {
        "serviceAccountName": NAME,
        "priorityClassName": PLATFORM_CRITICAL,
        # Longer than its own grace period, in which it sends what it holds.
        "terminationGracePeriodSeconds": 30,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        # Every node, whatever its taints: GPU nodes, and those that are not ready yet.
        "tolerations": [{"operator": "Exists"}],
        "securityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [_container()],
        "volumes": _volumes(),
    }


def _container() -> dict[str, Any]:
    alive = {"httpGet": {"path": "/api/v1/uptime", "port": "metrics"}}
    return {
        "name": NAME,
        "image": FLUENT_BIT,
        "command": ["/fluent-bit/bin/fluent-bit"],
        "args": [f"--config={CONFIGURATION}/{FILE}"],
        "env": [
            {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        ],
        "ports": [{"name": "metrics", "containerPort": PORT}],
        "readinessProbe": alive,
        "livenessProbe": {**alive, "initialDelaySeconds": 30, "failureThreshold": 6},
        "resources": resources("50m", "128Mi", memory_limit="384Mi"),
        "securityContext": {**CONTAINER_SECURITY, "runAsNonRoot": False},
        "volumeMounts": [
            {"name": "configuration", "mountPath": CONFIGURATION, "readOnly": True},
            *({"name": one, "mountPath": path, "readOnly": True} for one, path in READ.items()),
            {"name": "state", "mountPath": STATE},
        ],
    }


def _volumes() -> list[dict[str, Any]]:
    """Folders are made where they are missing: a node without journal on disk has none."""
    folders: Mapping[str, str] = {**READ, "state": STATE}
    made = [
        {"name": one, "hostPath": {"path": path, "type": "DirectoryOrCreate"}}
        for one, path in folders.items()
    ]
    return [{"name": "configuration", "configMap": {"name": NAME}}, *made]


def _service() -> Manifest:
    port = {"name": "metrics", "port": PORT, "targetPort": "metrics"}
    spec = {"clusterIP": "None", "selector": LABELS, "ports": [port]}
    return _object("v1", "Service", spec=spec)


def _monitor() -> Manifest:
    return service_monitor(NAME, NAMESPACE, LABELS, "metrics", METRICS)


def _flows() -> list[Flow]:
    return [to_api(NAME, PODS), *to_aws(NAME, PODS), scraped(NAME, PODS, PORT)]
