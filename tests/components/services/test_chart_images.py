"""A release's images are found where its values name them, and set there."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.charts import CHARTS, Chart
from components.services.chart_images import chart_images, with_image
from components.services.image_reference import reference
from components.services.order import PlanError
from components.services.plan import Release

DIGEST = "sha256:" + "c" * 64


def _release(chart: str, values: dict[str, Any] | None = None) -> Release:
    return Release(name="release", chart=CHARTS[chart], values=values or {})


def _sources(chart: str, values: dict[str, Any] | None = None) -> list[str]:
    return sorted(str(one.source) for one in chart_images(_release(chart, values)))


def _set(chart: str, at: str, target: str) -> dict[str, Any]:
    (image,) = [one for one in chart_images(_release(chart)) if one.place.at == at]
    return dict(with_image({}, CHARTS[chart], image, reference(target)))


def test_names_and_tags_are_the_charts_own_unless_the_values_say_otherwise() -> None:
    name = "nvcr.io/nvidia/k8s-device-plugin"
    assert _sources("nvidia-device-plugin") == [f"{name}:v0.20.0"]
    values = {"image": {"repository": "quay.io/mine/plugin", "tag": "1.0"}}
    assert _sources("nvidia-device-plugin", values) == ["quay.io/mine/plugin:1.0"]


def test_a_tag_that_the_chart_leaves_empty_is_its_app_version() -> None:
    assert "docker.io/valkey/valkey:9.1.1" in _sources("valkey")
    assert "docker.io/grafana/grafana:13.2.0" in _sources("kube-prometheus-stack")
    assert "quay.io/prometheus/node-exporter:v1.12.1" in _sources("kube-prometheus-stack")


def test_what_the_values_turn_on_is_found_and_what_they_turn_off_is_not() -> None:
    exporter = "ghcr.io/oliver006/redis_exporter:v1.79.0"
    assert exporter not in _sources("valkey")
    assert exporter in _sources("valkey", {"metrics": {"enabled": True}})
    assert any("dexidp" in one for one in _sources("argo-cd"))
    assert not any("dexidp" in one for one in _sources("argo-cd", {"dex": {"enabled": False}}))


def test_a_place_that_is_left_empty_is_another_places_image() -> None:
    assert _sources("external-dns") == ["registry.k8s.io/external-dns/external-dns:v0.21.0"]
    values = {"provider": {"webhook": {"image": {"repository": "quay.io/w", "tag": "2"}}}}
    assert "quay.io/w:2" in _sources("external-dns", values)


def test_a_digest_of_the_chart_or_the_values_belongs_to_the_reference() -> None:
    (karpenter,) = _sources("karpenter")
    assert karpenter.startswith("public.ecr.aws/karpenter/controller:1.14.1@sha256:445baefa")
    (plugin,) = _sources("nvidia-device-plugin", {"image": {"tag": f"v0.20.0@{DIGEST}"}})
    assert plugin == f"nvcr.io/nvidia/k8s-device-plugin:v0.20.0@{DIGEST}"


@pytest.mark.parametrize(
    ("chart", "at", "value"),
    [
        (
            "karpenter",
            "controller.image",
            {"repository": "m.io/x/a", "tag": "1", "digest": DIGEST},
        ),
        ("nvidia-device-plugin", "image", {"repository": "m.io/x/a", "tag": f"1@{DIGEST}"}),
        (
            "keda",
            "image.keda",
            {"registry": "m.io", "repository": "x/a", "tag": f"1@{DIGEST}"},
        ),
        (
            "kube-prometheus-stack",
            "prometheusOperator.image",
            {"registry": "m.io", "repository": "x/a", "tag": "1", "sha": "c" * 64},
        ),
        ("kserve-resources", "kserve.agent", {"image": "m.io/x/a", "tag": f"1@{DIGEST}"}),
        ("istiod", "global.proxy.image", f"m.io/x/a:1@{DIGEST}"),
    ],
    ids=["a digest", "a tag alone", "a registry", "sha", "image and tag", "one text"],
)
def test_an_image_is_written_as_the_chart_reads_it(chart: str, at: str, value: Any) -> None:
    here: Any = _set(chart, at, f"m.io/x/a:1@{DIGEST}")
    for key in at.split("."):
        here = here[key]
    assert here == value


def test_values_that_sweep_over_images_are_refused() -> None:
    values = {"global": {"imageRegistry": "registry.example.com"}}
    with pytest.raises(PlanError) as refused:
        list(chart_images(_release("kube-prometheus-stack", values)))
    said = str(refused.value)
    assert said.startswith("services.values.kube-prometheus-stack.global.imageRegistry: changes")


def test_a_chart_that_nobody_mapped_is_refused() -> None:
    chart = Chart(
        name="new", version="1", source="oci://x/new", licence="MIT",
        namespace="x",
    )  # fmt: skip
    with pytest.raises(PlanError, match=r"new: nobody says .* catalog/charts/images\.py"):
        list(chart_images(Release(name="release", chart=chart, values={})))
