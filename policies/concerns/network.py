"""The network: watched, private where nodes and data live, apart from the other region's."""

from __future__ import annotations

from collections.abc import Iterator

from policies.addresses import Block, blocks, meet
from policies.finding import Broken, must_not_be
from policies.repair import Draft, breaks
from policies.routing import SUBNET, VPC, ways_to_internet
from policies.rule import PairRule, ResourceRule, Rule, StackRule
from policies.stack_settings import Role
from policies.subject import Stack, Subject, family

FLOW_LOG = "aws:ec2/flowLog:FlowLog"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SECONDARY_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
CLUSTER = "aws:eks/cluster:Cluster"
DATA_HOLDERS = {
    "aws:rds/subnetGroup:SubnetGroup": "subnetIds",
    "aws:elasticache/subnetGroup:SubnetGroup": "subnetIds",
    "aws:efs/mountTarget:MountTarget": "subnetId",
}
"""What keeps data in a subnet → the property that names it."""
PRIVATE_TIERS = ("private", "database")
INTERNAL_BALANCERS = "kubernetes.io/role/internal-elb"
"""Tag by which EKS finds subnets for internal load balancers. Source: EKS user guide."""
WITH_NETWORK: frozenset[Role] = frozenset({"primary", "standby"})
VPC_DOCS = "https://docs.aws.amazon.com/vpc/latest"


def _unwatched(one: Subject, stack: Stack) -> Iterator[Broken]:
    logs = stack.referring(one, "vpcId", FLOW_LOG)
    if not any(log.properties.text("trafficType") == "ALL" for log in logs):
        yield Broken("", "without a flow log of all traffic", "a flow log with trafficType ALL")


def _public_addresses(one: Subject) -> Iterator[Broken]:
    yield from must_not_be(one.properties, "mapPublicIpOnLaunch", True, "false")


def _private_addresses(one: Subject, draft: Draft) -> None:
    if breaks(one, _public_addresses):
        draft.set("mapPublicIpOnLaunch", False)


def _private_by_gateway(one: Subject, stack: Stack) -> Iterator[Broken]:
    if not _is_private(one, stack):
        return
    for way in ways_to_internet(one, stack):
        found = f"routed to an internet gateway by {way.name}"
        yield Broken("", found, "a default route by a NAT gateway, or none")


def _is_private(one: Subject, stack: Stack) -> bool:
    tags = one.properties.under("tags")
    if tags.text("mlops:tier") in PRIVATE_TIERS or INTERNAL_BALANCERS in tags.raw:
        return True
    return any(any(stack.referring(one, key, type_)) for type_, key in DATA_HOLDERS.items())


def _without_endpoints(one: Subject, stack: Stack) -> Iterator[Broken]:
    prefix = f"com.amazonaws.{one.settings.region}."
    there = {
        endpoint.properties.text("serviceName").removeprefix(prefix)
        for endpoint in stack.referring(one, "vpcId", ENDPOINT)
    }
    for service in one.settings.vpc_endpoints:
        if service not in there:
            yield Broken("", f"without an endpoint for {service}", "a VPC endpoint")


def _meeting_blocks(one: Subject, _stack: Stack, other: Stack) -> Iterator[Broken]:
    """Addresses of services stay inside their cluster: those of two clusters may be the same."""
    own = {VPC: _network, SECONDARY_BLOCK: _network, CLUSTER: _services}[family(one.type)](one)
    there = [*_networks(other), *(() if family(one.type) == CLUSTER else _service_blocks(other))]
    for key, block in own:
        for taken, of in there:
            if meet(block, taken):
                wanted = f"a block apart from {taken} of {of.name}"
                yield Broken(key, one.properties.shown(key), wanted)


def _network(one: Subject) -> Iterator[tuple[str, Block]]:
    for key in ("cidrBlock", "ipv6CidrBlock"):
        for block in blocks(one.properties, key):
            yield key, block


def _services(one: Subject) -> Iterator[tuple[str, Block]]:
    key = "kubernetesNetworkConfig.serviceIpv4Cidr"
    for block in blocks(one.properties, key):
        yield key, block


def _networks(stack: Stack) -> Iterator[tuple[Block, Subject]]:
    for one in stack.of(VPC, SECONDARY_BLOCK):
        yield from ((block, one) for _, block in _network(one))


def _service_blocks(stack: Stack) -> Iterator[tuple[Block, Subject]]:
    for one in stack.of(CLUSTER):
        yield from ((block, one) for _, block in _services(one))


RULES: tuple[Rule, ...] = (
    StackRule(
        number=1,
        name="network-flow-logs",
        because="Without a record of connections nobody can tell what an intruder reached.",
        fix="Give the VPC an aws.ec2.FlowLog with trafficType ALL.",
        severity="high",
        reference=f"{VPC_DOCS}/userguide/flow-logs.html",
        types=(VPC,),
        broken=_unwatched,
    ),
    ResourceRule(
        number=3,
        name="no-automatic-public-addresses",
        because="Whatever starts in such a subnet can be reached from the internet, wanted or not.",
        fix="Set mapPublicIpOnLaunch to false, or leave it out.",
        severity="high",
        reference=f"{VPC_DOCS}/userguide/subnet-public-ip.html",
        types=(SUBNET,),
        broken=_public_addresses,
        repair=_private_addresses,
    ),
    StackRule(
        number=10,
        name="private-subnets-leave-by-nat",
        because="A route to an internet gateway makes a subnet public, whatever it is called.",
        fix="Send the default route of the subnet's table to a NAT gateway by natGatewayId.",
        severity="critical",
        reference=f"{VPC_DOCS}/userguide/route-table-options.html",
        types=(SUBNET,),
        broken=_private_by_gateway,
    ),
    StackRule(
        number=11,
        name="network-endpoints",
        because="Calls to AWS that leave by NAT cost by the gigabyte, and stop when NAT does.",
        fix="Add an aws.ec2.VpcEndpoint for each service in vpc_endpoints of the stack's policy "
        "settings.",
        severity="low",
        level="advisory",
        reference=f"{VPC_DOCS}/privatelink/aws-services-privatelink-support.html",
        types=(VPC,),
        broken=_without_endpoints,
    ),
    PairRule(
        number=12,
        name="regions-apart-in-addresses",
        because="Two networks that share addresses can never be joined, and a service's address "
        "hides the host that has the same one.",
        fix="Choose a cidrBlock for the VPC that meets neither the other region's VPC nor its "
        "cluster's services.",
        severity="high",
        reference=f"{VPC_DOCS}/userguide/vpc-cidr-blocks.html",
        types=(VPC, SECONDARY_BLOCK, CLUSTER),
        roles=WITH_NETWORK,
        broken=_meeting_blocks,
    ),
)
