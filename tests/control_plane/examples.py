"""Objects that an admission policy must refuse, and a sound pod that all of them let pass."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Manifest = dict[str, Any]
NAMESPACE = "logging"
"""Privileged by its Pod Security level, so that only our policies judge; for host access, see
`PLAIN`."""
PLAIN = "admission-probe"
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mlops-platform"
DIGEST = "sha256:" + "0" * 64
GPU = "nvidia.com/gpu"
QUEUED = {"kueue.x-k8s.io/queue-name": "training"}


def pod(namespace: str = NAMESPACE) -> Manifest:
    """A pod that every policy lets pass."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "probe", "namespace": namespace},
        "spec": {
            "containers": [
                {
                    "name": "main",
                    "image": "registry.k8s.io/pause:3.10",
                    "resources": {
                        "requests": {"cpu": "10m", "memory": "16Mi"},
                        "limits": {"memory": "16Mi"},
                    },
                }
            ]
        },
    }


def with_container(namespace: str = NAMESPACE, **changed: Any) -> Manifest:
    made = copy.deepcopy(pod(namespace))
    made["spec"]["containers"][0] |= changed
    return made


def with_spec(namespace: str = NAMESPACE, **changed: Any) -> Manifest:
    made = copy.deepcopy(pod(namespace))
    made["spec"] |= changed
    return made


def deployment(of: Manifest) -> Manifest:
    labels = {"app": "probe"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": of["metadata"],
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": of["spec"]},
        },
    }


def cron_job(of: Manifest) -> Manifest:
    template = {"spec": {**of["spec"], "restartPolicy": "Never"}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": of["metadata"],
        "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": template}}},
    }


def service(**spec: Any) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "probe", "namespace": NAMESPACE},
        "spec": {"ports": [{"port": 80}], "selector": {"app": "probe"}, **spec},
    }


def ingress(annotations: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "probe", "namespace": NAMESPACE, "annotations": annotations},
        "spec": {"defaultBackend": {"service": {"name": "probe", "port": {"number": 80}}}},
    }


def model(**resources: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "probe", "namespace": "models"},
        "spec": {
            "predictor": {
                "model": {"modelFormat": {"name": "sklearn"}, "resources": resources},
            }
        },
    }


def restricted(namespace: str, **changed: Any) -> Manifest:
    """A pod for a namespace in which people work, as its Pod Security level wants it."""
    security = {
        "runAsNonRoot": True,
        "runAsUser": 1000,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    made = with_container(namespace, securityContext=security)
    made["spec"] |= changed
    return made


def restricted_with(namespace: str, **changed: Any) -> Manifest:
    """As `restricted`, with its container changed."""
    made = restricted(namespace)
    made["spec"]["containers"][0] |= changed
    return made


def first(**changed: Any) -> list[Manifest]:
    """An init container with a size, changed."""
    return [{**pod()["spec"]["containers"][0], "name": "first", **changed}]


def route(namespace: str, *hostnames: str, **rule: Any) -> Manifest:
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "probe", "namespace": namespace},
        "spec": {
            "parentRefs": [{"name": "models", "namespace": "istio-system"}],
            "hostnames": list(hostnames),
            "rules": [{"backendRefs": [{"name": "probe", "port": 80}], **rule}],
        },
    }


def annotated(made: Manifest, key: str, value: str) -> Manifest:
    made["metadata"]["annotations"] = {key: value}
    return made


def volume(source: Manifest) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "probe"},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "",
            **source,
        },
    }


def velero(kind: str, **spec: Any) -> Manifest:
    return {
        "apiVersion": "velero.io/v1",
        "kind": kind,
        "metadata": {"name": "probe", "namespace": "velero"},
        "spec": spec,
    }


HOOKS = {
    "resources": [
        {"name": "probe", "pre": [{"exec": {"container": "main", "command": ["cat", "/token"]}}]}
    ]
}
HOST = "models.mlops-platform.com"
OURS = f"churn-data-science.{HOST}"


def with_gpu(labels: dict[str, str]) -> Manifest:
    sizes = {"cpu": "1", "memory": "1Gi", GPU: "1"}
    made = restricted_with("training", resources={"requests": sizes, "limits": sizes})
    made["metadata"]["labels"] = labels
    return made


def job(labels: dict[str, str], namespace: str = "training") -> Manifest:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "probe", "namespace": namespace, "labels": labels},
        "spec": {"template": {"spec": restricted("training", restartPolicy="Never")["spec"]}},
    }


def train_job(labels: dict[str, str]) -> Manifest:
    return {
        "apiVersion": "trainer.kubeflow.org/v1alpha1",
        "kind": "TrainJob",
        "metadata": {"name": "probe", "namespace": "training", "labels": labels},
        "spec": {"runtimeRef": {"name": "torch-distributed"}},
    }


def brought_in(namespace: str, key: str) -> Manifest:
    """A secret of the stack's, wanted in a namespace."""
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "probe", "namespace": namespace},
        "spec": {
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": "secrets-manager"},
            "target": {"name": "probe"},
            "data": [{"secretKey": "password", "remoteRef": {"key": key, "property": "password"}}],
        },
    }


BAD: list[tuple[str, Callable[[], Manifest]]] = [
    ("pinned-images", lambda: with_container(image="nginx")),
    ("pinned-images", lambda: with_container(image="nginx:latest")),
    ("pinned-images", lambda: with_container(image="registry:5000/nginx")),
    ("pinned-images", lambda: deployment(with_container(image="nginx:latest"))),
    ("pinned-images", lambda: cron_job(with_container(image="nginx"))),
    (
        "pinned-images",
        lambda: with_spec(initContainers=first(image="busybox")),
    ),
    (
        "pinned-images",
        lambda: with_spec(initContainers=first(image="busybox", restartPolicy="Always")),
    ),
    ("own-images-by-digest", lambda: with_container(image=f"{REGISTRY}/platform-api:1.0")),
    ("requests-and-limits", lambda: with_container(resources={})),
    (
        "requests-and-limits",
        lambda: with_container(resources={"requests": {"cpu": "1", "memory": "1Gi"}}),
    ),
    (
        "requests-and-limits",
        lambda: deployment(with_container(resources={"limits": {"memory": "1Gi"}})),
    ),
    ("requests-and-limits", lambda: with_spec(initContainers=first(resources={}))),
    (
        "requests-and-limits",
        lambda: with_spec(initContainers=first(resources={}, restartPolicy="Always")),
    ),
    (
        "requests-and-limits",
        lambda: deployment(
            restricted_with("data-science", resources={"requests": {"memory": "2Gi"}})
        ),
    ),
    ("own-priorities", lambda: restricted("data-science", priorityClassName="platform-critical")),
    ("own-priorities", lambda: restricted("models", priorityClassName="platform-service")),
    ("own-priorities", lambda: restricted("training", priorityClassName="system-node-critical")),
    ("own-priorities", lambda: restricted("training", priorityClassName="serving")),
    ("own-priorities", lambda: with_spec(PLAIN, priorityClassName="system-cluster-critical")),
    (
        "own-priorities",
        lambda: deployment(restricted("data-science", priorityClassName="platform-critical")),
    ),
    ("own-hostnames", lambda: route("data-science")),
    ("own-hostnames", lambda: route("data-science", f"churn-models.{HOST}")),
    ("own-hostnames", lambda: route("data-science", f"churn-ml-engineering.{HOST}")),
    ("own-hostnames", lambda: route("data-science", f"*.{HOST}")),
    (
        "own-hostnames",
        lambda: route("data-science", OURS, "grafana.mlops-platform.com"),
    ),
    (
        "own-hostnames",
        lambda: annotated(
            route("data-science", OURS),
            "external-dns.alpha.kubernetes.io/hostname",
            "login.mlops-platform.com",
        ),
    ),
    (
        "own-backends",
        lambda: route("data-science", OURS, backendRefs=[
            {"group": "networking.istio.io", "kind": "Hostname", "port": 80,
             "name": "mlflow.mlops-platform.svc.cluster.local"}]),
    ),
    (
        "own-backends",
        lambda: route("data-science", OURS, backendRefs=[
            {"name": "mlflow", "namespace": "mlops-platform", "port": 80}]),
    ),
    (
        "own-backends",
        lambda: route("data-science", OURS, filters=[
            {"type": "RequestMirror",
             "requestMirror": {"backendRef": {"name": "probe", "port": 80}}}]),
    ),
    ("volumes-by-driver", lambda: volume({"hostPath": {"path": "/"}})),
    ("volumes-by-driver", lambda: volume({"nfs": {"server": "10.0.0.1", "path": "/"}})),
    ("backups-without-hooks", lambda: velero("Backup", hooks=HOOKS)),
    ("backups-without-hooks", lambda: velero("Schedule", schedule="0 0 * * *",
                                             template={"hooks": HOOKS})),
    (
        "backups-without-hooks",
        lambda: velero("Restore", backupName="b",
                       resourceModifier={"kind": "ConfigMap", "name": "rewrite"}),
    ),
    ("no-host-access", lambda: with_container(PLAIN, securityContext={"privileged": True})),
    ("no-host-access", lambda: with_spec(PLAIN, hostNetwork=True)),
    ("no-host-access", lambda: with_spec(PLAIN, hostPID=True)),
    (
        "no-host-access",
        lambda: deployment(
            with_spec(PLAIN, volumes=[{"name": "host", "hostPath": {"path": "/var"}}])
        ),
    ),
    ("gpu-limit-is-request", lambda: model(limits={GPU: "2"}, requests={GPU: "1"})),
    ("gpu-limit-is-request", lambda: model(requests={GPU: "1"})),
    ("own-secrets", lambda: brought_in("training", "mlops-platform-production-db-mlflow")),
    ("own-secrets", lambda: brought_in("data-science", "mlops-platform-production-postgres")),
    ("queued-training", lambda: job({})),
    ("queued-training", lambda: train_job({})),
    ("queued-training", lambda: with_gpu({})),
    ("internal-load-balancers", lambda: service(type="LoadBalancer")),
    ("internal-ingresses", lambda: ingress({})),
    (
        "internal-ingresses",
        lambda: ingress({"alb.ingress.kubernetes.io/scheme": "internet-facing"}),
    ),
]  # fmt: skip
"""Policy, and an object that it refuses."""

GOOD: list[Callable[[], Manifest]] = [
    lambda: brought_in("training", "mlops-platform-production-mlflow-training"),
    pod,
    lambda: deployment(pod()),
    lambda: cron_job(pod()),
    lambda: with_container(image=f"{REGISTRY}/platform-api@{DIGEST}"),
    lambda: with_container(image=f"registry:5000/nginx:1.29@{DIGEST}"),
    lambda: with_container(image="registry:5000/nginx:1.29"),
    lambda: with_spec(hostNetwork=True),
    lambda: with_spec(initContainers=first(restartPolicy="Always")),
    lambda: with_spec(priorityClassName="platform-critical"),
    lambda: restricted("training", priorityClassName="training"),
    lambda: restricted("models", priorityClassName="serving"),
    lambda: restricted("data-science", priorityClassName="serving"),
    # What the limit range completes.
    lambda: deployment(restricted_with("data-science", resources={})),
    lambda: cron_job(restricted_with("training", resources={"requests": {"cpu": "4"}})),
    lambda: restricted_with("models", resources={}),
    lambda: restricted_with(
        "models",
        resources={"requests": {"cpu": "4", "memory": "8Gi"}, "limits": {"memory": "8Gi"}},
    ),
    lambda: route("data-science", OURS),
    lambda: route(
        "data-science",
        OURS,
        backendRefs=[
            {
                "group": "",
                "kind": "Service",
                "name": "churn",
                "namespace": "data-science",
                "port": 80,
                "weight": 90,
            }
        ],
    ),
    lambda: route("models", f"churn-models.{HOST}", f"churn-predictor-models.{HOST}"),
    lambda: volume({"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-1"}}),
    lambda: velero("Backup", hooks={}, includedNamespaces=["models"]),
    lambda: velero("Restore", backupName="b"),
    lambda: model(limits={GPU: "1"}, requests={GPU: "1"}),
    lambda: model(limits={GPU: "1"}),
    model,
    lambda: job(QUEUED),
    lambda: job({}, "mlops-platform"),
    lambda: train_job(QUEUED),
    lambda: with_gpu(QUEUED),
    lambda: with_gpu({"serving.kserve.io/inferenceservice": "churn"}),
    lambda: restricted("training"),
    service,
    lambda: ingress({"alb.ingress.kubernetes.io/scheme": "internal"}),
]
"""Objects that pass, each for its own reason."""
