"""At a site with a mirror no image of any plan comes from elsewhere, whatever is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from components.services.chart_images import chart_images
from components.services.check import check
from components.services.image_mirror import images_of
from components.services.order import PlanError
from components.services.plan import Release, ServicePlan
from infra import image_lock
from infra.mirror_settings import MirrorSettings
from infra.services.anchors import anchor_names
from infra.services.mirroring import redirected
from tests.infra.services.stacks import (
    APPLICATIONS,
    GPU_MODEL,
    MODEL,
    PREFIX,
    ROOT,
    SINGLE_SIGN_ON,
    committed,
    mirror_of,
    mirrored_plans,
    plans_of,
    settings_of,
)

CLOCKED = {**MODEL, "autoscaler": {"kind": "keda", "metric": "requests_in_flight", "target": 4}}
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


def _gpu(strategy: str, **more: Any) -> dict[str, Any]:
    """Production's GPUs, shared."""
    text = (ROOT / "Pulumi.production.yaml").read_text()
    gpu = yaml.safe_load(text)["config"]["mlops-platform:settings"]["gpu"]
    return {**gpu, "sharing": {"strategy": strategy, **more}}


CHOICES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "production": ("production", {}),
    "the other region": ("dr", {}),
    "cluster-autoscaler": (
        "production",
        {"services": {"scaling": {"scaler": "cluster-autoscaler"}}},
    ),
    "bottlerocket": ("production", {"services": {"scaling": {"ami": "bottlerocket@v1.63.0"}}}),
    "a small store": (
        "production",
        {"services": {"learning": {"feast": {"online_store": {"kind": "in-cluster"}}}}},
    ),
    "models": ("production", {"services": {"serving": {"models": [CLOCKED, GPU_MODEL]}}}),
    "applications": ("production", {"services": {"applications": APPLICATIONS}}),
    "single sign-on": ("production", {"services": {"access": {"oidc": SINGLE_SIGN_ON}}}),
    "time-slicing": ("production", {"gpu": _gpu("time-slicing", replicas=4)}),
    "mps": ("production", {"gpu": _gpu("mps", replicas=4)}),
    "no GPUs": ("production", {"gpu": None, "teams": []}),
}
chosen = pytest.mark.parametrize(("stack", "changed"), CHOICES.values(), ids=CHOICES)


def _texts(value: Any) -> Iterator[str]:
    """Every text in values and manifests: arguments, environments and ConfigMaps included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for below in cast("Mapping[str, Any]", value).values():
            yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in cast("Sequence[Any]", value):
            yield from _texts(below)


def _all_texts(plans: Sequence[ServicePlan]) -> Iterator[tuple[str, str]]:
    for plan in plans:
        for part in plan.parts:
            held = part.values if isinstance(part, Release) else part.manifest
            for text in _texts(held):
                yield f"{plan.name}/{part.name}", text


def _strangers(plans: Sequence[ServicePlan], hosts: set[str]) -> list[str]:
    """Texts that name one of `hosts` with a path, other than below the mirror."""
    named = re.compile(rf"(?<![\w./:-])({'|'.join(map(re.escape, sorted(hosts)))})/[a-z]")
    return [f"{key}: {text[:120]}" for key, text in _all_texts(plans) if named.search(text)]


@chosen
def test_every_image_comes_from_the_mirror_by_digest(stack: str, changed: dict[str, Any]) -> None:
    plans, mirror = mirrored_plans(settings_of(stack, **changed))
    found = images_of(plans)
    assert len(found) > 45
    assert [str(one) for one in found if not mirror.holds(one)] == []
    assert [str(one) for one in found if not re.search(r"@sha256:[0-9a-f]{64}$", str(one))] == []


@chosen
def test_no_text_anywhere_names_a_makers_registry(stack: str, changed: dict[str, Any]) -> None:
    settings = settings_of(stack, **changed)
    hosts = {one.split[0] for one in images_of(plans_of(settings))} - {OWN}
    plans, _ = mirrored_plans(settings)
    assert len(hosts) >= 8
    assert _strangers(plans, hosts) == []


def test_the_search_for_strangers_finds_one_in_arguments_and_configmaps() -> None:
    hosts = {one.split[0] for one in images_of(committed("production"))}
    found = _strangers(committed("production"), hosts)
    assert any("log-collector" in one for one in found)


@chosen
def test_mirrored_values_and_objects_fit_their_contracts(
    stack: str, changed: dict[str, Any]
) -> None:
    settings = settings_of(stack, **changed)
    plans, _ = mirrored_plans(settings)
    check(plans, anchor_names(settings))


@chosen
def test_every_place_that_runs_has_its_digest_where_the_chart_reads_it(
    stack: str, changed: dict[str, Any]
) -> None:
    plans, mirror = mirrored_plans(settings_of(stack, **changed))
    for plan in plans:
        for release in plan.releases:
            for one in chart_images(release):
                name = f"{release.chart.name} {one.place.at}"
                assert mirror.holds(one.source), name
                assert one.source.digest, name


@pytest.mark.parametrize(
    ("chart", "images"),
    [
        ("kserve-resources", {"kserve/storage-initializer", "kserve/agent", "kserve/router"}),
        ("kserve-runtime-configs", {"kserve/sklearnserver", "seldonio/mlserver"}),
        ("istiod", {"release/pilot", "release/proxyv2"}),
        (
            "kube-prometheus-stack",
            {"prometheus-operator/prometheus-config-reloader", "thanos/thanos"},
        ),
        ("argo-workflows", {"argoproj/argoexec"}),
        ("cert-manager", {"jetstack/cert-manager-acmesolver"}),
        ("dcgm-exporter", {"nvidia/k8s/dcgm-exporter"}),
        ("velero", {"velero/velero-plugin-for-aws"}),
    ],
)
def test_images_that_controllers_hand_to_pods_are_found(chart: str, images: set[str]) -> None:
    """Those of ConfigMaps and arguments, which no pod of the release has."""
    plans = [
        ServicePlan(name=plan.name, parts=[release])
        for plan in committed("production")
        for release in plan.releases
        if release.chart.name == chart
    ]
    assert images <= {one.split[1] for one in images_of(plans)}


@pytest.mark.parametrize(
    ("model_format", "image"),
    [
        ("huggingface", "docker.io/kserve/huggingfaceserver:v0.20.0-gpu"),
        ("tensorflow", "docker.io/tensorflow/serving:2.19.0-gpu"),
    ],
)
def test_a_model_on_gpus_has_the_image_that_kserve_would_choose_by_its_tag(
    model_format: str, image: str
) -> None:
    """KServe adds `-gpu` to a tag, but not to a digest."""
    model = {**GPU_MODEL, "format": model_format}
    plans, _ = mirrored_plans(settings_of("production", {"serving": {"models": [model]}}))
    (plan,) = [plan for plan in plans if plan.name == "model-chat"]
    assert [one.undigested for one in images_of([plan])] == [f"{PREFIX}/{image}"]


def _wanted(**changed: Any) -> MirrorSettings:
    return MirrorSettings(images="mirror.example.com", **changed)


def test_the_lock_beside_the_stack_files_decides(tmp_path: Path) -> None:
    plans = committed("production")
    image_lock.write(tmp_path / "site.lock", mirror_of(plans, OWN).digests)
    made = redirected(plans, _wanted(lock="site.lock"), OWN, tmp_path)
    hosts = {one.split[0] for one in images_of(made)}
    assert hosts == {"mirror.example.com"}


def test_without_a_lock_every_image_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"images\.lock has no digest of cr\.fluentbit\.io/"):
        redirected(committed("production"), _wanted(), OWN, tmp_path)


def test_without_a_mirror_the_plans_stay_as_they_are() -> None:
    plans = committed("production")
    assert redirected(plans, MirrorSettings(), OWN) == list(plans)
