"""Who may speak to whom: named flows, from which the network policies are made.

Everything else is denied. A flow is written once, by the service that opens the connection or
the one that takes it; the policies of both sides follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Outside: TypeAlias = Literal["api-server", "dns", "aws", "vpc", "world", "pod-identity", "nodes"]
"""Peers that are no pods: the cluster's API server; the cluster's DNS; AWS's APIs over 443;
addresses of the VPC (load balancers, database, cache, file system); anywhere over 443; the Pod
Identity agent; the nodes' own addresses (kubelets, host-network pods)."""


@dataclass(frozen=True, kw_only=True)
class Pods:
    """Pods of a namespace: all of them, or those with these labels."""

    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


EVERY_PORT: tuple[int, ...] = ()
"""Where both ends are one job's and choose their ports themselves."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """TCP (unless said otherwise) connections that are let through."""

    name: str
    """Says why, in kebab-case, such as `prometheus-scrapes-mlflow`; unique among all plans."""
    source: Pods | Outside
    target: Pods | Outside
    ports: tuple[int, ...]
    """Ports of the target's pods (not of its service), or `EVERY_PORT`."""
    protocol: Literal["TCP", "UDP"] = "TCP"


PROMETHEUS = Pods(namespace="monitoring", labels={"app.kubernetes.io/name": "prometheus"})


def scraped(name: str, pods: Pods, *ports: int) -> Flow:
    """Prometheus reads the metrics of `pods`."""
    return Flow(name=f"prometheus-scrapes-{name}", source=PROMETHEUS, target=pods, ports=ports)


def webhook(name: str, pods: Pods, *ports: int) -> Flow:
    """The API server calls the webhook, or the extension API, of `pods`."""
    return Flow(name=f"api-calls-{name}", source="api-server", target=pods, ports=ports)


def to_api(name: str, pods: Pods) -> Flow:
    """`pods` call the API server."""
    return Flow(name=f"{name}-calls-api", source=pods, target="api-server", ports=(443,))


def to_aws(name: str, pods: Pods) -> list[Flow]:
    """`pods` call AWS, with credentials of their Pod Identity."""
    return [
        Flow(name=f"{name}-calls-aws", source=pods, target="aws", ports=(443,)),
        Flow(name=f"{name}-credentials", source=pods, target="pod-identity", ports=(80,)),
    ]
