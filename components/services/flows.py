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


@dataclass(frozen=True, kw_only=True)
class Flow:
    """TCP (unless said otherwise) connections that are let through."""

    name: str
    """Says why, in kebab-case, such as `prometheus-scrapes-mlflow`; unique among all plans."""
    source: Pods | Outside
    target: Pods | Outside
    ports: tuple[int, ...]
    """Ports of the target's pods (not of its service)."""
    protocol: Literal["TCP", "UDP"] = "TCP"
