"""Pools of nodes: in private subnets and several zones, of allowed types, GPUs kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policies.finding import Broken, must_be_at_least
from policies.properties import Properties
from policies.routing import SUBNET, ways_to_internet
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject, family, refers

CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
ACCELERATED = re.compile(r"(g|gr|p|trn|inf|dl|vt)\d")
"""Families with GPUs or other accelerators. Source: EC2 instance types, naming conventions."""
ACCELERATED_IMAGES = ("NVIDIA", "GPU", "NEURON")
"""In the names of EKS's AMI types with drivers for accelerators."""
KEEPS_AWAY = frozenset({"NO_SCHEDULE", "NO_EXECUTE", "NoSchedule", "NoExecute"})
"""Effects of taints in EKS's words and in Kubernetes'; a preference keeps nobody away."""
FAMILY_KEYS = ("karpenter.k8s.aws/instance-family", "node.kubernetes.io/instance-type")
ZONES = 2
DOCS = "https://docs.aws.amazon.com/eks/latest"


def _public_subnets(one: Subject, stack: Stack) -> Iterator[Broken]:
    for subnet in _subnets(one, stack):
        for way in ways_to_internet(subnet, stack):
            found = f"in {subnet.name}, routed to an internet gateway by {way.name}"
            yield Broken(
                "spec" if one.type == NODE_CLASS else "subnetIds", found, "private subnets"
            )


def _subnets(one: Subject, stack: Stack) -> Iterator[Subject]:
    if one.type != NODE_CLASS:
        yield from stack.referred(one, "subnetIds", SUBNET)
        return
    terms = one.properties.each("spec.subnetSelectorTerms")
    for subnet in stack.of(SUBNET):
        if refers(one, "spec", subnet) or any(_chosen(subnet, term) for term in terms):
            yield subnet


def _chosen(subnet: Subject, term: Properties) -> bool:
    """Whether Karpenter takes the subnet: by its ID, or by tags of which `*` is any value."""
    if term.knows("id"):
        return subnet.properties.text("arn").endswith(f"/{term.text('id')}")
    own, wanted = subnet.properties.under("tags").raw, term.under("tags").raw
    return bool(wanted) and all(
        key in own and value in ("*", own[key]) for key, value in wanted.items()
    )


def _unbounded(one: Subject) -> Iterator[Broken]:
    if one.type == NODE_POOL:
        yield from _karpenter_pool(one)
    else:
        yield from _node_group(one)


def _node_group(one: Subject) -> Iterator[Broken]:
    types = one.properties.texts("instanceTypes")
    yield from _families(one, types, "instanceTypes")
    image = one.properties.text("amiType")
    if any(map(_accelerated, types)) or any(name in image for name in ACCELERATED_IMAGES):
        yield from _tainted(one.properties)
        yield from _bounded(one, one.properties.under("scalingConfig"), "maxSize")


def _karpenter_pool(one: Subject) -> Iterator[Broken]:
    spec = one.properties.under("spec.template.spec")
    named = [
        requirement for requirement in spec.each("requirements")
        if requirement.text("key") in FAMILY_KEYS and requirement.text("operator") == "In"
    ]  # fmt: skip
    path = spec.at("requirements")
    if not named:
        # Without a list Karpenter takes whatever fits, instances with GPUs among them.
        yield Broken(path, "any instance", f"{FAMILY_KEYS[0]} In a list")
    types = [text for requirement in named for text in requirement.texts("values")]
    yield from _families(one, types, path)
    if any(map(_accelerated, types)):
        yield from _tainted(spec)
        yield from _gpu_pool_bounded(one, one.properties.under("spec.limits"))


def _families(one: Subject, types: Sequence[str], path: str) -> Iterator[Broken]:
    for type_ in types:
        settings = one.settings
        allowed = settings.gpu_families if _accelerated(type_) else settings.instance_families
        if type_.partition(".")[0] not in allowed:
            yield Broken(path, type_, f"one of {', '.join(allowed)}")


def _accelerated(type_: str) -> bool:
    return ACCELERATED.match(type_) is not None


def _gpu_limit(limits: Properties) -> Properties:
    """The limit `nvidia.com/gpu`, whose dot is no step down."""
    return Properties({"gpu": limits.raw.get("nvidia.com/gpu")}, limits.at("nvidia.com"))


def _tainted(of: Properties) -> Iterator[Broken]:
    if not any(taint.text("effect") in KEEPS_AWAY for taint in of.each("taints")):
        yield Broken(of.at("taints"), of.shown("taints"), "a taint of NO_SCHEDULE or NO_EXECUTE")


def _gpu_pool_bounded(one: Subject, limits: Properties) -> Iterator[Broken]:
    """By GPUs, or by processors where GPUs are shared: Karpenter would count the shares."""
    most = one.settings.max_gpu_vcpus
    if limits.has("cpu") and not limits.has("nvidia.com/gpu"):
        found = limits.number("cpu")
        if found is None or found > most:
            yield Broken(limits.at("cpu"), limits.shown("cpu"), f"{most} or less")
    else:
        yield from _bounded(one, _gpu_limit(limits), "gpu")


def _bounded(one: Subject, of: Properties, key: str) -> Iterator[Broken]:
    found, most = of.number(key), one.settings.max_gpu_nodes
    if found is None or found > most:
        yield Broken(of.at(key), of.shown(key), f"{most} or less")


def _fragile(one: Subject) -> Iterator[Broken]:
    of = one.properties.under("vpcConfig") if family(one.type) == CLUSTER else one.properties
    if of.count("subnetIds") < ZONES:
        wanted = f"subnets of {ZONES} or more zones"
        yield Broken(of.at("subnetIds"), of.shown("subnetIds"), wanted)
    update = one.properties.under("updateConfig")
    if family(one.type) == NODE_GROUP and not update.has("maxUnavailablePercentage"):
        yield from must_be_at_least(update, "maxUnavailable", 1, "node")


RULES: tuple[Rule, ...] = (
    StackRule(
        number=20,
        name="nodes-in-private-subnets",
        because="A node in a subnet that routes to the internet is one public address away from "
        "it.",
        fix="Name subnets in subnetIds whose default route is a NAT gateway.",
        severity="high",
        reference=f"{DOCS}/best-practices/subnets.html",
        types=(NODE_GROUP, NODE_CLASS),
        broken=_public_subnets,
    ),
    ResourceRule(
        number=25,
        name="node-pools-bounded",
        because="A GPU node costs as much as ten others: without a taint any pod occupies it, "
        "and without a bound a loop of pods spends the month's budget.",
        fix="Choose instanceTypes of the families in the stack's policy settings, and give a GPU "
        "pool a taint and a scalingConfig.maxSize (with Karpenter spec.limits) within "
        "max_gpu_nodes.",
        severity="high",
        reference=f"{DOCS}/userguide/node-taints-managed-node-groups.html",
        types=(NODE_GROUP, NODE_POOL),
        broken=_unbounded,
    ),
    ResourceRule(
        number=26,
        name="nodes-in-several-zones",
        because="A zone that fails, or an update of all nodes at once, takes the platform down.",
        fix="Name subnets of two or more zones in subnetIds, and set updateConfig.maxUnavailable.",
        severity="medium",
        level="advisory",
        reference=f"{DOCS}/userguide/managed-node-update-behavior.html",
        types=(CLUSTER, NODE_GROUP),
        broken=_fragile,
    ),
)
