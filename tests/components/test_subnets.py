"""Subnets: three tiers per zone, and where each of them leads."""

from __future__ import annotations

from typing import Literal

from components.base import Site
from components.subnets import Subnets, SubnetsArgs
from tests.components.recorder import Recording, record
from tests.components.test_network import ZONES

ROUTE = "aws:ec2/route:Route"
SUBNET = "aws:ec2/subnet:Subnet"
NAT = "aws:ec2/natGateway:NatGateway"
CLUSTER = "mlops-platform-production"


def built(
    site: Site, nat: Literal["per-zone", "single"] = "per-zone", zones: int = 3
) -> Recording[Subnets]:
    args = SubnetsArgs(vpc_id="vpc-1", zones=ZONES[:zones], nat=nat, cluster_name=CLUSTER)
    return record(lambda: Subnets("subnets", args, site))


def test_each_zone_has_a_subnet_of_each_tier_with_the_planned_block(site: Site) -> None:
    blocks = {it.name: it.inputs["cidrBlock"] for it in built(site).all(SUBNET)}
    assert len(blocks) == 9
    assert blocks["subnets-public-a"] == "10.0.192.0/21"
    assert blocks["subnets-private-b"] == "10.0.64.0/18"
    assert blocks["subnets-database-c"] == "10.0.240.0/21"


def test_no_subnet_gives_out_public_addresses(site: Site) -> None:
    assert all(it.inputs["mapPublicIpOnLaunch"] is False for it in built(site).all(SUBNET))


def test_load_balancers_and_karpenter_find_their_subnets_by_tags(site: Site) -> None:
    recording = built(site)
    public = recording.one(SUBNET, "subnets-public-a").tags
    private = recording.one(SUBNET, "subnets-private-a").tags
    database = recording.one(SUBNET, "subnets-database-a").tags
    assert public["kubernetes.io/role/elb"] == "1"
    assert "karpenter.sh/discovery" not in public
    assert private["kubernetes.io/role/internal-elb"] == "1"
    assert private["karpenter.sh/discovery"] == CLUSTER
    assert private[f"kubernetes.io/cluster/{CLUSTER}"] == "shared"
    assert [key for key in database if key.startswith(("kubernetes.io", "karpenter"))] == []


def test_each_private_subnet_leaves_by_the_nat_of_its_zone(site: Site) -> None:
    recording = built(site)
    assert len(recording.all(NAT)) == 3
    for letter in "abc":
        route = recording.one(ROUTE, f"subnets-private-{letter}-internet")
        assert route.inputs["natGatewayId"] == f"subnets-nat-{letter}-id"
        nat = recording.one(NAT, f"subnets-nat-{letter}")
        assert nat.inputs["subnetId"] == f"subnets-public-{letter}-id"


def test_a_single_nat_serves_every_zone(site: Site) -> None:
    recording = built(site, "single")
    assert recording.one(NAT).inputs["subnetId"] == "subnets-public-a-id"
    routes = [it for it in recording.all(ROUTE) if "natGatewayId" in it.inputs]
    assert [it.inputs["natGatewayId"] for it in routes] == ["subnets-nat-a-id"] * 3
    assert len(recording.result.nat_addresses) == 1


def test_only_the_public_tier_routes_to_the_internet_gateway(site: Site) -> None:
    recording = built(site)
    route = recording.one(ROUTE, "subnets-public-internet")
    assert route.inputs["gatewayId"] == "subnets-internet-id"
    assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    assert [it.name for it in recording.all(ROUTE) if "gatewayId" in it.inputs] == [route.name]


def test_the_database_tier_has_no_route_out(site: Site) -> None:
    recording = built(site)
    tables = {
        it.inputs["routeTableId"]
        for it in recording.all("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if it.inputs["subnetId"].startswith("subnets-database")
    }
    assert len(tables) == 3
    assert not tables & {route.inputs["routeTableId"] for route in recording.all(ROUTE)}


def test_nat_gateways_wait_for_the_internet_gateway(site: Site) -> None:
    recording = built(site)
    gateway = recording.one("aws:ec2/internetGateway:InternetGateway")
    assert all(recording.waits_for(nat, gateway) for nat in recording.all(NAT))


def test_appending_a_zone_changes_nothing_that_is_there(site: Site) -> None:
    before = {it.name: it.inputs for it in built(site, zones=2).resources}
    after = {it.name: it.inputs for it in built(site, zones=3).resources}
    assert before.items() <= after.items()
