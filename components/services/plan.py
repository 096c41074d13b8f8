"""A service as data: its releases and objects, and what each of them waits for.

A plan is made by a pure function, so that every value and manifest can be held to its contract
before a resource is registered, applied to a real API server in a test, and drawn.
`registration` turns plans into resources; `order` derives most of what waits for what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from catalog.charts import Chart
from components.services.flows import Flow

Manifest: TypeAlias = Mapping[str, Any]
"""A Kubernetes object as its YAML reads; leaves may be outputs, keys never are."""

Values: TypeAlias = Mapping[str, Any]
"""Helm values; leaves may be outputs, keys never are."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A chart, installed under its own name in its own namespace."""

    name: str
    """Unique in its plan."""
    chart: Chart
    values: Values
    uses: tuple[str, ...] = ()
    """API groups of custom resources that its templates render with these values, such as
    `monitoring.coreos.com`: their providers come first."""
    after: tuple[str, ...] = ()
    """What else comes first: `part`, `service/part`, `service`, or an anchor (`@nodes`)."""


@dataclass(frozen=True, kw_only=True)
class Object:
    """A single Kubernetes object."""

    name: str
    """Unique in its plan."""
    manifest: Manifest
    after: tuple[str, ...] = ()
    """As of a release."""
    ignore_changes: tuple[str, ...] = ()
    """Property paths that something else owns, such as `spec.replicas` under an HPA."""
    retain: bool = False
    """Left in the cluster by a destroy."""

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.manifest["kind"])

    @property
    def group(self) -> str:
        """Its API group; empty for the core group."""
        return str(self.manifest["apiVersion"]).rpartition("/")[0]

    @property
    def namespace(self) -> str | None:
        """Its namespace, or None for a cluster-scoped object."""
        return self.manifest["metadata"].get("namespace")


Part: TypeAlias = Release | Object


@dataclass(frozen=True, kw_only=True)
class ServicePlan:
    """One service. `name` is kebab-case and unique among all plans."""

    name: str
    parts: Sequence[Part]
    provides: Mapping[str, str] = field(default_factory=dict[str, str])
    """API group → name of the part that is complete once objects of that group are accepted:
    their CRDs are established and their webhooks answer."""
    flows: Sequence[Flow] = ()
    """Network flows that the service needs, as source and as target."""
    hosts: Sequence[str] = ()
    """Public names that the service answers to; no two services claim the same."""

    @property
    def releases(self) -> list[Release]:
        """Its releases."""
        return [part for part in self.parts if isinstance(part, Release)]

    @property
    def objects(self) -> list[Object]:
        """Its objects."""
        return [part for part in self.parts if isinstance(part, Object)]
