"""DynamoDB tables in several regions: moto takes replicas and forgets them. What they hold is not
copied."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.state import Record

KIND = "dynamodb:global-table"
VERSION = "2019.11.21"


def update_table(call: Call) -> Answer:
    """UpdateTable: remembers replicas, their witness and their consistency."""
    answer = call.upstream()
    kept = call.here.table(KIND).setdefault(_name(call), {})
    _change(kept, "Replicas", call.listed("ReplicaUpdates"), "ReplicaStatus")
    witnesses = call.listed("GlobalTableWitnessUpdates")
    _change(kept, "GlobalTableWitnesses", witnesses, "WitnessStatus")
    if call.params.get("MultiRegionConsistency"):
        kept["MultiRegionConsistency"] = call.params["MultiRegionConsistency"]
    answer["TableDescription"] = _told(answer["TableDescription"], kept)
    return answer


def describe_table(call: Call) -> Answer:
    """DescribeTable."""
    answer = call.upstream()
    answer["Table"] = _told(answer["Table"], call.here.table(KIND).get(_name(call), {}))
    return answer


def delete_table(call: Call) -> Answer:
    """DeleteTable."""
    answer = call.upstream()
    call.here.table(KIND).pop(_name(call), None)
    answer["TableDescription"] = _told(answer["TableDescription"], {})
    return answer


def _name(call: Call) -> str:
    """A table's, which may also be given by its ARN."""
    return str(call.params["TableName"]).rpartition("/")[2]


def _change(kept: Record, member: str, changes: list[Any], status: str) -> None:
    there: dict[str, Record] = {one["RegionName"]: one for one in kept.get(member, ())}
    for change in changes:
        for action, wanted in mapping(change).items():
            if action == "Delete":
                there.pop(wanted["RegionName"], None)
            elif wanted:
                there[wanted["RegionName"]] = {**wanted, status: "ACTIVE"}
    kept[member] = list(there.values())


def _told(table: Record, kept: Record) -> Record:
    """The table with its replicas; without a count that DynamoDB's own model wants above 0."""
    throughput = mapping(table.get("ProvisionedThroughput"))
    if throughput.get("NumberOfDecreasesToday") == 0:
        del throughput["NumberOfDecreasesToday"]
    if not kept.get("Replicas"):
        return table
    known = {key: value for key, value in kept.items() if value}
    return {**table, **known, "GlobalTableVersion": VERSION}


OPERATIONS = {
    "DeleteTable": delete_table,
    "DescribeTable": describe_table,
    "UpdateTable": update_table,
}
