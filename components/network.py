"""The network of a stack: created with all its guards, or adopted from its owner.

Below everything that has an address. An adopted network is only read: its routes, endpoints and
flow logs stay its owner's, and nothing in it is tagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.database_acl import DatabaseAcl, DatabaseAclArgs
from components.endpoints import Endpoints, EndpointsArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.subnets import TIERS, Subnets, SubnetsArgs, Tier, ZoneBlocks


@dataclass(frozen=True, kw_only=True)
class AdoptedNetwork:
    """Identifiers of what the organisation already has."""

    vpc_id: str
    subnet_ids: Mapping[Tier, Sequence[str]]
    """In the order of `NetworkArgs.zones`, one per zone and tier."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError for fewer than two or more than three zones, or an adopted network without
    a subnet of each tier in each zone.
    """

    cidr: str
    """Addresses of the VPC, also of an adopted one."""
    zones: Sequence[ZoneBlocks]
    nat: Literal["per-zone", "single"]
    cluster_name: str
    logs_key_arn: Input[str]
    log_retention_days: int
    interface_endpoints: Sequence[str] = ()
    adopted: AdoptedNetwork | None = None

    def __post_init__(self) -> None:
        """Without two zones neither the control plane nor the database can be built."""
        if not 2 <= len(self.zones) <= 3:
            raise ValueError(f"zones: {len(self.zones)}: expected two or three zones; name them")
        for tier in TIERS if self.adopted else ():
            given = self.adopted.subnet_ids.get(tier, ()) if self.adopted else ()
            if len(given) != len(self.zones):
                raise ValueError(
                    f"adopted.subnet_ids[{tier!r}]: {len(given)} subnets: expected one for each "
                    f"of {len(self.zones)} zones"
                )


class Network(Component):
    """A VPC with public, private and database subnets in each zone."""

    vpc_id: pulumi.Output[str]
    cidr: pulumi.Output[str]
    subnets: Mapping[Tier, Mapping[str, pulumi.Output[str]]]
    """Tier → zone → subnet ID."""
    s3_endpoint_id: pulumi.Output[str] | None = None
    """None where the network is adopted."""
    nat_addresses: Sequence[pulumi.Output[str]] = ()
    """Public addresses from which the platform calls out; empty where adopted."""
    ways_out: Sequence[pulumi.Resource] = ()
    """Routes of the private tier: a node that starts before them cannot join. The control plane
    does not need them. Empty where adopted."""

    def __init__(
        self, name: str, args: NetworkArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        vpc = self._adopted_vpc(args.adopted) if args.adopted else self._vpc(args)
        self.vpc_id, self.cidr = vpc.id, vpc.cidr_block
        if args.adopted:
            self.subnets = self._adopted_subnets(args, args.adopted)
        else:
            self.subnets = self._created_subnets(args, vpc)
        self.register_outputs({"vpc_id": self.vpc_id, "cidr": self.cidr, "subnets": self.subnets})

    def subnet_ids(self, tier: Tier) -> list[pulumi.Output[str]]:
        """The tier's subnets, in the order of the zones."""
        return list(self.subnets[tier].values())

    def _adopted_vpc(self, adopted: AdoptedNetwork) -> aws.ec2.Vpc:
        return aws.ec2.Vpc.get(self.child("vpc"), adopted.vpc_id, opts=self.options())

    def _adopted_subnets(
        self, args: NetworkArgs, adopted: AdoptedNetwork
    ) -> Mapping[Tier, Mapping[str, pulumi.Output[str]]]:
        return {
            tier: {
                zone.zone: self._adopted_subnet(tier, place, identifier)
                for place, (zone, identifier) in enumerate(
                    zip(args.zones, adopted.subnet_ids[tier], strict=True)
                )
            }
            for tier in TIERS
        }

    def _adopted_subnet(self, tier: Tier, place: int, identifier: str) -> pulumi.Output[str]:
        child = self.child(f"{tier}-{place}")
        return aws.ec2.Subnet.get(child, identifier, opts=self.options()).id

    def _vpc(self, args: NetworkArgs) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self.child("vpc"),
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of endpoints need both
            tags=self.tags("vpc"),
            opts=self.options(),
        )

    def _created_subnets(
        self, args: NetworkArgs, vpc: aws.ec2.Vpc
    ) -> Mapping[Tier, Mapping[str, pulumi.Output[str]]]:
        self._closed_default_group(vpc)
        self._flow_logs(args, vpc)
        subnets = self._subnets(args, vpc)
        ids: dict[Tier, Mapping[str, pulumi.Output[str]]] = {
            tier: {zone: subnet.id for zone, subnet in zones.items()}
            for tier, zones in subnets.by_tier.items()
        }
        self.s3_endpoint_id = self._endpoints(args, vpc, subnets).s3_endpoint_id
        self.nat_addresses, self.ways_out = subnets.nat_addresses, subnets.ways_out
        self._database_acl(args, vpc, list(ids["database"].values()))
        return ids

    def _closed_default_group(self, vpc: aws.ec2.Vpc) -> aws.ec2.DefaultSecurityGroup:
        """What nobody gave a group of its own can talk to nobody."""
        return aws.ec2.DefaultSecurityGroup(
            self.child("default-group"),
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags=self.tags("default-group"),
            opts=self.options(),
        )

    def _flow_logs(self, args: NetworkArgs, vpc: aws.ec2.Vpc) -> FlowLogs:
        flow_logs = FlowLogsArgs(
            vpc_id=vpc.id,
            logs_key_arn=args.logs_key_arn,
            retention_days=args.log_retention_days,
        )
        return FlowLogs(self.child("flow-logs"), flow_logs, self.site, self.options())

    def _subnets(self, args: NetworkArgs, vpc: aws.ec2.Vpc) -> Subnets:
        subnets = SubnetsArgs(
            vpc_id=vpc.id, zones=args.zones, nat=args.nat, cluster_name=args.cluster_name
        )
        return Subnets(self.child("subnets"), subnets, self.site, self.options())

    def _endpoints(self, args: NetworkArgs, vpc: aws.ec2.Vpc, subnets: Subnets) -> Endpoints:
        endpoints = EndpointsArgs(
            vpc_id=vpc.id,
            cidr=args.cidr,
            subnet_ids=[subnet.id for subnet in subnets.by_tier["private"].values()],
            route_table_ids=[table.id for table in subnets.private_route_tables],
            services=args.interface_endpoints,
        )
        return Endpoints(self.child("endpoints"), endpoints, self.site, self.options())

    def _database_acl(
        self, args: NetworkArgs, vpc: aws.ec2.Vpc, subnet_ids: Sequence[Input[str]]
    ) -> DatabaseAcl:
        acl = DatabaseAclArgs(
            vpc_id=vpc.id,
            subnet_ids=subnet_ids,
            clients=[zone.private for zone in args.zones],
        )
        return DatabaseAcl(self.child("database-acl"), acl, self.site, self.options())
