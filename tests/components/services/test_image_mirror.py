"""Every image of a plan comes from the mirror, by digest."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.charts import CHARTS
from components.services.image_mirror import NAMED, ImageMirror, images_of, mirrored
from components.services.order import PlanError
from components.services.plan import Object, Part, Release, ServicePlan

OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
PREFIX = "mirror.example.com/mlops"
DIGEST = "sha256:" + "d" * 64


def _mirror(*locked: str) -> ImageMirror:
    return ImageMirror(prefix=PREFIX, digests=dict.fromkeys(locked, DIGEST), own=OWN)


def _pod(*images: str) -> Object:
    containers = [{"name": f"c{n}", "image": image} for n, image in enumerate(images)]
    return Object(
        name="pod",
        manifest={
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "pod", "namespace": "x"},
            "spec": {"containers": containers},
        },
    )


def _plan(*parts: Part) -> ServicePlan:
    return ServicePlan(name="service", parts=parts)


def _images(plans: list[ServicePlan]) -> list[str]:
    return [str(one) for one in images_of(plans)]


def test_an_object_gets_its_image_under_its_makers_host() -> None:
    (plan,) = mirrored([_plan(_pod("busybox:1"))], _mirror("docker.io/library/busybox:1"))
    assert _images([plan]) == [f"{PREFIX}/docker.io/library/busybox:1@{DIGEST}"]


def test_the_accounts_own_images_and_those_of_the_mirror_stay() -> None:
    images = (f"{OWN}/web-ui@{DIGEST}", f"{PREFIX}/quay.io/a:1@{DIGEST}")
    plans = [_plan(_pod(*images))]
    assert _images(mirrored(plans, _mirror())) == sorted(images)


def test_a_digest_that_the_plan_has_needs_no_line_in_the_lock() -> None:
    (plan,) = mirrored([_plan(_pod(f"quay.io/a:1@{DIGEST}"))], _mirror())
    assert _images([plan]) == [f"{PREFIX}/quay.io/a:1@{DIGEST}"]


def test_an_image_that_two_parts_name_is_listed_once_with_its_digest() -> None:
    plans = [_plan(_pod("quay.io/a:1", f"quay.io/a:1@{DIGEST}", "quay.io/a:1"))]
    assert _images(plans) == [f"quay.io/a:1@{DIGEST}"]


@pytest.mark.parametrize(
    "values",
    [
        {"extraContainers": [{"name": "x", "image": "quay.io/x:1"}]},
        {"controller": {"workflowDefaults": {"spec": {"container": {"image": "quay.io/x:1"}}}}},
        {"controller": {"image": {"extra": {"containers": [{"image": "quay.io/x:1"}]}}}},
    ],
    ids=["in a list", "in a map", "below a place"],
)
def test_containers_that_our_values_add_to_a_release_are_redirected_too(
    values: dict[str, Any],
) -> None:
    chart = CHARTS["argo-workflows"]
    plans = [_plan(Release(name="release", chart=chart, values=values))]
    known = [one for one in _images(plans) if one != "quay.io/x:1"]
    (plan,) = mirrored(plans, _mirror(*known, "quay.io/x:1"))
    assert f"'{PREFIX}/quay.io/x:1@{DIGEST}'" in str(plan.releases[0].values)
    assert "'quay.io/x:1'" not in str(plan.releases[0].values)


def test_a_missing_digest_is_refused_naming_the_image_and_the_command() -> None:
    plans = [_plan(_pod("quay.io/a:1", "quay.io/b:1"))]
    with pytest.raises(PlanError) as refused:
        mirrored(plans, _mirror("quay.io/a:1"))
    assert str(refused.value) == (
        "services.mirror.images: images.lock has no digest of quay.io/b:1; "
        f"copy them to {PREFIX} and write the lock: mlops images <stack> --write"
    )


def test_a_refusal_names_some_images_and_counts_the_rest() -> None:
    plans = [_plan(_pod(*(f"quay.io/a{n:02}:1" for n in range(NAMED + 3))))]
    with pytest.raises(PlanError, match=r"quay\.io/a11:1 and 3 more; copy them"):
        mirrored(plans, _mirror())


def test_a_database_inside_of_mlflows_chart_is_refused_as_its_version_is_not_known() -> None:
    values = {"postgresql": {"enabled": True}}
    release = Release(name="release", chart=CHARTS["mlflow"], values=values)
    with pytest.raises(PlanError, match="docker.io/bitnamilegacy/postgresql[,;]"):
        mirrored([_plan(release)], _mirror("docker.io/burakince/mlflow:3.15.1"))
