"""Nodes that a cluster has or could have: of managed groups and of Karpenter's pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.instances import Instance, instances
from rehearsal.providers.kubernetes.objects import Object, Objects
from rehearsal.providers.kubernetes.pods.account import NodeGroup
from rehearsal.providers.kubernetes.releases import KIND as RELEASE
from rehearsal.providers.wire import Props, as_list, as_object

ANY = "*"
"""A label's value that whoever makes the node may choose."""
TYPE = "node.kubernetes.io/instance-type"
FAMILY = "karpenter.k8s.aws/instance-family"
GPU = "nvidia.com/gpu"
WELL_KNOWN: Mapping[str, frozenset[str]] = {
    "kubernetes.io/os": frozenset({"linux"}),
    "kubernetes.io/hostname": frozenset({ANY}),
    "topology.kubernetes.io/zone": frozenset({ANY}),
    "topology.kubernetes.io/region": frozenset({ANY}),
}
ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Nodes of one kind. `labels` are the values that a node of it may have."""

    name: str
    labels: Mapping[str, frozenset[str]]
    taints: Sequence[Props]
    sizes: Sequence[Mapping[str, Decimal]]
    """What its instance types hold; empty where none is known to the catalogue."""


def pools(objects: Objects, cluster: str, groups: Sequence[NodeGroup]) -> list[Pool]:
    """Every kind of node. Karpenter's count only while it is installed."""
    found = [_of_group(group) for group in groups if group.most > 0]
    if any(one["name"] == "karpenter" for one in objects.of_kind(cluster, RELEASE)):
        found += [_of_pool(one) for one in objects.of_kind(cluster, "NodePool")]
    return found


def _of_group(group: NodeGroup) -> Pool:
    types = [instances("ec2")[one] for one in group.instance_types if one in instances("ec2")]
    own = {key: frozenset({value}) for key, value in group.labels.items()}
    return Pool(
        name=group.name,
        labels={**WELL_KNOWN, **_of_types(types, group.instance_types), **own},
        taints=[dict(taint) for taint in group.taints],
        sizes=[_size(one) for one in types],
    )


def _of_pool(body: Object) -> Pool:
    template = body["spec"]["template"]
    spec = template["spec"]
    wanted = {one["key"]: frozenset(as_list(one.get("values")) or [ANY])
              for one in as_list(spec.get("requirements"))}  # fmt: skip
    types = list(_allowed(wanted))
    labels = as_object(as_object(template.get("metadata")).get("labels"))
    name = str(body["metadata"]["name"])
    own = {key: frozenset({str(value)}) for key, value in labels.items()}
    return Pool(
        name=name,
        labels={
            **WELL_KNOWN,
            **_of_types(types, [one.name for one in types]),
            "karpenter.sh/nodepool": frozenset({name}),
            **wanted,
            **own,
        },
        taints=as_list(spec.get("taints")),
        sizes=[_size(one) for one in types],
    )


def _allowed(wanted: Mapping[str, frozenset[str]]) -> Iterator[Instance]:
    for one in instances("ec2").values():
        families = wanted.get(FAMILY, frozenset({one.family}))
        if one.family in families and one.name in wanted.get(TYPE, frozenset({one.name})):
            yield one


def _of_types(types: Sequence[Instance], names: Sequence[str]) -> dict[str, frozenset[str]]:
    arches = frozenset(ARCHITECTURES[one.architecture] for one in types)
    return {TYPE: frozenset(names), "kubernetes.io/arch": arches or frozenset({ANY})}


def _size(one: Instance) -> dict[str, Decimal]:
    return {
        "cpu": Decimal(one.vcpus),
        "memory": Decimal(str(one.memory_gib)) * 2**30,
        GPU: Decimal(one.accelerators if "nvidia" in one.accelerator.lower() else 0),
    }
