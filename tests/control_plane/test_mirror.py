"""A site with a mirror, on a real API server: its own images pass, everyone else's are refused."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from components.services.pod_policies import pod_policies
from tests.control_plane.cluster import Cluster, until, used_by
from tests.control_plane.examples import (
    DIGEST,
    REGISTRY,
    cron_job,
    deployment,
    pod,
    with_container,
    with_spec,
)
from tests.control_plane.server import control_plane
from tests.infra.services.stacks import PREFIX, everything_mirrored

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("another-control-plane"),
    pytest.mark.timeout(480),
]

OURS = f"{PREFIX}/registry.k8s.io/pause:3.10@{DIGEST}"


def _image_volume(image: str) -> dict[str, Any]:
    volumes = [{"name": "model", "image": {"reference": image}}]
    return with_spec(containers=with_container(image=OURS)["spec"]["containers"], volumes=volumes)


def _init_container(image: str) -> dict[str, Any]:
    ours = with_container(image=OURS)["spec"]["containers"]
    first = {**pod()["spec"]["containers"][0], "name": "first", "image": image}
    return with_spec(containers=ours, initContainers=[first])


BAD: dict[str, Callable[[], dict[str, Any]]] = {
    "a maker's registry": pod,
    "a deployment": lambda: deployment(pod()),
    "a cron job": lambda: cron_job(pod()),
    "a short name": lambda: with_container(image=f"library/nginx:1@{DIGEST}"),
    "a name that begins like ours": lambda: with_container(
        image=f"{PREFIX}-of-another/a:1@{DIGEST}"
    ),
    "the mirror without its path": lambda: with_container(
        image=f"{PREFIX.partition('/')[0]}/a:1@{DIGEST}"
    ),
    "an init container": lambda: _init_container("registry.k8s.io/pause:3.10"),
    "a volume that is an image": lambda: _image_volume("quay.io/models/churn:1"),
}
GOOD: dict[str, Callable[[], dict[str, Any]]] = {
    "the mirror": lambda: with_container(image=OURS),
    "the account's own": lambda: with_container(image=f"{REGISTRY}/web-ui@{DIGEST}"),
    "a deployment": lambda: deployment(with_container(image=OURS)),
    "an init container": lambda: _init_container(OURS),
    "a volume that is an image": lambda: _image_volume(OURS),
    "an add-on of EKS": lambda: pod("kube-system"),
}


@pytest.fixture(scope="module")
def refused() -> dict[str, str]:
    """What the API server said against an object, by the object's place in the plans."""
    return {}


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, refused: dict[str, str]
) -> Generator[Cluster]:
    """Everything from the mirror, applied in its order."""
    plans = everything_mirrored()
    with control_plane(tmp_path_factory.mktemp("control-plane")) as plane:
        made = Cluster(plane)
        refused |= made.take_in(used_by(plans), plans)
        until(lambda: "allowed-registries" in made.try_out(pod()))
        yield made


def test_the_api_server_accepts_every_mirrored_object(
    cluster: Cluster, refused: dict[str, str]
) -> None:
    assert refused == {}
    assert cluster.get("v1", "Namespace", "models").metadata.name == "models"


def test_the_pods_of_mirrored_jobs_are_let_in(cluster: Cluster) -> None:
    assert cluster.jobs_end(everything_mirrored()) > 0


@pytest.mark.parametrize("example", BAD.values(), ids=BAD)
def test_an_image_from_elsewhere_is_refused_by_the_policy(
    cluster: Cluster, example: Callable[[], dict[str, Any]]
) -> None:
    said = cluster.try_out(example())
    assert "ValidatingAdmissionPolicy 'mlops-allowed-registries'" in said
    assert f"copy the image to {PREFIX} and name it there" in said


@pytest.mark.parametrize("example", GOOD.values(), ids=GOOD)
def test_images_of_the_site_pass(cluster: Cluster, example: Callable[[], dict[str, Any]]) -> None:
    assert cluster.try_out(example()) == ""


def test_an_image_of_the_mirror_by_its_tag_alone_is_refused(cluster: Cluster) -> None:
    said = cluster.try_out(with_container(image=OURS.partition("@")[0]))
    assert "ValidatingAdmissionPolicy 'mlops-own-images-by-digest'" in said


def test_only_a_site_with_a_mirror_has_the_policy() -> None:
    with_one = pod_policies([REGISTRY, PREFIX], (), (), mirrored=True)
    without = pod_policies([REGISTRY], (), (), mirrored=False)
    assert {one.name for one in with_one} - {one.name for one in without} == {"allowed-registries"}
