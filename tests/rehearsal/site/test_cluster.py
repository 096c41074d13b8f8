"""The clusters' API answers what runbooks ask, and nodes and pods take their time."""

from __future__ import annotations

from typing import Any

from rehearsal.providers.kubernetes.objects import Key
from rehearsal.providers.kubernetes.place import stored_as
from rehearsal.site.cluster import NODES, PODS, ClusterApi
from tests.rehearsal.site.conftest import HERE, Surroundings

SPACE = "mlops-platform"


def _api(around: Surroundings) -> ClusterApi:
    return ClusterApi(around.client, around.objects, around.control.now)


def _stored(around: Surroundings) -> str:
    cluster = around.account.eks.describe_cluster(name="main")["cluster"]
    return stored_as("main", str(cluster["createdAt"]))


def _install(around: Surroundings, namespace: str, name: str, values: dict[str, Any]) -> None:
    metadata = {"name": name, "namespace": namespace}
    body = {"kind": "HelmRelease", "metadata": metadata, "values": values}
    around.objects.put(Key(_stored(around), "helm.sh/v3", "HelmRelease", namespace, name), body)


def test_nodes_come_some_time_after_they_were_asked_for(around: Surroundings) -> None:
    sizes = {"minSize": 1, "maxSize": 4, "desiredSize": 1}
    around.account.node_group(around.account.cluster(), "system", scalingConfig=sizes)
    api = _api(around)
    api.see(HERE, "main")
    around.account.eks.update_nodegroup_config(
        clusterName="main", nodegroupName="system", scalingConfig={"desiredSize": 3}
    )
    assert api.ready_nodes(HERE, "main", "system") == 1
    around.control.advance(NODES.typical)
    assert api.ready_nodes(HERE, "main", "system") == 3


def test_a_deployment_that_is_not_there_is_none(around: Surroundings) -> None:
    around.account.cluster()
    api = _api(around)
    assert api.deployment(HERE, "main", SPACE, "mlflow") is None
    assert not api.scale(HERE, "main", SPACE, "mlflow", 3)


def test_the_deployment_of_a_chart_is_scaled_and_gets_ready(around: Surroundings) -> None:
    around.account.cluster()
    _install(around, SPACE, "mlflow", {"replicaCount": 0})
    api = _api(around)
    assert api.scale(HERE, "main", SPACE, "mlflow", 3)
    shown = api.deployment(HERE, "main", SPACE, "mlflow")
    assert shown is not None
    assert (shown["spec"]["replicas"], shown["status"]["readyReplicas"]) == (3, 0)
    around.control.advance(PODS.typical)
    shown = api.deployment(HERE, "main", SPACE, "mlflow")
    assert shown is not None
    assert shown["status"]["readyReplicas"] == 3


def test_a_chart_with_several_deployments_has_replicas_for_each(around: Surroundings) -> None:
    around.account.cluster()
    values = {"controller": {"replicas": 0}, "server": {"replicas": 2}}
    _install(around, "argo", "argo-workflows", values)
    api = _api(around)
    for name, wanted in (("workflow-controller", 0), ("server", 2)):
        shown = api.deployment(HERE, "main", "argo", f"argo-workflows-{name}")
        assert shown is not None
        assert shown["spec"]["replicas"] == wanted
    assert api.deployment(HERE, "main", SPACE, "argo-workflows-server") is None
