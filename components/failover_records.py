"""Public names that can move to the other region: failover records from the first day.

Each region's stack owns its own half. Moving traffic changes no record: the primary's health
check (`components/flip_check.py`) decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

Role = Literal["primary", "secondary"]


@dataclass(frozen=True, kw_only=True)
class BalancerAddress:
    """A load balancer's name and the zone that AWS keeps it in."""

    dns_name: Input[str]
    zone_id: Input[str]


@dataclass(frozen=True, kw_only=True)
class FailoverRecordsArgs:
    """`names`: public name → the load balancer of this region that answers to it.

    Raises ValueError for a primary without health check, which would never let go.
    """

    zone_id: Input[str]
    role: Role
    names: Mapping[str, BalancerAddress]
    health_check_id: Input[str] | None = None

    def __post_init__(self) -> None:
        """The health check belongs to the primary, and only there."""
        if (self.role == "primary") != (self.health_check_id is not None):
            raise ValueError(
                f"role {self.role!r}: a health check is expected for the primary, and only there: "
                "it is what moves the traffic"
            )


class FailoverRecords(Component):
    """This region's half of every public name."""

    def __init__(
        self, name: str, args: FailoverRecordsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        for public_name, address in args.names.items():
            self._record(args, public_name, address)
        self.register_outputs({"names": list(args.names)})

    def _record(
        self, args: FailoverRecordsArgs, public_name: str, address: BalancerAddress
    ) -> aws.route53.Record:
        return aws.route53.Record(
            self.child(public_name),
            zone_id=args.zone_id,
            name=public_name,
            type="A",
            set_identifier=f"{args.role}-{self.site.region}",
            failover_routing_policies=[
                aws.route53.RecordFailoverRoutingPolicyArgs(type=args.role.upper())
            ],
            health_check_id=args.health_check_id,
            # An alias has the TTL of its load balancer: 60 seconds.
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=address.dns_name, zone_id=address.zone_id, evaluate_target_health=True
                )
            ],
            opts=self.options(),
        )
