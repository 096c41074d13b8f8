"""KServe in a simulated cluster: what it makes for models, and what goes with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from components.services.model import Canary, ModelArgs, model
from components.services.model_autoscaler import Autoscaler, Hpa, Keda
from rehearsal.providers.kubernetes.built_in import validator
from rehearsal.providers.kubernetes.controllers.cluster import Cluster
from rehearsal.providers.kubernetes.controllers.model_servers import ModelServers
from rehearsal.providers.kubernetes.objects import Object, Objects

HPA = Hpa(cpu_percent=60)
KEDA = Keda(metric="requests_in_flight", target=4)
NAMES = ("Service", "HorizontalPodAutoscaler", "ScaledObject")


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    objects = Objects(tmp_path / "objects")
    return Cluster(name="c", stored="c", objects=objects, addons=frozenset(), vpc_id="vpc-1")


def _served(scaler: Autoscaler) -> list[Object]:
    """The services of a model with a canary, as the program declares them."""
    args = ModelArgs(
        name="churn", model_format="sklearn", storage_uri="s3://m/1", host="m.example.com",
        min_replicas=2, max_replicas=5, autoscaler=scaler, cpu="1", memory="1Gi",
        timeout_seconds=60, canary=Canary(storage_uri="s3://m/2", percent=10),
    )  # fmt: skip
    return [
        dict(cast("Any", one.manifest))
        for one in model(args).objects
        if one.kind == "InferenceService"
    ]


def _settle(cluster: Cluster) -> None:
    ModelServers().settle(cluster, cast("Any", None))


def _there(cluster: Cluster) -> dict[str, set[str]]:
    return {kind: {one["metadata"]["name"] for one in cluster.of_kind(kind)} for kind in NAMES}


BOTH = {"churn-predictor", "churn-canary-predictor"}


def test_a_model_and_its_canary_have_a_service_and_an_hpa_each(cluster: Cluster) -> None:
    for one in _served(HPA):
        cluster.put(one)
    for _ in range(2):
        _settle(cluster)
        assert _there(cluster) == dict(zip(NAMES, (BOTH, BOTH, set[str]()), strict=True))
    scaler = cluster.of_kind("HorizontalPodAutoscaler")[0]
    validator("1.35", scaler["apiVersion"], scaler["kind"]).validate(scaler)
    assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (2, 5)
    assert scaler["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"] == 60


def test_keda_asks_prometheus_for_the_models_own_requests(cluster: Cluster) -> None:
    for one in _served(KEDA):
        cluster.put(one)
    _settle(cluster)
    assert _there(cluster) == dict(zip(NAMES, (BOTH, set[str](), BOTH), strict=True))
    for scaler in cluster.of_kind("ScaledObject"):
        (trigger,) = scaler["spec"]["triggers"]
        assert trigger["type"] == "prometheus"
        assert trigger["metadata"]["threshold"] == "4"
        assert scaler["spec"]["scaleTargetRef"]["name"] in trigger["metadata"]["query"]


def test_a_scaler_goes_with_its_model_but_not_when_the_model_chooses_another(
    cluster: Cluster,
) -> None:
    """kserve#5196: the HPA stays, and KEDA's webhook refuses the workload that it has."""
    for scaler in (HPA, KEDA):
        for one in _served(scaler):
            cluster.put(one)
        _settle(cluster)
    assert _there(cluster) == dict(zip(NAMES, (BOTH, BOTH, set[str]()), strict=True))
    stable, canary = _served(KEDA)
    cluster.drop(canary)
    _settle(cluster)
    one = {"churn-predictor"}
    assert _there(cluster) == dict(zip(NAMES, (one, one, set[str]()), strict=True))
    assert ModelServers().finalizer(stable) == "inferenceservice.finalizers"
