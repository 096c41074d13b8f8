"""Claims that come with releases: of stateful sets that an operator or a chart makes.

A chart's own claim goes with its release; a stateful set's stays until its namespace goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.providers.kubernetes.objects import Object
from rehearsal.providers.wire import as_object


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """Where a chart's values tell of claims, and what the claims are called."""

    at: str
    """Path to a claim template, or to a section with `enabled`, size and class."""
    replicas: str | None
    name: str
    stays: bool


CLAIMED: Mapping[str, tuple[Claimed, ...]] = {
    "kube-prometheus-stack": (
        Claimed(
            at="prometheus.prometheusSpec.storageSpec.volumeClaimTemplate",
            replicas="prometheus.prometheusSpec.replicas",
            name="prometheus-{release}-prometheus-db-prometheus-{release}-prometheus-{number}",
            stays=True,
        ),
        Claimed(
            at="alertmanager.alertmanagerSpec.storage.volumeClaimTemplate",
            replicas="alertmanager.alertmanagerSpec.replicas",
            name="alertmanager-{release}-alertmanager-db-alertmanager-{release}-alertmanager-"
            "{number}",
            stays=True,
        ),
    ),
    "valkey": (Claimed(at="dataStorage", replicas=None, name="{release}", stays=False),),
}
"""By release. Source: the charts' values, and how Prometheus' operator names claims."""


def claims(
    release: str, namespace: str, values: Mapping[str, Any], *, stay: bool
) -> Iterator[Object]:
    """Claims of a release with these values: those that stay after it, or those that go."""
    for claimed in CLAIMED.get(release, ()):
        template = as_object(_at(values, claimed.at))
        if template and claimed.stays is stay:
            count = _at(values, claimed.replicas) if claimed.replicas else 1
            for number in range(int(count or 1)):
                name = claimed.name.format(release=release, number=number)
                yield _claim(name, namespace, _spec(template))


def _at(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for part in path.split("."):
        found = as_object(found).get(part)
    return found


def _spec(template: Mapping[str, Any]) -> dict[str, Any]:
    if "spec" in template:
        return dict(template["spec"])
    return {
        "storageClassName": template.get("className"),
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": template.get("requestedSize", "8Gi")}},
    }


def _claim(name: str, namespace: str, spec: Mapping[str, Any]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": namespace},
        "spec": dict(spec),
    }
