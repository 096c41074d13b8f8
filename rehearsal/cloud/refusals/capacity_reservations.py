"""Capacity reservations: where and of what they can be."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import instance_types
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"


def _zone(call: Call) -> str | None:
    zone = call.params.get("AvailabilityZone")
    known = [each.name for each in call.here.moto("ec2").describe_availability_zones()]
    if zone not in known:
        return f"The availability zone '{zone}' is not one of {', '.join(known)}."
    return None


def _type(call: Call) -> str | None:
    name = call.params["InstanceType"]
    return None if name in instance_types() else f"The instance type '{name}' is not valid."


def _count(call: Call) -> str | None:
    count = call.params.get("InstanceCount")
    if count is not None and count < 1:
        return f"The instance count {count} is not valid: it is at least 1."
    return None


RULES = (
    Rule(
        name="a capacity reservation's zone is of its region",
        service="ec2",
        operations=("CreateCapacityReservation",),
        code="InvalidParameterValue",
        url=f"{DOCS}/capacity-reservations-create.html",
        broken=_zone,
        status=400,
    ),
    Rule(
        name="capacity is reserved of an instance type that exists",
        service="ec2",
        operations=("CreateCapacityReservation",),
        code="InvalidParameterValue",
        url=f"{DOCS}/capacity-reservations-create.html",
        broken=_type,
        status=400,
    ),
    Rule(
        name="a capacity reservation is of an instance or more",
        service="ec2",
        operations=("CreateCapacityReservation", "ModifyCapacityReservation"),
        code="InvalidParameterValue",
        url=f"{DOCS}/capacity-reservations-modify.html",
        broken=_count,
        status=400,
    ),
)
