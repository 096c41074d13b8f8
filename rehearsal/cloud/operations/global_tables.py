"""DynamoDB tables that several regions share: who holds a replica, which region only votes, and
one set of items behind all of them. moto knows tables of one region.

With strong consistency every region answers with the latest write, so that all of them may work on
the first region's table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.state import Record, Table

SHARED = "dynamodb:shared"
"""By table name, in the region where it was made and in each that holds a replica."""
ITEMS = (
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
)


def shared_tables(call: Call) -> Table:
    """What this region knows of tables that it shares."""
    return call.here.table(SHARED)


def update_table(call: Call) -> Answer:
    """UpdateTable: replicas and witnesses are kept here, the rest is moto's."""
    name = call.params["TableName"]
    asked = call.listed("ReplicaUpdates")
    if not asked:
        call.upstream()
        return {"TableDescription": _described(call, name)}
    shared = shared_tables(call).setdefault(name, _alone(call))
    for change in asked:
        _change(call, name, shared, change)
    if call.params.get("MultiRegionConsistency"):
        shared["consistency"] = call.params["MultiRegionConsistency"]
    for change in call.listed("GlobalTableWitnessUpdates"):
        shared["witness"] = change["Create"]["RegionName"] if "Create" in change else ""
    if not shared["replicas"]:
        del shared_tables(call)[name]
    return {"TableDescription": _described(call, name)}


def describe_table(call: Call) -> Answer:
    """DescribeTable, in any region that holds it."""
    return {"Table": _described(call, call.params["TableName"])}


def delete_table(call: Call) -> Answer:
    """DeleteTable: first the replicas."""
    shared = shared_tables(call).get(call.params["TableName"])
    if shared:
        text = f"Table has replicas in {', '.join(shared['replicas'])}: remove them first"
        raise ApiError("ValidationException", text)
    answer = call.upstream()
    return {"TableDescription": _countless(answer["TableDescription"])}


def on_items(call: Call) -> Answer:
    """An operation on items: those of the region that made the table."""
    shared = shared_tables(call)
    homes = {shared[name]["home"] for name in _named(call) if name in shared}
    home = next(iter(homes - {call.region}), None)
    if home is None:
        return call.upstream()
    return call.ask("dynamodb", call.operation, call.params, region=home)


def _named(call: Call) -> Iterator[str]:
    """The tables that a call is about: one, or those of each part of a batch or transaction."""
    given = [call.params.get("TableName"), *call.mapped("RequestItems")]
    for part in call.listed("TransactItems"):
        given += [mapping(action).get("TableName") for action in mapping(part).values()]
    # A table may also be named by its ARN.
    yield from (str(name).rpartition("/")[2] for name in given if name)


def _alone(call: Call) -> Record:
    return {"home": call.region, "replicas": {}, "witness": "", "consistency": ""}


def _change(call: Call, name: str, shared: Record, change: Record) -> None:
    if "Delete" in change:
        region = change["Delete"]["RegionName"]
        if shared["replicas"].pop(region, None) is None:
            raise ApiError("ReplicaNotFoundException", f"{name} has no replica in {region}")
        call.cloud.region(region).table(SHARED).pop(name, None)
        return
    given = change.get("Create") or change["Update"]
    shared["replicas"][given["RegionName"]] = given
    call.cloud.region(given["RegionName"]).table(SHARED)[name] = shared


def _described(call: Call, name: str) -> Answer:
    name = name.rpartition("/")[2]
    shared = shared_tables(call).get(name)
    home = shared["home"] if shared else call.region
    table: Answer = call.ask("dynamodb", "DescribeTable", {"TableName": name}, region=home)["Table"]
    if not shared:
        return _countless(table)
    arn = str(table["TableArn"])
    table["TableArn"] = arn.replace(f":{home}:", f":{call.region}:")
    everywhere = {home: {"RegionName": home}, **shared["replicas"]}
    table["Replicas"] = [
        {**one, "ReplicaStatus": "ACTIVE"}
        for region, one in everywhere.items()
        if region != call.region
    ]
    table["GlobalTableVersion"] = "2019.11.21"
    if shared["consistency"]:
        table["MultiRegionConsistency"] = shared["consistency"]
    if shared["witness"]:
        witness = {"RegionName": shared["witness"], "WitnessStatus": "ACTIVE"}
        table["GlobalTableWitnesses"] = [witness]
    return _countless(table)


def _countless(table: Answer) -> Answer:
    """No decrease today is told by nothing: the model wants at least one."""
    mapping(table.get("ProvisionedThroughput")).pop("NumberOfDecreasesToday", None)
    return table


OPERATIONS: dict[str, Callable[[Call], Answer]] = {
    "DeleteTable": delete_table,
    "DescribeTable": describe_table,
    "UpdateTable": update_table,
    **dict.fromkeys(ITEMS, on_items),
}
