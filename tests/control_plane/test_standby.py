"""A standby's objects on a real API server: accepted, at zero, and scaled up by one request."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from catalog.writers import FEAST
from tests.control_plane.cluster import Cluster, until, used_by
from tests.control_plane.server import control_plane
from tests.infra.services.stacks import APPLICATIONS, DIGEST, plans_of, settings_of

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("another-control-plane"),
    pytest.mark.timeout(480),
]

LEAST = 3


@pytest.fixture(scope="module")
def refused() -> dict[str, str]:
    """What the API server said against an object, by the object's place in the plans."""
    return {}


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, refused: dict[str, str]
) -> Generator[Cluster]:
    """The standby's objects, with everything that it may have."""
    services = {
        "applications": APPLICATIONS,
        "delivery": {"training": {"image_digest": DIGEST}},
    }
    plans = tuple(plans_of(settings_of("dr", services)))
    with control_plane(tmp_path_factory.mktemp("standby")) as plane:
        made = Cluster(plane)
        refused |= made.take_in(used_by(plans), plans)
        yield made


def feast(cluster: Cluster) -> Any:
    return cluster.get("apps/v1", "Deployment", FEAST.name, FEAST.namespace)


def scaler(cluster: Cluster) -> Any:
    return cluster.get("autoscaling/v2", "HorizontalPodAutoscaler", FEAST.name, FEAST.namespace)


def test_the_api_server_accepts_every_object_of_a_standby(
    cluster: Cluster, refused: dict[str, str]
) -> None:
    assert refused == {}
    assert cluster.get("batch/v1", "CronJob", "database-backup", FEAST.namespace).spec.suspend


def test_a_scaler_leaves_at_zero_what_writes_and_takes_over_what_a_failover_starts(
    cluster: Cluster,
) -> None:
    def looked() -> bool:
        conditions: list[Any] = scaler(cluster).status.conditions or []
        return any(one.reason == "ScalingDisabled" for one in conditions)

    until(looked)
    assert feast(cluster).spec.replicas == 0
    assert scaler(cluster).spec.minReplicas == LEAST

    cluster.scale(FEAST.name, FEAST.namespace, 1)
    until(lambda: feast(cluster).spec.replicas == LEAST)
    until(lambda: feast(cluster).status.readyReplicas == LEAST)
