"""A hosted zone: the platform's public names, or the VPC's private ones.

An adopted zone is passed through unread: Route 53 is run from one region, and a stack must be
deployable while that region is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class ZoneArgs:
    """`ownership.existing`: the zone's ID. A zone with VPCs is private and seen only there."""

    domain: str
    ownership: Ownership = CREATE
    vpc_ids: Sequence[Input[str]] = ()


class Zone(Component):
    """A zone, made or adopted. Making it again would change its name servers: it is protected."""

    zone_id: pulumi.Output[str] | None = None
    name_servers: pulumi.Output[Sequence[str]] | None = None
    """What the parent domain must delegate to; None for an adopted zone."""

    def __init__(
        self, name: str, args: ZoneArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            zone = self._zone(args)
            self.zone_id = zone.zone_id
            self.name_servers = zone.name_servers
        elif args.ownership.adopted:
            self.zone_id = pulumi.Output.from_input(args.ownership.adopted)
        self.register_outputs({"zone_id": self.zone_id, "name_servers": self.name_servers})

    def _zone(self, args: ZoneArgs) -> aws.route53.Zone:
        return aws.route53.Zone(
            self.child("zone"),
            name=args.domain,
            comment=f"{self.site.prefix}: names of the platform",
            force_destroy=False,
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc_id) for vpc_id in args.vpc_ids] or None,
            tags=self.tags("zone", name=args.domain),
            opts=self.holds_data(),
        )
