"""Tags of EKS resources."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.operations.eks_records import TAGGED, not_found
from rehearsal.cloud.state import Record, Region

ARN_MEMBERS = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")


def tag_resource(call: Call) -> Answer:
    """TagResource."""
    _find(call)["tags"].update(call.params["tags"])
    return {}


def untag_resource(call: Call) -> Answer:
    """UntagResource."""
    tags = _find(call)["tags"]
    for name in call.params["tagKeys"]:
        tags.pop(name, None)
    return {}


def list_tags_for_resource(call: Call) -> Answer:
    """ListTagsForResource."""
    return {"tags": _find(call)["tags"]}


def tagged(here: Region) -> Iterator[tuple[str, dict[str, str]]]:
    """ARN and tags of every EKS resource in a region."""
    for kind in TAGGED:
        for record in here.table(kind).values():
            yield _arn(record), record["tags"]


def _find(call: Call) -> Record:
    wanted = call.params["resourceArn"]
    for kind in TAGGED:
        for record in call.here.table(kind).values():
            if _arn(record) == wanted:
                return record
    raise not_found(f"No resource found for ARN: {wanted}")


def _arn(record: Record) -> str:
    return next(record[member] for member in ARN_MEMBERS if member in record)


OPERATIONS = {
    "ListTagsForResource": list_tags_for_resource,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}
