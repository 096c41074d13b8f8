"""Writers on a real API server, by an account that may do what the agent needs and no more."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest
import yaml
from kubernetes.client import ApiClient, AppsV1Api, CoreV1Api
from kubernetes.client.exceptions import ApiException

from lease.kubernetes_cluster import KubernetesCluster
from lease.writers import ClusterError, Deployment, Writers
from tests.control_plane.cluster import Cluster, new_client
from tests.control_plane.server import ControlPlane, control_plane

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("control-plane"),
    pytest.mark.timeout(480),
]

SPACE, MEMORY = "fenced", "lease-agent"
MLFLOW = Deployment(namespace=SPACE, name="mlflow")
OTHER = Deployment(namespace=SPACE, name="other")
RIGHTS = [
    {
        "apiGroups": ["apps"],
        "resources": ["deployments/scale"],
        "resourceNames": [MLFLOW.name],
        "verbs": ["get", "patch"],
    },
    {
        "apiGroups": [""],
        "resources": ["configmaps"],
        "resourceNames": [MEMORY],
        "verbs": ["get", "patch"],
    },
]
"""What docs/fence.md says that the agent needs."""


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Generator[ControlPlane]:
    with control_plane(tmp_path_factory.mktemp("control-plane")) as running:
        cluster = Cluster(running)
        for manifest in (*_objects(), *_access()):
            cluster.create(manifest)
        yield running


@pytest.fixture
def agents(plane: ControlPlane) -> ApiClient:
    """A client with a token of the agent's account."""
    administrator = CoreV1Api(new_client(str(plane.kubeconfig)))
    request: Any = {"spec": {"audiences": ["https://kubernetes.default.svc"]}}
    token: Any = administrator.create_namespaced_service_account_token("agent", SPACE, request)
    document = yaml.safe_load(plane.kubeconfig.read_text())
    document["users"][0]["user"]["token"] = token.status.token
    file = plane.kubeconfig.with_name("agent")
    file.write_text(yaml.safe_dump(document))
    client: ApiClient = new_client(str(file))
    return client


@pytest.fixture
def cluster(agents: ApiClient) -> KubernetesCluster:
    return KubernetesCluster(agents, f"{SPACE}/{MEMORY}", 5_000)


def test_writers_go_to_zero_and_come_back_as_many_as_they_were(cluster: KubernetesCluster) -> None:
    writers = Writers(cluster, (MLFLOW,))
    writers.stop()
    assert cluster.replicas(MLFLOW) == 0
    assert cluster.remembered() == {MLFLOW.key: 3}
    writers.start()
    assert cluster.replicas(MLFLOW) == 3
    assert cluster.remembered() == {}


def test_an_autoscaler_leaves_a_stopped_writer_alone(
    cluster: KubernetesCluster, plane: ControlPlane
) -> None:
    writers = Writers(cluster, (MLFLOW,))
    writers.stop()
    everything, deadline = Cluster(plane), time.monotonic() + 90
    while not _disabled(everything):
        assert time.monotonic() < deadline, "the autoscaler never saw it"
        time.sleep(1)
    assert cluster.replicas(MLFLOW) == 0
    writers.start()


def _disabled(cluster: Cluster) -> bool:
    scaler: Any = cluster.get("autoscaling/v2", "HorizontalPodAutoscaler", MLFLOW.name, SPACE)
    conditions: Any = scaler.status.conditions or []
    return any(one.reason == "ScalingDisabled" for one in conditions)


def test_what_is_not_named_in_its_role_is_refused(
    cluster: KubernetesCluster, agents: ApiClient
) -> None:
    with pytest.raises(ClusterError, match="403 Forbidden"):
        cluster.scale(OTHER, 0)
    for forbidden in (
        lambda: AppsV1Api(agents).read_namespaced_deployment(MLFLOW.name, SPACE),
        lambda: AppsV1Api(agents).patch_namespaced_deployment(MLFLOW.name, SPACE, {"spec": {}}),
        lambda: CoreV1Api(agents).read_namespaced_config_map("kube-root-ca.crt", SPACE),
    ):
        with pytest.raises(ApiException, match="Forbidden"):
            forbidden()


def _objects() -> list[dict[str, Any]]:
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _named(MEMORY)},
        _deployment(MLFLOW.name, 3),
        _deployment(OTHER.name, 1),
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": _named(MLFLOW.name),
            "spec": {
                "scaleTargetRef": {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "name": MLFLOW.name,
                },
                "minReplicas": 2,
                "maxReplicas": 5,
            },
        },
    ]


def _deployment(name: str, replicas: int) -> dict[str, Any]:
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _named(name),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "one", "image": "registry.example/one:1"}]},
            },
        },
    }


def _access() -> list[dict[str, Any]]:
    group = "rbac.authorization.k8s.io"
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _named("agent")},
        {
            "apiVersion": f"{group}/v1",
            "kind": "Role",
            "metadata": _named("agent"),
            "rules": RIGHTS,
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": _named("agent"),
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "agent"},
            "subjects": [{"kind": "ServiceAccount", "name": "agent", "namespace": SPACE}],
        },
    ]


def _named(name: str) -> dict[str, str]:
    return {"name": name, "namespace": SPACE}
