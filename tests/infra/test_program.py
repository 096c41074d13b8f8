"""The program's entrance: a bad stack file is refused before anything is registered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.base import Site
from components.services.order import PlanError
from components.services.plan import Object, Part, Release, ServicePlan
from infra.__main__ import main
from infra.deployment import deploy
from infra.services.areas import Area, service_plans
from infra.services.facts import Facts
from infra.settings import Settings
from tests.components.recorder import Recording, record
from tests.infra.composed import CLOUD
from tests.infra.documents import committed, with_values
from tests.infra.services.stacks import MODEL, settings_of

KEY = "mlops-platform:settings"


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    fresh = asyncio.new_event_loop()
    asyncio.set_event_loop(fresh)
    yield
    fresh.close()
    asyncio.set_event_loop(None)


def refused(config: dict[str, str]) -> tuple[str, Recording[Any]]:
    """The refusal, and what had been registered until then."""

    def program() -> str:
        pulumi.runtime.set_all_config(config)
        with pytest.raises(pulumi.RunError) as error:
            main()
        return str(error.value)

    recording = record(program)
    return recording.result, recording


def test_a_bad_stack_file_is_refused_before_anything_is_registered() -> None:
    document = with_values(committed("production"), {"network.nat": "none"})
    message, recording = refused({KEY: json.dumps(document)})
    assert message.startswith("Pulumi.production.yaml: 1 wrong key; nothing was deployed.")
    assert "network.nat" in message
    assert recording.resources == []


def test_a_stack_without_settings_is_refused() -> None:
    message, recording = refused({})
    assert "mlops-platform:settings: expected one object" in message
    assert recording.resources == []


@pytest.mark.parametrize(
    ("services", "said"),
    [
        (
            {"values": {"mlflow": {"replicaCuont": 3}}},
            "mlflow/release: replicaCuont: the chart mlflow 1.11.5 knows no such key",
        ),
        (
            {"learning": {"mlflow": {"host": "grafana"}}},
            "services.learning.mlflow.host: expected a label that nothing else answers to (grafana",
        ),
        (
            {"serving": {"models": [{**MODEL, "predictor": {"minReplica": 1}}]}},
            "model-churn/stable: spec.predictor: Additional properties are not allowed ('minRep",
        ),
        (
            {"mirror": {"images": "mirror.example.com", "lock": "none.lock"}},
            "services.mirror.images: none.lock has no digest of cr.fluentbit.io/fluent/",
        ),
    ],
    ids=[
        "an unknown value key",
        "a hostname twice",
        "an unknown field of a custom resource",
        "an image without a digest",
    ],
)
def test_services_that_would_fail_are_refused_before_anything_is_registered(
    services: dict[str, Any], said: str
) -> None:
    document = with_values(committed("production"), {"services": services})
    message, recording = refused({KEY: json.dumps(document)})
    assert message.startswith("Pulumi.production.yaml: ")
    assert said in message
    assert recording.resources == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"cluster.version": "1.36"},
            (
                "cluster.version: expected 1.33 to 1.35, which the chart keda 2.20.2 supports, "
                'not "1.36"; take such a version, or bump the chart in catalog/charts/pins.py'
            ),
        ),
        (
            {"cluster.version": "1.34", "services": {"scaling": {"scaler": "cluster-autoscaler"}}},
            "cluster.version: expected 1.35, which the chart cluster-autoscaler 9.59.0 supports",
        ),
        (
            {"cluster.version": "1.34", "services": {"serving": {"mode": "knative"}}},
            (
                "services.serving.mode: expected standard: upstream covers Knative mode up to "
                "Kubernetes 1.34 and Istio 1.28"
            ),
        ),
    ],
    ids=["newer than a chart", "older than a chart", "Knative beside a newer Istio"],
)
def test_a_cluster_that_a_chart_does_not_support_is_refused_before_anything_is_registered(
    changed: dict[str, Any], said: str
) -> None:
    document = with_values(committed("production"), changed)
    message, recording = refused({KEY: json.dumps(document)})
    assert message.startswith("Pulumi.production.yaml: ")
    assert said in message
    assert recording.resources == []


def with_part(changed: Callable[[Part], Part]) -> Area:
    """The plans of a stack, each part of which was `changed`."""

    def plans(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
        return [
            replace(plan, parts=[changed(part) for part in plan.parts])
            for plan in service_plans(settings, site, facts)
        ]

    return plans


def of_another_version(part: Part) -> Part:
    if isinstance(part, Release) and part.chart.name == "velero":
        return replace(part, chart=replace(part.chart, version="99.0.0"))
    return part


def with_an_unknown_field(part: Part) -> Part:
    if isinstance(part, Object) and part.kind == "EC2NodeClass":
        spec: dict[str, Any] = {**part.manifest["spec"], "subnets": []}
        return replace(part, manifest={**part.manifest, "spec": spec})
    return part


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (of_another_version, "velero/release: the contract is of velero 12.1.0, not 99.0.0"),
        (with_an_unknown_field, "spec: Additional properties are not allowed ('subnets' was"),
    ],
)
def test_plans_that_a_cluster_would_not_take_are_refused_before_anything_is_registered(
    changed: Callable[[Part], Part], said: str
) -> None:
    def program() -> str:
        with pytest.raises(PlanError) as error:
            deploy(settings_of("production"), with_part(changed))
        return str(error.value)

    recording = record(program)
    assert said in recording.result
    assert recording.resources == []


def test_a_good_stack_file_is_deployed() -> None:
    def program() -> None:
        pulumi.runtime.set_all_config({KEY: json.dumps(committed("production"))})
        main()

    recording = record(program, answers=CLOUD)
    assert recording.has("eks:index:Cluster")
    assert recording.has("kubernetes:helm.sh/v3:Release", "mlflow-release")
    assert len(recording.resources) > 600


def test_releases_that_take_objects_along_are_protected_like_data() -> None:
    def program() -> None:
        pulumi.runtime.set_all_config({KEY: json.dumps(committed("production"))})
        main()

    recording = record(program, answers=CLOUD)
    guarded = {
        one.inputs["name"] for one in recording.all("kubernetes:helm.sh/v3:Release") if one.protect
    }
    assert {"kserve-crd", "external-secrets", "keda", "karpenter-crd"} <= guarded
    assert "mlflow" not in guarded
