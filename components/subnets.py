"""The subnets of a created network: three tiers in every zone, and where each one routes.

Part of `Network`. Public subnets carry load balancers and NAT only; private ones carry nodes,
pods and endpoints and leave by NAT; database subnets have no way out at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

Tier: TypeAlias = Literal["public", "private", "database"]
TIERS: tuple[Tier, ...] = ("public", "private", "database")

EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class ZoneBlocks:
    """Addresses of one zone's subnets, in CIDR notation."""

    zone: str
    """`us-east-1a`."""
    public: str
    private: str
    database: str

    def of(self, tier: Tier) -> str:
        """The tier's block."""
        return {"public": self.public, "private": self.private, "database": self.database}[tier]


@dataclass(frozen=True, kw_only=True)
class SubnetsArgs:
    """Plain values decide the shape; inputs only flow through."""

    vpc_id: Input[str]
    zones: Sequence[ZoneBlocks]
    """Append, never insert: the first zone carries a single NAT gateway."""
    nat: Literal["per-zone", "single"]
    cluster_name: str
    """Load balancers and Karpenter find their subnets by the cluster's name."""


class Subnets(Component):
    """Subnets by tier and zone, with gateways and route tables."""

    by_tier: Mapping[Tier, Mapping[str, aws.ec2.Subnet]]
    private_route_tables: Sequence[aws.ec2.RouteTable]
    nat_addresses: Sequence[pulumi.Output[str]]
    """Public addresses from which the platform calls out, for others' allow lists."""
    ways_out: Sequence[pulumi.Resource]
    """What a node in a private subnet needs to reach anything outside."""

    def __init__(
        self, name: str, args: SubnetsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._args = args
        self.by_tier = {tier: self._tier(tier) for tier in TIERS}
        gateway = self._internet_gateway()
        self._public_routes(gateway)
        self._addresses: dict[str, aws.ec2.Eip] = {}
        self.ways_out = self._ways_out = list[pulumi.Resource]()
        nats = {zone: self._nat(zone, gateway) for zone in self._nat_zones()}
        self.private_route_tables = [self._private_routes(zone.zone, nats) for zone in args.zones]
        self._database_routes()
        self.nat_addresses = [address.public_ip for address in self._addresses.values()]
        self.register_outputs({"nat_addresses": self.nat_addresses})

    def _letter(self, zone: str) -> str:
        """`a` of `us-east-1a`: no region in a logical name."""
        return zone.removeprefix(self.site.region).strip("-")

    def _nat_zones(self) -> Sequence[str]:
        zones = [zone.zone for zone in self._args.zones]
        return zones if self._args.nat == "per-zone" else zones[:1]

    def _tier(self, tier: Tier) -> Mapping[str, aws.ec2.Subnet]:
        return {zone.zone: self._subnet(tier, zone) for zone in self._args.zones}

    def _subnet(self, tier: Tier, zone: ZoneBlocks) -> aws.ec2.Subnet:
        part = f"{tier}-{self._letter(zone.zone)}"
        return aws.ec2.Subnet(
            self.child(part),
            vpc_id=self._args.vpc_id,
            availability_zone=zone.zone,
            cidr_block=zone.of(tier),
            map_public_ip_on_launch=False,
            tags=self.tags(part, discovery_tags(tier, self._args.cluster_name)),
            opts=self.options(),
        )

    def _internet_gateway(self) -> aws.ec2.InternetGateway:
        return aws.ec2.InternetGateway(
            self.child("internet"),
            vpc_id=self._args.vpc_id,
            tags=self.tags("internet"),
            opts=self.options(),
        )

    def _nat(self, zone: str, gateway: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
        part = f"nat-{self._letter(zone)}"
        address = aws.ec2.Eip(
            self.child(f"{part}-address"),
            domain="vpc",
            tags=self.tags(f"{part}-address"),
            opts=self.options(),
        )
        self._addresses[zone] = address
        return aws.ec2.NatGateway(
            self.child(part),
            allocation_id=address.id,
            subnet_id=self.by_tier["public"][zone].id,
            connectivity_type="public",
            tags=self.tags(part),
            # AWS refuses a public NAT gateway in a VPC that has no internet gateway yet.
            opts=self.options(depends_on=[gateway]),
        )

    def _public_routes(self, gateway: aws.ec2.InternetGateway) -> None:
        table = self._table("public")
        aws.ec2.Route(
            self.child("public-internet"),
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
            opts=self.options(),
        )
        for zone in self._args.zones:
            self._association("public", zone.zone, table)

    def _private_routes(
        self, zone: str, nats: Mapping[str, aws.ec2.NatGateway]
    ) -> aws.ec2.RouteTable:
        part = f"private-{self._letter(zone)}"
        table = self._table(part)
        nat = nats.get(zone) or next(iter(nats.values()))
        route = aws.ec2.Route(
            self.child(f"{part}-internet"),
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            nat_gateway_id=nat.id,
            opts=self.options(),
        )
        self._ways_out += [route, self._association("private", zone, table)]
        return table

    def _database_routes(self) -> None:
        for zone in self._args.zones:
            table = self._table(f"database-{self._letter(zone.zone)}")
            self._association("database", zone.zone, table)

    def _table(self, part: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            self.child(f"{part}-routes"),
            vpc_id=self._args.vpc_id,
            tags=self.tags(f"{part}-routes"),
            opts=self.options(),
        )

    def _association(
        self, tier: Tier, zone: str, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            self.child(f"{tier}-{self._letter(zone)}-association"),
            subnet_id=self.by_tier[tier][zone].id,
            route_table_id=table.id,
            opts=self.options(),
        )


def discovery_tags(tier: Tier, cluster_name: str) -> dict[str, str]:
    """Tags by which load balancers, EKS and Karpenter find the subnets of a tier."""
    shared = {"mlops:tier": tier, f"kubernetes.io/cluster/{cluster_name}": "shared"}
    if tier == "public":
        return {**shared, "kubernetes.io/role/elb": "1"}
    if tier == "private":
        return {
            **shared,
            "kubernetes.io/role/internal-elb": "1",
            "karpenter.sh/discovery": cluster_name,
        }
    return {"mlops:tier": tier}
