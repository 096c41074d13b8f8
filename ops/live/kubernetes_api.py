"""The cluster's API server, as the kubeconfig of the stack's outputs reaches it."""

from __future__ import annotations

import json
from typing import Any, cast

from kubernetes import client, config
from urllib3.exceptions import HTTPError

from ops.errors import Refused, Retryable, UnknownOutcome
from ops.world.cluster import Outcome, Replicas, Workload

TIMEOUT_SECONDS = 15
NODE_GROUP = "eks.amazonaws.com/nodegroup"
VELERO = {"group": "velero.io", "version": "v1", "namespace": "velero"}
PHASES: dict[str, Outcome] = {
    "Completed": "succeeded",
    "PartiallyFailed": "failed",
    "Failed": "failed",
    "FailedValidation": "failed",
}
"""Velero's phases of a backup that has ended; all others are on the way."""


class KubernetesApi:
    """Deployments and nodes of one cluster."""

    def __init__(self, kubeconfig: str) -> None:
        self._kubeconfig = kubeconfig
        self._connected: Any = None

    def ready_nodes(self, group: str) -> int:
        """Nodes of a node group whose kubelet says that they are ready."""
        call = client.CoreV1Api(self._client()).list_node
        nodes = self._ask(call, label_selector=f"{NODE_GROUP}={group}")
        return sum(_ready(node) for node in nodes.items)

    def replicas(self, workload: Workload) -> Replicas | None:
        """Pods of a Deployment; None where there is none of the name."""
        call = client.AppsV1Api(self._client()).read_namespaced_deployment
        found = self._ask(call, workload.name, workload.namespace, missing=None)
        if found is None:
            return None
        return Replicas(wanted=found.spec.replicas or 0, ready=(found.status.ready_replicas or 0))

    def scale(self, workload: Workload, replicas: int) -> None:
        """Its autoscaler does nothing while a Deployment has no pods, and takes over after."""
        call = client.AppsV1Api(self._client()).patch_namespaced_deployment_scale
        body = {"spec": {"replicas": replicas}}
        self._tell(call, workload.name, workload.namespace, body)

    def job(self, job: Workload) -> Outcome | None:
        """How a job stands; None where there is none."""
        call = client.BatchV1Api(self._client()).read_namespaced_job
        found = self._ask(call, job.name, job.namespace, missing=None)
        if found is None:
            return None
        ended = {each.type for each in found.status.conditions or () if each.status == "True"}
        if "Failed" in ended:
            return "failed"
        return "succeeded" if "Complete" in ended else "running"

    def start_job(self, cron_job: Workload, name: str) -> None:
        """As `kubectl create job --from=cronjob/…` does."""
        batch = client.BatchV1Api(self._client())
        found = self._ask(batch.read_namespaced_cron_job, cron_job.name, cron_job.namespace)
        template = found.spec.job_template
        manual = {"cronjob.kubernetes.io/instantiate": "manual"}
        body = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": name,
                "annotations": manual,
                # Its CronJob's history keeps a few that succeeded or failed, and removes the rest.
                "ownerReferences": [_owner(found)],
            },
            "spec": self._client().sanitize_for_serialization(template.spec),
        }
        self._tell(batch.create_namespaced_job, cron_job.namespace, body)

    def backup(self, name: str) -> Outcome | None:
        """How a backup of Velero stands; None where there is none."""
        call = client.CustomObjectsApi(self._client()).get_namespaced_custom_object
        found = self._ask(call, plural="backups", name=name, missing=None, **VELERO)
        if found is None:
            return None
        return PHASES.get(found.get("status", {}).get("phase", ""), "running")

    def start_backup(self, schedule: str, name: str) -> None:
        """As `velero backup create --from-schedule` does."""
        custom = client.CustomObjectsApi(self._client())
        found = self._ask(
            custom.get_namespaced_custom_object, plural="schedules", name=schedule, **VELERO
        )
        body = {
            "apiVersion": "velero.io/v1",
            "kind": "Backup",
            "metadata": {"name": name, "labels": {"velero.io/schedule-name": schedule}},
            "spec": found["spec"]["template"],
        }
        self._tell(
            custom.create_namespaced_custom_object,
            VELERO["group"],
            VELERO["version"],
            VELERO["namespace"],
            "backups",
            body,
        )

    def _client(self) -> Any:
        if self._connected is None:
            connect = cast("Any", config).new_client_from_config_dict
            self._connected = connect(json.loads(self._kubeconfig))
        return self._connected

    def _ask(self, call: Any, *args: Any, **more: Any) -> Any:
        missing = more.pop("missing", Refused)
        try:
            return call(*args, _request_timeout=TIMEOUT_SECONDS, **more)
        except client.ApiException as error:
            if cast("Any", error).status == 404 and missing is None:
                return None
            raise _typed(error) from error
        except HTTPError as error:
            raise Retryable(f"the cluster's API: {error}") from error

    def _tell(self, call: Any, *args: Any) -> None:
        try:
            call(*args, _request_timeout=TIMEOUT_SECONDS)
        except client.ApiException as error:
            raise _typed(error) from error
        except HTTPError as error:
            raise UnknownOutcome(f"the cluster's API: {error}") from error


def _owner(cron_job: Any) -> dict[str, Any]:
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "name": cron_job.metadata.name,
        "uid": cron_job.metadata.uid,
        "controller": True,
    }


def _typed(error: Any) -> Exception:
    said = f"the cluster's API: {error.status} {error.reason}"
    if error.status in (429, 500, 503, 504):
        return Retryable(said)
    return Refused(f"{said}: {error.body}")


def _ready(node: Any) -> bool:
    return any(
        condition.type == "Ready" and condition.status == "True"
        for condition in node.status.conditions or ()
    )
