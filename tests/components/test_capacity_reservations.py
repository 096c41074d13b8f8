"""Capacity that waits for nodes."""

from __future__ import annotations

from components.base import Site
from components.capacity_reservations import CapacityReservations, CapacityReservationsArgs
from tests.components.recorder import record

RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"


def test_it_is_spread_over_the_zones_and_taken_by_whoever_fits(site: Site) -> None:
    args = CapacityReservationsArgs(
        instance_type="g4dn.xlarge", count=3, zones=["us-east-1a", "us-east-1b"]
    )
    made = record(lambda: CapacityReservations("gpu-capacity", args, site)).all(RESERVATION)
    counts = {one.inputs["availabilityZone"]: one.inputs["instanceCount"] for one in made}
    assert counts == {"us-east-1a": 2, "us-east-1b": 1}
    assert {one.inputs["instanceMatchCriteria"] for one in made} == {"open"}


def test_a_zone_without_any_has_no_reservation() -> None:
    args = CapacityReservationsArgs(instance_type="g4dn.xlarge", count=1, zones=["a", "b", "c"])
    assert args.by_zone() == {"a": 1}
