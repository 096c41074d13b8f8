"""What is looked at after services were changed: right outcomes pass, wrong ones are told."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from rehearsal.engine.workspace import SETTINGS_KEY
from rehearsal.providers.kubernetes.objects import Key, Object, Objects
from rehearsal.scenario import operator, served, services
from rehearsal.scenario.world import World, project_root

PREFIX = "mlops-platform-production"
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
HOST = "churn-models.models.mlops-platform.com"


@dataclass
class FakeAws:
    """EKS, Route 53 and ACM with one cluster, one public zone and one certificate."""

    records: list[str] = field(default_factory=lambda: ["\\052.models.mlops-platform.com."])
    certified: list[str] = field(default_factory=lambda: ["*.models.mlops-platform.com"])

    def client(self, service: str, region: str) -> FakeAws:
        return self

    def describe_cluster(self, name: str) -> Any:
        return {"cluster": {"createdAt": "today"}}

    def list_hosted_zones_by_name(self, **_: str) -> Any:
        inside = {"Id": "inside", "Config": {"PrivateZone": True}}
        return {"HostedZones": [inside, {"Id": "public", "Config": {"PrivateZone": False}}]}

    def get_paginator(self, operation: str) -> FakeAws:
        return self

    def paginate(self, **asked: str) -> Sequence[Any]:
        assert asked == {"HostedZoneId": "public"}
        return [{"ResourceRecordSets": [{"Name": one, "Type": "A"} for one in self.records]}]

    def list_certificates(self, **_: object) -> Any:
        return {"CertificateSummaryList": [{"CertificateArn": "arn"}]}

    def describe_certificate(self, **_: str) -> Any:
        return {"Certificate": {"SubjectAlternativeNames": self.certified}}


@dataclass
class FakeSpace:
    """The file of the clusters' objects."""

    objects: Path


@dataclass
class Scene:
    """A stack with everything on, its cluster and its account."""

    objects: Objects
    world: World
    aws: FakeAws
    edited: dict[str, Any]

    def put(self, kind: str, name: str, spec: Any) -> None:
        metadata = {"name": name, "namespace": _space(name)}
        body: Object = {"kind": kind, "apiVersion": "v1", "metadata": metadata, "spec": spec}
        self.objects.put(_key(kind, name), body)

    def drop(self, kind: str, name: str) -> None:
        self.objects.delete(_key(kind, name))

    def wrong(self) -> list[str]:
        looks = (served.applications, served.models, served.names)
        checks = [check for look in looks for check in look(self.world, "production")]
        return [check.detail for check in checks if not check.passed]


def _key(kind: str, name: str) -> Key:
    return Key(f"{PREFIX} today", "v1", kind, _space(name), name)


def _space(name: str) -> str:
    return "mlops-platform" if name in ("platform-api", "web-ui") else served.MODELS


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    document = yaml.safe_load((project_root() / "Pulumi.production.yaml").read_text())
    settings = copy.deepcopy(document["config"][SETTINGS_KEY])
    services.everything(settings)

    class Edited(World):
        def settings(self, stack: str) -> dict[str, Any]:
            return settings

    aws, file = FakeAws(), tmp_path / "objects"
    world = Edited(
        cast("Any", FakeSpace(file)), cast("Any", None), cast("Any", aws), {},
        {"production": ["us-east-1"]}, ["us-east-1"],
    )  # fmt: skip
    made = Scene(Objects(file), world, aws, settings)
    _furnish(made)
    return made


def _furnish(scene: Scene) -> None:
    for name in ("platform-api", "web-ui"):
        image = f"{REGISTRY}/mlops-platform/{name}@{operator.digest(name)}"
        scene.put("Deployment", name, {"template": {"spec": {"containers": [{"image": image}]}}})
        scene.put("HorizontalPodAutoscaler", name, _scaling(name))
    for model, scaler in (("churn", "HorizontalPodAutoscaler"), ("chat", "ScaledObject")):
        for name in (f"{model}-predictor", f"{model}-canary-predictor"):
            scene.put("Service", name, {})
            scene.put(scaler, name, {**_scaling(name), "triggers": [{"type": "prometheus"}]})
        _route(scene, model, 90)


def _scaling(name: str) -> dict[str, Any]:
    return {"scaleTargetRef": {"name": name}}


def _route(scene: Scene, model: str, stable: int) -> None:
    weights = {f"{model}-predictor": stable, f"{model}-canary-predictor": 100 - stable}
    backends = [{"name": name, "weight": weight} for name, weight in weights.items()]
    host = HOST.replace("churn", model)
    spec = {"hostnames": [host], "rules": [{"backendRefs": backends}]}
    scene.put("HTTPRoute", f"{model}-weighted", spec)


def test_what_the_stack_file_asks_for_passes(scene: Scene) -> None:
    assert scene.wrong() == []


def _gone(kind: str, name: str) -> Callable[[Scene], None]:
    return lambda scene: scene.drop(kind, name)


def _half(scene: Scene) -> None:
    _route(scene, "churn", 50)


def _second_scaler(scene: Scene) -> None:
    scene.put("ScaledObject", "churn-predictor", _scaling("churn-predictor"))


def _no_record(scene: Scene) -> None:
    scene.aws.records.clear()


def _no_certificate(scene: Scene) -> None:
    scene.aws.certified.clear()


def _other_image(scene: Scene) -> None:
    containers = [{"image": f"{REGISTRY}/web-ui@sha256:{'0' * 64}"}]
    scene.put("Deployment", "web-ui", {"template": {"spec": {"containers": containers}}})


def _no_target(scene: Scene) -> None:
    name = "chat-canary-predictor"
    scene.put("ScaledObject", name, {**_scaling(name), "triggers": []})


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_gone("Deployment", "platform-api"), "no deployment platform-api"),
        (_other_image, "web-ui runs "),
        (_gone("HorizontalPodAutoscaler", "web-ui"), "nothing scales web-ui"),
        (_gone("ScaledObject", "chat-predictor"), "no ScaledObject scales chat-predictor"),
        (_no_target, "chat-canary-predictor is scaled by nothing"),
        (_second_scaler, "ScaledObject churn-predictor is left over"),
        (_half, "'churn-predictor': 90, 'churn-canary-predictor'"),
        (_gone("Service", "churn-canary-predictor"), "churn: no service churn-canary-predictor"),
        (_no_record, HOST),
        (_no_certificate, HOST),
    ],
)
def test_what_is_not_as_asked_for_is_told(
    scene: Scene, spoil: Callable[[Scene], None], told: str
) -> None:
    spoil(scene)
    (detail,) = scene.wrong()
    assert told in detail


def test_a_canary_that_is_done_leaves_no_route_and_no_scaler(scene: Scene) -> None:
    services.canaries_decided(scene.edited)
    _route(scene, "churn", 50)
    _route(scene, "chat", 100)
    assert scene.wrong() == []
    services.canaries_done(scene.edited)
    assert "churn has no canary, and still a weighted route" in "; ".join(scene.wrong())
    for model, scaler in (("churn", "HorizontalPodAutoscaler"), ("chat", "ScaledObject")):
        scene.drop("HTTPRoute", f"{model}-weighted")
        scene.drop(scaler, f"{model}-canary-predictor")
    assert scene.wrong() == []
    assert services.PROMOTED == "churn"
    served_now = {
        one["name"]: one["storage_uri"] for one in scene.edited["services"]["serving"]["models"]
    }
    assert served_now == {
        "churn": "s3://company-models/churn/v2",
        "chat": "s3://company-models/chat/v1",
    }
