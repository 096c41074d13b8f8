"""Jobs with MLflow's own code, on one of its databases: its image, and a script of a few lines.

Passwords come from the environment, so that none is in an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.images import MLFLOW
from components.inputs import concat
from components.services.database_bootstrap import AUTHORITIES, Tenant
from components.services.database_trust import ENVIRONMENT, MOUNT, volume
from components.services.pod import CONTAINER_SECURITY, POD_SECURITY, resources

CHART = CHARTS["mlflow"]
NAMESPACE = CHART.namespace
VERSION = CHART.app_version
URI = "DB_URI"
"""Variable in which the script finds its database's address."""
SCRATCH = "/tmp"  # noqa: S108 - in the pod


@dataclass(frozen=True, kw_only=True)
class MlflowJob:
    """`name` is the job's, `app` its pods' label; `secrets` are variables, each with its Secret
    and key."""

    name: str
    app: str
    script: str
    host: Input[str]
    tenant: Tenant
    plain: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


def mlflow_job(job: MlflowJob) -> dict[str, Any]:
    """The manifest."""
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {**POD_SECURITY, "runAsUser": 1001, "runAsGroup": 1001},
        "containers": [_container(job)],
        "volumes": [
            {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}},
            volume(AUTHORITIES),
        ],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": job.name, "namespace": NAMESPACE},
        "spec": {
            "backoffLimit": 3,
            "activeDeadlineSeconds": 900,
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": job.app}},
                "spec": pod,
            },
        },
    }


def _container(job: MlflowJob) -> dict[str, Any]:
    return {
        "name": job.app,
        "image": f"{MLFLOW}:{VERSION}",
        "command": ["python", "-c", job.script],
        "env": _environment(job),
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources("250m", "512Mi", memory_limit="1Gi"),
        "volumeMounts": [{"name": "scratch", "mountPath": SCRATCH}, dict(MOUNT)],
    }


def _environment(job: MlflowJob) -> list[dict[str, Any]]:
    database = job.tenant.secret
    secrets = {
        "DB_USER": (database, "username"),
        "DB_PASSWORD": (database, job.tenant.password_key),
        **job.secrets,
    }
    uri = concat("postgresql://$(DB_USER):$(DB_PASSWORD)@", job.host, f"/{job.tenant.name}")
    plain = {URI: uri, "HOME": SCRATCH, **ENVIRONMENT, **job.plain}
    return [
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
            for name, (secret, key) in secrets.items()
        ),
        *({"name": name, "value": value} for name, value in plain.items()),
    ]
