"""The network as a whole: created with its guards, or adopted and left alone."""

from __future__ import annotations

import pytest

from components.base import Site
from components.network import AdoptedNetwork, Network, NetworkArgs
from components.subnets import TIERS, Tier, ZoneBlocks
from tests.components.recorder import Recording, record

ZONES = (
    ZoneBlocks(
        zone="us-east-1a",
        public="10.0.192.0/21",
        private="10.0.0.0/18",
        database="10.0.224.0/21",
    ),
    ZoneBlocks(
        zone="us-east-1b",
        public="10.0.200.0/21",
        private="10.0.64.0/18",
        database="10.0.232.0/21",
    ),
    ZoneBlocks(
        zone="us-east-1c",
        public="10.0.208.0/21",
        private="10.0.128.0/18",
        database="10.0.240.0/21",
    ),
)
EXISTING: dict[Tier, tuple[str, ...]] = {
    tier: tuple(f"subnet-{tier}-{place}" for place in range(3)) for tier in TIERS
}


def network_args(
    *,
    endpoints: tuple[str, ...] = ("ecr.api", "sts"),
    adopted: AdoptedNetwork | None = None,
    zones: tuple[ZoneBlocks, ...] = ZONES,
) -> NetworkArgs:
    return NetworkArgs(
        cidr="10.0.0.0/16",
        zones=zones,
        nat="per-zone",
        cluster_name="mlops-platform-production",
        logs_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
        log_retention_days=30,
        interface_endpoints=endpoints,
        adopted=adopted,
    )


def built(site: Site, args: NetworkArgs | None = None) -> Recording[Network]:
    return record(lambda: Network("network", args or network_args(), site))


def test_the_vpc_has_its_block_its_name_and_private_dns(site: Site) -> None:
    vpc = built(site).one("aws:ec2/vpc:Vpc")
    assert vpc.inputs["cidrBlock"] == "10.0.0.0/16"
    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True
    assert vpc.tags["Name"] == "mlops-platform-production-network-vpc"


def test_the_default_security_group_lets_nothing_in_or_out(site: Site) -> None:
    group = built(site).one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.inputs["vpcId"] == "network-vpc-id"
    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


def test_subnets_are_listed_by_tier_in_the_order_of_the_zones(site: Site) -> None:
    recording = built(site)
    ids = [recording.value(it) for it in recording.result.subnet_ids("private")]
    assert ids == [f"network-subnets-private-{letter}-id" for letter in "abc"]
    assert list(recording.result.subnets["database"]) == ["us-east-1a", "us-east-1b", "us-east-1c"]


def test_nodes_can_wait_for_their_way_out_and_nothing_else_has_to(site: Site) -> None:
    network = built(site).result
    assert len(network.ways_out) == 6
    assert len(network.nat_addresses) == 3


def test_every_taggable_child_says_whose_it_is_and_which_one(site: Site) -> None:
    untaggable = ("Route", "RouteTableAssociation", "RolePolicy")
    tagged = [
        resource
        for resource in built(site).resources
        if resource.custom and resource.type.split(":")[-1] not in untaggable
    ]
    assert tagged
    for resource in tagged:
        assert resource.tags["Owner"] == "ml-platform", resource.name
        assert resource.tags["mlops:id"].split(":")[1] == resource.name
        assert resource.tags["Name"], resource.name


def test_everything_hangs_below_the_network(site: Site) -> None:
    recording = built(site)
    component = recording.one("mlops:components:Network")
    parents = {resource.urn: resource.parent for resource in recording.resources}
    for resource in recording.resources:
        urn = resource.urn
        while urn in parents and urn != component.urn:
            urn = parents[urn]
        assert urn == component.urn, resource.name


def test_no_logical_name_carries_the_environment(site: Site) -> None:
    assert not [it.name for it in built(site).resources if "production" in it.name]


def test_an_adopted_network_is_only_read(site: Site) -> None:
    adopted = AdoptedNetwork(vpc_id="vpc-0123456789abcdef0", subnet_ids=EXISTING)
    recording = built(site, network_args(adopted=adopted))
    assert recording.one("aws:ec2/vpc:Vpc").read_id == "vpc-0123456789abcdef0"
    assert len(recording.all("aws:ec2/subnet:Subnet")) == 9
    assert all(resource.read_id for resource in recording.resources if resource.custom)
    network = recording.result
    assert [recording.value(it) for it in network.subnet_ids("database")] == [
        "subnet-database-0",
        "subnet-database-1",
        "subnet-database-2",
    ]
    assert network.s3_endpoint_id is None
    assert network.ways_out == ()


def test_an_adopted_network_needs_a_subnet_of_each_tier_in_each_zone() -> None:
    short: dict[Tier, tuple[str, ...]] = {**EXISTING, "database": ("subnet-1",)}
    with pytest.raises(ValueError, match=r"adopted.subnet_ids\['database'\]: 1 subnets"):
        network_args(adopted=AdoptedNetwork(vpc_id="vpc-1", subnet_ids=short))


def test_one_zone_is_not_enough() -> None:
    with pytest.raises(ValueError, match="zones: 1: expected two or three"):
        network_args(zones=ZONES[:1])
