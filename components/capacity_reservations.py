"""Instances that are paid for all the time, so that they are there when a region is lost.

Then everybody asks for the same GPUs in the same minute. Any instance of the type in the zone
takes a reservation that is open by itself: node groups and Karpenter need to know nothing of it.
Source: EC2 user guide, On-Demand Capacity Reservations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site


@dataclass(frozen=True, kw_only=True)
class CapacityReservationsArgs:
    """`count` instances, spread over the zones from the first on."""

    instance_type: str
    count: int
    zones: Sequence[str]

    def by_zone(self) -> dict[str, int]:
        """How many in each zone that has any."""
        each, more = divmod(self.count, len(self.zones))
        counts = {zone: each + (place < more) for place, zone in enumerate(self.zones)}
        return {zone: count for zone, count in counts.items() if count}


class CapacityReservations(Component):
    """A reservation in each zone."""

    def __init__(
        self,
        name: str,
        args: CapacityReservationsArgs,
        site: Site,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, site, opts)
        for zone, count in args.by_zone().items():
            letter = zone.removeprefix(site.region)
            aws.ec2.CapacityReservation(
                self.child(letter),
                availability_zone=zone,
                instance_count=count,
                instance_match_criteria="open",
                instance_platform="Linux/UNIX",
                instance_type=args.instance_type,
                end_date_type="unlimited",
                tenancy="default",
                tags=self.tags(letter, name=site.name(f"{name}-{letter}")),
                opts=self.options(),
            )
        self.register_outputs({})
