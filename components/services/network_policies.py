"""Network policies from named flows: everything is denied that no flow names.

Per namespace one policy that denies, and one per pod selector and direction that lets its
flows through. The VPC CNI enforces them; it lets a node's kubelet reach its own pods for probes
whatever they say. kube-system is left open: its pods are EKS's, and their needs change with
each add-on's version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Literal, TypeAlias

from components.services.flows import Flow, Outside, Pods
from components.services.plan import Object, ServicePlan

Direction: TypeAlias = Literal["Ingress", "Egress"]

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")
"""Addresses that are nobody's on the internet, metadata services among them."""
POD_IDENTITY = "169.254.170.23/32"
"""Where EKS's agent hands out credentials. Source: EKS user guide, Pod Identity."""
NAME = "kubernetes.io/metadata.name"
DNS_PODS = {
    "namespaceSelector": {"matchLabels": {NAME: "kube-system"}},
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
}


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Blocks that peers outside of pods stand for."""

    vpc: str
    private: Sequence[str]
    """Subnets of the nodes and of the API server's interfaces."""
    services: str
    """The cluster's service block, whose first address is the API server's."""


def network_policies(
    plans: Sequence[ServicePlan], namespaces: Iterable[str], addresses: Addresses
) -> ServicePlan:
    """The policies of every namespace in `namespaces`, from the flows of all `plans`."""
    flows = [flow for plan in plans for flow in plan.flows]
    made = [deny(namespace) for namespace in namespaces]
    made += [allow_dns(namespace) for namespace in namespaces]
    known = frozenset(namespaces)
    sides = _sides(flows, known)
    made += [_policy(side, sides[side], addresses) for side in sorted(sides)]
    return ServicePlan(
        name="network-policies",
        parts=[
            Object(name=f"{one['metadata']['namespace']}-{one['metadata']['name']}", manifest=one)
            for one in made
        ],
    )


def deny(namespace: str) -> dict[str, Any]:
    """Nothing in, nothing out."""
    return _manifest(
        "default-deny", namespace, {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    )


def allow_dns(namespace: str) -> dict[str, Any]:
    """Every pod may ask the cluster's DNS."""
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    return _manifest(
        "allow-dns",
        namespace,
        {
            "podSelector": {},
            "policyTypes": ["Egress"],
            "egress": [{"to": [DNS_PODS], "ports": ports}],
        },
    )


Side: TypeAlias = tuple[str, str, Direction]
"""Namespace, labels as JSON, direction."""


def _sides(flows: Iterable[Flow], namespaces: frozenset[str]) -> dict[Side, list[Flow]]:
    sides: dict[Side, list[Flow]] = {}
    for flow in flows:
        for pods, direction in _ends(flow):
            if pods.namespace in namespaces:
                key = (pods.namespace, json.dumps(dict(pods.labels), sort_keys=True), direction)
                sides.setdefault(key, []).append(flow)
    return sides


def _ends(flow: Flow) -> list[tuple[Pods, Direction]]:
    ends: list[tuple[Pods, Direction]] = []
    if isinstance(flow.source, Pods):
        ends.append((flow.source, "Egress"))
    if isinstance(flow.target, Pods):
        ends.append((flow.target, "Ingress"))
    return ends


def _policy(side: Side, flows: Sequence[Flow], addresses: Addresses) -> dict[str, Any]:
    namespace, labels, direction = side
    far = "from" if direction == "Ingress" else "to"
    rules = [
        {far: _peers(_far_end(flow, direction), addresses), "ports": _ports(flow)}
        for flow in sorted(flows, key=lambda flow: flow.name)
    ]
    spec = {
        "podSelector": {"matchLabels": json.loads(labels)},
        "policyTypes": [direction],
        direction.lower(): rules,
    }
    names = ",".join(sorted(flow.name for flow in flows))
    return _manifest(_name(labels, direction), namespace, spec, {"mlops/flows": names})


def _far_end(flow: Flow, direction: Direction) -> Pods | Outside:
    return flow.source if direction == "Ingress" else flow.target


def _name(labels: str, direction: Direction) -> str:
    """`all-egress`, or the first label's value and a short hash of all labels."""
    known: Mapping[str, str] = json.loads(labels)
    if not known:
        return f"all-{direction.lower()}"
    first = next(iter(known.values()))
    digest = hashlib.sha256(labels.encode()).hexdigest()[:6]
    return f"{first[:40].lower()}-{digest}-{direction.lower()}"


def _ports(flow: Flow) -> list[dict[str, Any]]:
    return [{"protocol": flow.protocol, "port": port} for port in flow.ports]


def _peers(peer: Pods | Outside, addresses: Addresses) -> list[dict[str, Any]]:
    if isinstance(peer, Pods):
        selectors: dict[str, Any] = {"namespaceSelector": {"matchLabels": {NAME: peer.namespace}}}
        if peer.labels:
            selectors["podSelector"] = {"matchLabels": dict(peer.labels)}
        return [selectors]
    return _outside(peer, addresses)


def _outside(peer: Outside, addresses: Addresses) -> list[dict[str, Any]]:
    nodes = [_block(cidr) for cidr in addresses.private]
    api = str(IPv4Network(addresses.services)[1])
    internet = {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(PRIVATE)}}
    known: Mapping[Outside, list[dict[str, Any]]] = {
        "api-server": [_block(f"{api}/32"), *nodes],
        "dns": [DNS_PODS],
        # Interface endpoints are in the VPC; the other services are reached through NAT.
        "aws": [_block(addresses.vpc), internet],
        "vpc": [_block(addresses.vpc)],
        "world": [internet],
        "pod-identity": [_block(POD_IDENTITY)],
        "nodes": nodes,
    }
    return known[peer]


def _block(cidr: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr}}


def _manifest(
    name: str, namespace: str, spec: Mapping[str, Any], annotations: Mapping[str, str] | None = None
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "namespace": namespace}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata,
        "spec": dict(spec),
    }
