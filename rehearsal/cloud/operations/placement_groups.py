"""EC2 placement groups."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations import own_tags
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.state import Record

KIND = "ec2:placement-group"


def create_placement_group(call: Call) -> Answer:
    """CreatePlacementGroup."""
    name = call.params["GroupName"]
    if name in call.here.table(KIND):
        raise ApiError("InvalidPlacementGroup.Duplicate", f"The group {name} already exists.")
    digits = identifier(call, name).replace("-", "")[:17]
    made: Record = {
        "GroupName": name,
        "GroupId": f"pg-{digits}",
        "GroupArn": f"arn:aws:ec2:{call.region}:{call.account}:placement-group/{name}",
        "State": "available",
        "Strategy": call.params.get("Strategy") or "cluster",
        "Tags": own_tags.given(call),
    }
    for setting in ("PartitionCount", "SpreadLevel"):
        if call.params.get(setting) is not None:
            made[setting] = call.params[setting]
    call.here.table(KIND)[name] = made
    return {"PlacementGroup": made}


def describe_placement_groups(call: Call) -> Answer:
    """DescribePlacementGroups, all or those named."""
    table = call.here.table(KIND)
    for name in call.listed("GroupNames"):
        if name not in table:
            raise _unknown(name)
    names, ids = call.listed("GroupNames"), call.listed("GroupIds")
    found = [
        each
        for each in table.values()
        if (not names or each["GroupName"] in names) and (not ids or each["GroupId"] in ids)
    ]
    return {"PlacementGroups": found}


def delete_placement_group(call: Call) -> Answer:
    """DeletePlacementGroup."""
    name = call.params["GroupName"]
    if call.here.table(KIND).pop(name, None) is None:
        raise _unknown(name)
    return {}


def _unknown(name: str) -> ApiError:
    return ApiError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")


OPERATIONS = {
    "CreatePlacementGroup": create_placement_group,
    "DeletePlacementGroup": delete_placement_group,
    "DescribePlacementGroups": describe_placement_groups,
}
