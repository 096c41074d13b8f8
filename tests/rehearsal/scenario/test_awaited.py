"""A service that Pulumi would wait for in vain is told of, in whatever order the parts came."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.scenario.awaited import SERVICE, has_pods
from rehearsal.scenario.verdict import Check

LABELS = {"app": "features"}


def _service(
    spec: dict[str, Any] | None = None, annotations: dict[str, str] | None = None
) -> dict[str, Any]:
    metadata = {"name": "features", "namespace": "space", "annotations": annotations or {}}
    spec = {"selector": LABELS, "ports": [{"port": 80}], **(spec or {})}
    return _resource("service", SERVICE, "v1", "Service", metadata, spec)


def _deployment(replicas: int, namespace: str = "space") -> dict[str, Any]:
    template: dict[str, Any] = {"metadata": {"labels": LABELS}, "spec": {"containers": []}}
    metadata = {"name": "features", "namespace": namespace}
    spec: dict[str, Any] = {"replicas": replicas, "template": template}
    kind = "kubernetes:apps/v1:Deployment"
    return _resource("deployment", kind, "apps/v1", "Deployment", metadata, spec)


def _resource(
    name: str, type_: str, version: str, kind: str, metadata: dict[str, Any], spec: dict[str, Any]
) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:s::p::{type_}::{name}",
        "type": type_,
        "custom": True,
        "inputs": {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec},
    }


def _judge(*resources: dict[str, Any]) -> Check:
    return has_pods({"deployment": {"resources": list(resources)}})


def test_a_service_of_a_deployment_without_pods_is_told_of_in_any_order() -> None:
    for parts in ((_service(), _deployment(0)), (_deployment(0), _service())):
        check = _judge(*parts)
        assert not check.passed
        assert "service does not target any Pods" in check.detail


@pytest.mark.parametrize(
    "parts",
    [
        (_service(), _deployment(2)),
        (_service(annotations={"pulumi.com/skipAwait": "true"}), _deployment(0)),
        (_service({"clusterIP": "None"}), _deployment(0)),
        (_service({"type": "ExternalName"}), _deployment(0)),
        (_service({"selector": {"app": "of a chart"}}), _deployment(0)),
        (_service(), _deployment(0, "elsewhere")),
        (_service({"selector": {}}), _deployment(0)),
    ],
    ids=[
        "with pods", "not awaited", "headless", "a name", "pods of a chart", "another namespace",
        "no selector",
    ],
)  # fmt: skip
def test_others_are_not(parts: tuple[dict[str, Any], ...]) -> None:
    assert _judge(*parts).passed
