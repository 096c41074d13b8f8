"""The live world's view of a cluster, on a real API server with its controllers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest
import yaml

from ops.errors import Refused, Retryable
from ops.live.kubernetes_api import KubernetesApi
from ops.world.cluster import Replicas, Workload
from tests.control_plane.cluster import Cluster, nodes
from tests.control_plane.server import ControlPlane, control_plane

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("control-plane"),
    pytest.mark.timeout(480),
]

SPACE = "mlops-platform"
MLFLOW = Workload(namespace=SPACE, name="mlflow")
DUMPS = Workload(namespace=SPACE, name="database-backup")
SECONDS = 90.0
POD = {"containers": [{"name": "main", "image": "example.com/main:1"}]}


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Generator[ControlPlane]:
    with control_plane(tmp_path_factory.mktemp("control-plane")) as running:
        cluster = Cluster(running)
        for manifest in _objects():
            cluster.create(manifest)
        yield running


@pytest.fixture
def api(plane: ControlPlane) -> KubernetesApi:
    return KubernetesApi(json.dumps(yaml.safe_load(plane.kubeconfig.read_text())))


def _objects() -> list[dict[str, Any]]:
    node = next(nodes())
    node["metadata"]["labels"]["eks.amazonaws.com/nodegroup"] = "compute-1"
    job = {"template": {"spec": {**POD, "restartPolicy": "Never"}}}
    return [
        node,
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "velero"}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": MLFLOW.name, "namespace": SPACE},
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"app": "mlflow"}},
                "template": {"metadata": {"labels": {"app": "mlflow"}}, "spec": POD},
            },
        },
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {"name": DUMPS.name, "namespace": SPACE},
            "spec": {"schedule": "0 6 * * *", "jobTemplate": {"spec": job}},
        },
    ]


def _until(found: Callable[[], object], wanted: object) -> None:
    deadline = time.monotonic() + SECONDS
    while found() != wanted:
        assert time.monotonic() < deadline, found()
        time.sleep(0.5)


def test_ready_nodes_are_counted_by_their_group(api: KubernetesApi) -> None:
    _until(lambda: api.ready_nodes("compute-1"), 1)
    assert api.ready_nodes("gpu-1") == 0


def test_a_workload_at_zero_is_scaled_and_gets_ready(api: KubernetesApi) -> None:
    assert api.replicas(MLFLOW) == Replicas(wanted=0, ready=0)
    api.scale(MLFLOW, 2)
    _until(lambda: api.replicas(MLFLOW), Replicas(wanted=2, ready=2))


def test_a_workload_that_is_not_installed_is_none(api: KubernetesApi) -> None:
    assert api.replicas(Workload(namespace=SPACE, name="absent")) is None


def test_a_job_is_made_from_its_cron_job_once(api: KubernetesApi) -> None:
    job = Workload(namespace=SPACE, name="database-backup-manual-1")
    assert api.job(job) is None
    api.start_job(DUMPS, job.name)
    assert api.job(job) in ("running", "succeeded")
    with pytest.raises(Refused, match="already exists"):
        api.start_job(DUMPS, job.name)


def test_a_cron_job_that_is_not_there_is_refused(api: KubernetesApi) -> None:
    with pytest.raises(Refused, match="404"):
        api.start_job(Workload(namespace=SPACE, name="absent"), "a")


def test_a_cluster_without_velero_has_no_backup(api: KubernetesApi) -> None:
    assert api.backup("manual-1") is None
    with pytest.raises(Refused, match="404"):
        api.start_backup("velero-nightly", "manual-1")


def test_a_cluster_that_does_not_answer_may_answer_later(plane: ControlPlane) -> None:
    document = yaml.safe_load(plane.kubeconfig.read_text())
    document["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    with pytest.raises(Retryable):
        KubernetesApi(json.dumps(document)).replicas(MLFLOW)
