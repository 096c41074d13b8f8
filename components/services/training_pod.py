"""What pods of training share, whether a pipeline's step or a node of distributed training.

The image is the data scientists': one repository of the account, by digest. Where it writes, to
`/work` and `/tmp`, goes with the pod; what is to stay goes to S3 and MLflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.gpu_sharing import RESOURCE
from components.services.gpu import toleration
from components.services.mlflow_accounts import TRAINING
from components.services.pod import CONTAINER_SECURITY, POD_SECURITY, resources

ACCOUNT = "workflows"
"""Service account of workflows' and training's pods, in each namespace."""
MLFLOW = "http://mlflow.mlops-platform.svc"
CREDENTIALS = "mlflow-tracking"
"""Secret with the account that training logs to MLflow with."""
WORK = "/work"
USER = 1000


@dataclass(frozen=True, kw_only=True)
class Node:
    """What a pod takes of a GPU node, or of another where there are no GPUs."""

    cpus: int
    memory_gib: int
    gpus: int = 0
    taint: Mapping[str, str] | None = None
    """`key`, `value` and `effect` of the GPU nodes' taint."""

    @property
    def tolerations(self) -> list[dict[str, str]]:
        """What lets the pod onto these nodes."""
        return [toleration(self.taint)] if self.taint else []

    @property
    def resources(self) -> dict[str, Any]:
        """Requests and limits; a GPU's are the same."""
        made = resources(str(self.cpus), f"{self.memory_gib}Gi")
        if self.gpus:
            for kind in ("requests", "limits"):
                made[kind][RESOURCE] = str(self.gpus)
        return made


@dataclass(frozen=True, kw_only=True)
class TrainingImage:
    """`name` is `<registry>/<repository>@sha256:…`."""

    name: str
    region: str


def container(
    image: TrainingImage, size: Mapping[str, Any], command: Sequence[str] = ()
) -> dict[str, Any]:
    """A container of the image at the restricted level; without a command the image's own."""
    return {
        "image": image.name,
        **({"command": list(command)} if command else {}),
        "env": _environment(image.region),
        "resources": dict(size),
        "securityContext": dict(CONTAINER_SECURITY),
        "volumeMounts": [{"name": name, "mountPath": path} for name, path in _MOUNTS.items()],
    }


def security() -> dict[str, Any]:
    """Security context of the pods."""
    return {**POD_SECURITY, "runAsUser": USER, "fsGroup": USER}


def volumes() -> list[dict[str, Any]]:
    """Room to write, which a read-only root lacks; PyTorch's loaders share memory."""
    memory = {"medium": "Memory", "sizeLimit": "2Gi"}
    return [
        {"name": "work", "emptyDir": {"sizeLimit": "100Gi"}},
        {"name": "temporary", "emptyDir": {"sizeLimit": "10Gi"}},
        {"name": "shared-memory", "emptyDir": memory},
    ]


_MOUNTS = {"work": WORK, "temporary": "/tmp", "shared-memory": "/dev/shm"}  # noqa: S108


def _environment(region: str) -> list[dict[str, Any]]:
    plain = {"AWS_REGION": region, "HOME": WORK, "MLFLOW_TRACKING_URI": MLFLOW}
    secret = {
        "MLFLOW_TRACKING_USERNAME": "username",
        "MLFLOW_TRACKING_PASSWORD": TRAINING.password_key,
    }
    return [
        *({"name": name, "value": value} for name, value in plain.items()),
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": CREDENTIALS, "key": key}}}
            for name, key in secret.items()
        ),
    ]
