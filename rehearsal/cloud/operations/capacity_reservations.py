"""EC2's capacity reservations: instances of a type that are there when they are asked for."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations import own_tags
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.state import Record

KIND = "ec2:capacity-reservation"


def create_capacity_reservation(call: Call) -> Answer:
    """CreateCapacityReservation: active at once."""
    zone = call.params["AvailabilityZone"]
    digits = identifier(call, zone).replace("-", "")[:17]
    id_ = f"cr-{digits}"
    made: Record = {
        "CapacityReservationId": id_,
        "OwnerId": call.account,
        "CapacityReservationArn": (
            f"arn:aws:ec2:{call.region}:{call.account}:capacity-reservation/{id_}"
        ),
        "InstanceType": call.params["InstanceType"],
        "InstancePlatform": call.params["InstancePlatform"],
        "AvailabilityZone": zone,
        "Tenancy": call.params.get("Tenancy") or "default",
        "TotalInstanceCount": call.params["InstanceCount"],
        "AvailableInstanceCount": call.params["InstanceCount"],
        "EbsOptimized": bool(call.params.get("EbsOptimized")),
        "EphemeralStorage": False,
        "State": "active",
        "StartDate": now(),
        "EndDateType": call.params.get("EndDateType") or "unlimited",
        "InstanceMatchCriteria": call.params.get("InstanceMatchCriteria") or "open",
        "CreateDate": now(),
        "Tags": own_tags.given(call),
    }
    call.here.table(KIND)[id_] = made
    return {"CapacityReservation": made}


def describe_capacity_reservations(call: Call) -> Answer:
    """DescribeCapacityReservations, all or those named."""
    wanted = call.listed("CapacityReservationIds")
    for id_ in wanted:
        _held(call, id_)
    table = call.here.table(KIND)
    found = [each for id_, each in table.items() if not wanted or id_ in wanted]
    return {"CapacityReservations": found}


def modify_capacity_reservation(call: Call) -> Answer:
    """ModifyCapacityReservation: how many."""
    held = _held(call, call.params["CapacityReservationId"])
    count = call.params.get("InstanceCount")
    if count is not None:
        held["AvailableInstanceCount"] += count - held["TotalInstanceCount"]
        held["TotalInstanceCount"] = count
    return {"Return": True}


def cancel_capacity_reservation(call: Call) -> Answer:
    """CancelCapacityReservation: it is shown as cancelled from then on."""
    _held(call, call.params["CapacityReservationId"])["State"] = "cancelled"
    return {"Return": True}


def _held(call: Call, id_: str) -> Record:
    found = call.here.table(KIND).get(id_)
    if found is None:
        raise ApiError(
            "InvalidCapacityReservationId.NotFound",
            f"The capacity reservation ID '{id_}' does not exist",
        )
    return found


OPERATIONS = {
    "CancelCapacityReservation": cancel_capacity_reservation,
    "CreateCapacityReservation": create_capacity_reservation,
    "DescribeCapacityReservations": describe_capacity_reservations,
    "ModifyCapacityReservation": modify_capacity_reservation,
}
