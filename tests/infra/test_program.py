"""The program's entrance: a bad stack file is refused before anything is registered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from infra.__main__ import main
from tests.components.recorder import Recording, record
from tests.infra.composed import CLOUD
from tests.infra.documents import committed, with_values

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
            "grafana.mlops-platform.com: claimed by monitoring and mlflow",
        ),
        (
            {"mirror": {"images": "mirror.example.com", "lock": "none.lock"}},
            "services.mirror.images: none.lock has no digest of cr.fluentbit.io/fluent/",
        ),
    ],
    ids=["an unknown value key", "a hostname twice", "an image without a digest"],
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
    ],
    ids=["newer than a chart", "older than a chart"],
)
def test_a_cluster_that_a_chart_does_not_support_is_refused_before_anything_is_registered(
    changed: dict[str, Any], said: str
) -> None:
    document = with_values(committed("production"), changed)
    message, recording = refused({KEY: json.dumps(document)})
    assert message.startswith("Pulumi.production.yaml: ")
    assert said in message
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
