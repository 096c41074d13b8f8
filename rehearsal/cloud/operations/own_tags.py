"""Tags of EC2's resources that are kept here, since moto has none of the kind."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.plain import listing
from rehearsal.cloud.state import Record

KINDS = {"ec2:placement-group": "GroupId", "ec2:capacity-reservation": "CapacityReservationId"}
"""Tables of such kinds, each with the member that is the resource's ID."""


def given(call: Call) -> list[Record]:
    """Tags that a creating call brings."""
    return [tag for spec in call.listed("TagSpecifications") for tag in listing(spec.get("Tags"))]


def create_tags(call: Call) -> Answer:
    """CreateTags."""
    ours = _named(call)
    for one in ours:
        new = {tag["Key"]: tag for tag in call.listed("Tags")}
        kept = [tag for tag in one["Tags"] if tag["Key"] not in new]
        one["Tags"] = [*kept, *new.values()]
    return {} if ours else call.upstream()


def delete_tags(call: Call) -> Answer:
    """DeleteTags."""
    ours = _named(call)
    gone = {tag["Key"] for tag in call.listed("Tags")}
    for one in ours:
        one["Tags"] = [tag for tag in one["Tags"] if tag["Key"] not in gone]
    return {} if ours else call.upstream()


def _named(call: Call) -> list[Record]:
    """What is kept here, of the resources that a call names."""
    wanted = call.listed("Resources")
    return [
        each
        for kind, name in KINDS.items()
        for each in call.here.table(kind).values()
        if each[name] in wanted
    ]


OPERATIONS = {"CreateTags": create_tags, "DeleteTags": delete_tags}
