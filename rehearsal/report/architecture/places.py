"""What is where: networks with their tiers, zones and subnets, and the panels beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rehearsal.report.architecture.depictions import (
    CLUSTER,
    DEPICTED,
    ENDPOINT,
    NAT,
    NODE_GROUP,
    PANELS,
    SPANNING,
    Depiction,
    label,
    nested,
    text,
    texts,
)
from rehearsal.report.model import ResourceRecord, StackReport
from rehearsal.report.wording import counted, kind_of

_TIERS = ("public", "private", "database")
_TIER_TAGS = ("mlops:tier", "tier", "Tier")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A thing in the picture."""

    label: str
    note: str
    tone: str
    tooltip: str


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet and what sits in it alone."""

    zone: str
    cidr: str
    tooltip: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """An EKS cluster around its node pools."""

    item: Item
    pools: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Tier:
    """Subnets of one purpose, by zone, and what spans them."""

    name: str
    subnets: tuple[Subnet, ...]
    clusters: tuple[Cluster, ...]
    spanning: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Network:
    """A VPC."""

    name: str
    cidr: str
    tooltip: str
    zones: tuple[str, ...]
    tiers: tuple[Tier, ...]
    endpoints: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Things of one purpose beside the network."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Places:
    """The picture of one stack."""

    region: str
    account: str
    networks: tuple[Network, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class _Survey:
    """Resources by what the picture asks for."""

    resources: Sequence[ResourceRecord]

    def of(self, *types: str) -> list[ResourceRecord]:
        return [each for each in self.resources if each.type in types]

    def subnet_ids(self, each: ResourceRecord) -> list[str]:
        """The subnets that a resource runs in, by itself or through its subnet group."""
        facts = each.facts
        own = texts(facts, "subnetIds") or texts(facts, "subnets")
        own = own or texts(nested(facts, "vpcConfig"), "subnetIds")
        group = text(facts, "dbSubnetGroupName") or text(facts, "subnetGroupName")
        if own or not group:
            return own
        groups = self.of(
            "aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"
        )
        named = (one for one in groups if group in (text(one.facts, "name"), one.id))
        return next((texts(one.facts, "subnetIds") for one in named), own)


def places(stack: StackReport) -> Places:
    """What the picture of `stack` shows."""
    survey = _Survey(stack.resources)
    vpcs = survey.of("aws:ec2/vpc:Vpc")
    networks = tuple(_network(vpc, survey) for vpc in vpcs)
    subnets = {each.id for each in survey.of("aws:ec2/subnet:Subnet")} - {""}
    placed = {
        each.urn
        for each in survey.of(*SPANNING)
        if networks and subnets.intersection(survey.subnet_ids(each))
    }
    rest = [each for each in stack.resources if each.urn not in placed]
    return Places(
        region=stack.region,
        account=stack.account_id,
        networks=networks,
        panels=tuple(_panels(rest)),
    )


def _network(vpc: ResourceRecord, survey: _Survey) -> Network:
    subnets = [
        each
        for each in survey.of("aws:ec2/subnet:Subnet")
        if text(each.facts, "vpcId") in ("", vpc.id)
    ]
    names = {tier_of(each) for each in subnets}
    ranked = [name for name in _TIERS if name in names] + sorted(names.difference(_TIERS))
    return Network(
        name=label(vpc),
        cidr=text(vpc.facts, "cidrBlock"),
        tooltip=_tooltip(vpc),
        zones=tuple(sorted({text(each.facts, "availabilityZone") for each in subnets})),
        tiers=tuple(_tier(name, subnets, survey) for name in ranked),
        endpoints=tuple(map(_endpoint, survey.of(ENDPOINT))),
    )


def tier_of(subnet: ResourceRecord) -> str:
    """From its tag, else from its logical name, else `subnets`."""
    tags = nested(subnet.facts, "tags")
    tagged = next((text(tags, key) for key in _TIER_TAGS if text(tags, key)), "")
    named = re.search("|".join(_TIERS), subnet.name)
    return tagged or (named.group() if named else "subnets")


def _tier(name: str, subnets: Sequence[ResourceRecord], survey: _Survey) -> Tier:
    own = [each for each in subnets if tier_of(each) == name]
    ids = {each.id for each in own} - {""}
    spanning = [
        each
        for token in SPANNING
        for each in survey.of(token)
        if ids.intersection(survey.subnet_ids(each))
    ]
    clusters = [each for each in spanning if each.type == CLUSTER]
    pools = [each for each in spanning if each.type == NODE_GROUP and clusters]
    return Tier(
        name=name,
        subnets=tuple(_subnet(each, survey) for each in own),
        clusters=tuple(_cluster(each, pools) for each in clusters),
        spanning=tuple(
            _item(each, SPANNING[each.type])
            for each in spanning
            if each not in clusters and each not in pools
        ),
    )


def _cluster(cluster: ResourceRecord, pools: Sequence[ResourceRecord]) -> Cluster:
    named = text(cluster.facts, "name")
    own = [each for each in pools if text(each.facts, "clusterName") in ("", named)]
    return Cluster(
        item=_item(cluster, SPANNING[CLUSTER]),
        pools=tuple(_item(each, SPANNING[NODE_GROUP]) for each in own),
    )


def _subnet(subnet: ResourceRecord, survey: _Survey) -> Subnet:
    gateways = (each for each in survey.of(NAT) if text(each.facts, "subnetId") == subnet.id)
    return Subnet(
        zone=text(subnet.facts, "availabilityZone"),
        cidr=text(subnet.facts, "cidrBlock"),
        tooltip=_tooltip(subnet),
        items=tuple(
            Item(label="NAT", note="", tone="net", tooltip=_tooltip(each)) for each in gateways
        ),
    )


def _endpoint(endpoint: ResourceRecord) -> Item:
    # `com.amazonaws.us-east-1.ecr.api`: what follows the region is the service.
    service = text(endpoint.facts, "serviceName").split(".", 3)[-1]
    gateway = text(endpoint.facts, "vpcEndpointType") in ("", "Gateway")
    return Item(
        label=service or label(endpoint),
        note="gateway" if gateway else "",
        tone="net",
        tooltip=_tooltip(endpoint),
    )


def _panels(resources: Sequence[ResourceRecord]) -> Iterable[Panel]:
    counts = Counter(each.type for each in resources)
    for title in PANELS:
        singles = [
            _item(each, DEPICTED[each.type])
            for each in resources
            if each.type in DEPICTED and _shown(each.type, title) and not DEPICTED[each.type].many
        ]
        groups = [
            _group(token, depiction, counts[token])
            for token, depiction in DEPICTED.items()
            if depiction.panel == title and depiction.many and counts[token]
        ]
        if singles or groups:
            yield Panel(title=title, items=(*singles, *groups))


def _shown(token: str, panel: str) -> bool:
    return DEPICTED[token].panel == panel


def _group(token: str, depiction: Depiction, number: int) -> Item:
    singular, plural = depiction.many or (token, token)
    label = counted(number, singular, plural)
    return Item(label=label, note="", tone=depiction.tone, tooltip=token)


def _item(resource: ResourceRecord, depiction: Depiction) -> Item:
    return Item(
        label=depiction.title or label(resource),
        note=depiction.note(resource.facts),
        tone=depiction.tone,
        tooltip=_tooltip(resource),
    )


def _tooltip(resource: ResourceRecord) -> str:
    lines = (kind_of(resource.type), resource.urn, resource.id)
    return "\n".join(line for line in lines if line)
