"""Which connections a set of NetworkPolicy objects lets through, as Kubernetes defines it.

A pod that a policy selects, for a direction, is isolated in it; it may then do what any policy
that selects it allows. A connection needs both its ends to allow it.
Source: Kubernetes, network policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Endpoint:
    """A pod, or an address that is none."""

    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    address: str = ""

    @property
    def is_pod(self) -> bool:
        return bool(self.namespace)


class FlowMatrix:
    """Evaluates the policies of a cluster."""

    def __init__(self, policies: Iterable[Mapping[str, Any]]) -> None:
        self._policies = list(policies)

    def allows(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> bool:
        """Whether a connection from `source` to `port` of `target` is let through."""
        out = self._passes("Egress", source, target, port, protocol)
        return out and self._passes("Ingress", target, source, port, protocol)

    def _passes(
        self, direction: str, here: Endpoint, there: Endpoint, port: int, protocol: str
    ) -> bool:
        if not here.is_pod:
            return True
        selecting = [one for one in self._policies if _selects(one, here, direction)]
        if not selecting:
            return True
        return any(
            _rule(rule, direction, there, port, protocol)
            for policy in selecting
            for rule in policy["spec"].get(direction.lower(), [])
        )


def _selects(policy: Mapping[str, Any], pod: Endpoint, direction: str) -> bool:
    return (
        policy["metadata"]["namespace"] == pod.namespace
        and direction in policy["spec"]["policyTypes"]
        and _matches(policy["spec"]["podSelector"], pod.labels)
    )


def _rule(
    rule: Mapping[str, Any], direction: str, there: Endpoint, port: int, protocol: str
) -> bool:
    peers: Sequence[Mapping[str, Any]] = rule.get("from" if direction == "Ingress" else "to", [])
    ports: Sequence[Mapping[str, Any]] = rule.get("ports", [])
    reaches = not peers or any(_peer(peer, there) for peer in peers)
    fits = not ports or any(
        one.get("protocol", "TCP") == protocol and one.get("port", port) == port for one in ports
    )
    return reaches and fits


def _peer(peer: Mapping[str, Any], there: Endpoint) -> bool:
    if "ipBlock" in peer:
        return bool(there.address) and _in_block(peer["ipBlock"], there.address)
    if not there.is_pod:
        return False
    namespaces = peer.get("namespaceSelector", {})
    return _matches(namespaces, {NAME: there.namespace}) and _matches(
        peer.get("podSelector", {}), there.labels
    )


def _in_block(block: Mapping[str, Any], address: str) -> bool:
    known = ip_address(address)
    inside = known in ip_network(block["cidr"])
    return inside and all(known not in ip_network(one) for one in block.get("except", []))


def _matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    wanted: Mapping[str, str] = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _expression(one, labels) for one in selector.get("matchExpressions", [])
    )


def _expression(one: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value = labels.get(one["key"])
    known: Mapping[str, bool] = {
        "In": value in one.get("values", []),
        "NotIn": value not in one.get("values", []),
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }
    return known[one["operator"]]
