"""ElastiCache's records: what is found, stored, tagged, listed and deleted, of every kind.

Kept here whole: moto lacks half of the operations, and its other half would not know of these.
Everything is there at once; the timeline says how long AWS takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

SUBNETS, PARAMETERS = "elasticache:subnetgroup", "elasticache:parametergroup"
USERS, USER_GROUPS = "elasticache:user", "elasticache:usergroup"
GROUPS, TAGS = "elasticache:replicationgroup", "elasticache:tags"

MISSING = {
    SUBNETS: ("CacheSubnetGroupNotFoundFault", "CacheSubnetGroup"),
    PARAMETERS: ("CacheParameterGroupNotFound", "CacheParameterGroup"),
    USERS: ("UserNotFound", "User"),
    USER_GROUPS: ("UserGroupNotFound", "User Group"),
    GROUPS: ("ReplicationGroupNotFoundFault", "ReplicationGroup"),
}
KIND = {
    SUBNETS: "subnetgroup",
    PARAMETERS: "parametergroup",
    USERS: "user",
    USER_GROUPS: "usergroup",
    GROUPS: "replicationgroup",
}
"""As ARNs name them."""


def describe(kind: str, key: str, answer: str) -> Callable[[Call], Answer]:
    """A describing operation: one by its name, or all."""

    def carry_out(call: Call) -> Answer:
        name = call.params.get(key)
        found: list[Any] = (
            [find(call, kind, name)] if name else list(call.here.table(kind).values())
        )
        seen = [shown(one) for one in found]
        return page(call, answer, seen, size="MaxRecords", token="Marker")

    return carry_out


def tag(call: Call) -> Answer:
    """AddTagsToResource."""
    tags = _tags(call)
    tags.update({one["Key"]: one["Value"] for one in call.listed("Tags")})
    return _listed_tags(tags)


def untag(call: Call) -> Answer:
    """RemoveTagsFromResource."""
    tags = _tags(call)
    for key in call.listed("TagKeys"):
        tags.pop(key, None)
    return _listed_tags(tags)


def list_tags(call: Call) -> Answer:
    """ListTagsForResource."""
    return _listed_tags(_tags(call))


def find(call: Call, kind: str, name: str) -> Record:
    """The record. Raises ApiError as ElastiCache does where there is none."""
    found = call.here.table(kind).get(name)
    if found is None:
        code, noun = MISSING[kind]
        raise ApiError(code, f"{noun} {name} not found.", 404)
    return found


def _tags(call: Call) -> Record:
    return call.here.table(TAGS).setdefault(call.params["ResourceName"], {})


def _listed_tags(tags: Record) -> Answer:
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


def made(call: Call, kind: str, key: str) -> Record:
    """The start of a new record: its name and ARN."""
    name = call.params[key]
    arn = f"arn:aws:elasticache:{call.region}:{call.account}:{KIND[kind]}:{name}"
    return {key: name, "ARN": arn}


def stored(call: Call, kind: str, key: str, record: Record) -> Record:
    """Keeps the record with the tags of the call."""
    call.here.table(kind)[record[key]] = record
    tags = {one["Key"]: one["Value"] for one in call.listed("Tags")}
    call.here.table(TAGS)[record["ARN"]] = tags
    return record


_HIDDEN = frozenset(
    {
        "CacheParameterGroupName",
        "CacheSubnetGroupName",
        "EngineVersion",
        "PreferredMaintenanceWindow",
        "SecurityGroupIds",
    }
)
"""What a replication group keeps for its members, and does not show itself."""


def shown(record: Record) -> Record:
    """Without what is kept beside the answer."""
    hidden = _HIDDEN if "MemberClusters" in record else {"Values"}
    return {key: value for key, value in record.items() if key not in hidden}
