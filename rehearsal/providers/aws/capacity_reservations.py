"""EC2 capacity reservations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class CapacityReservation(Resource):
    """The ID is AWS's; only how many and until when change in place."""

    token: ClassVar[str] = "aws:ec2/capacityReservation:CapacityReservation"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"availabilityZone", "ebsOptimized", "endDateType", "instanceCount"}
        | {"instanceMatchCriteria", "instancePlatform", "instanceType", "tags", "tenancy"}
    )
    required: ClassVar[frozenset[str]] = frozenset(
        {"availabilityZone", "instanceCount", "instancePlatform", "instanceType"}
    )
    replaces: ClassVar[frozenset[str]] = inputs - {"endDateType", "instanceCount", "tags"}
    defaults: ClassVar[Mapping[str, Any]] = {
        "endDateType": "unlimited",
        "instanceMatchCriteria": "open",
        "tenancy": "default",
    }

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("ec2", "CreateCapacityReservation", props, only=self.inputs - {"tags"})
        made = aws.client("ec2").create_capacity_reservation(
            **asked, TagSpecifications=tags.specification("capacity-reservation", aws, props)
        )
        return made["CapacityReservation"]["CapacityReservationId"]

    @gone_is_none("InvalidCapacityReservationId.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        """AWS shows those that were cancelled for a while."""
        found = aws.client("ec2").describe_capacity_reservations(CapacityReservationIds=[id_])
        one = found["CapacityReservations"][0]
        if one["State"] != "active":
            return None
        described = {**one, "Tags": tags.own(aws, one.get("Tags"))}
        return {
            **reported(
                props, described, self.inputs, rename={"instanceCount": "TotalInstanceCount"}
            ),
            "arn": one["CapacityReservationArn"],
            "ownerId": one["OwnerId"],
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if old.get("instanceCount") != new.get("instanceCount"):
            aws.client("ec2").modify_capacity_reservation(
                CapacityReservationId=id_, InstanceCount=new["instanceCount"]
            )
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, {}) is not None:
            aws.client("ec2").cancel_capacity_reservation(CapacityReservationId=id_)


RESOURCES: tuple[Resource, ...] = (CapacityReservation(),)
