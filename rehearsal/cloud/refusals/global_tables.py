"""DynamoDB tables with strong consistency between regions."""

from __future__ import annotations

from catalog.regions import STRONG_TABLES
from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.global_tables import shared_tables
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
CONCEPTS = f"{DOCS}/V2globaltables_HowItWorks.html"
STRONG = "STRONG"
VOTES = 3
"""Regions of a strongly consistent table: three replicas, or two and a witness."""


def _created(call: Call) -> list[str]:
    asked = [mapping(mapping(one).get("Create")) for one in call.listed("ReplicaUpdates")]
    return [one["RegionName"] for one in asked if one]


def _witnesses(call: Call) -> list[str]:
    asked = [
        mapping(mapping(one).get("Create")) for one in call.listed("GlobalTableWitnessUpdates")
    ]
    return [one["RegionName"] for one in asked if one]


def _is_strong(call: Call) -> bool:
    return call.params.get("MultiRegionConsistency") == STRONG


def _three(call: Call) -> str | None:
    voting = {call.region, *_created(call), *_witnesses(call)}
    if _is_strong(call) and len(voting) != VOTES:
        return (
            "A global table with multi-Region strong consistency has exactly three Regions: three"
            " replicas, or two replicas and a witness"
        )
    return None


def _one_set(call: Call) -> str | None:
    voting = {call.region, *_created(call), *_witnesses(call)}
    if _is_strong(call) and not any(voting <= known for known in STRONG_TABLES):
        return (
            "Multi-Region strong consistency is not available between"
            f" {', '.join(sorted(voting))}: a table cannot span Region sets"
        )
    return None


def _not_empty(call: Call) -> str | None:
    if not _is_strong(call):
        return None
    table = call.here.moto("dynamodb").tables.get(call.params["TableName"])
    if table is not None and table.items:
        return "Only an empty table becomes one with multi-Region strong consistency"
    return None


def _added_later(call: Call) -> str | None:
    shared = shared_tables(call).get(call.params["TableName"])
    if shared and shared["consistency"] == STRONG and _created(call):
        return "Replicas cannot be added to a table with multi-Region strong consistency"
    return None


def _key(call: Call) -> str | None:
    for one in call.listed("ReplicaUpdates"):
        given = mapping(mapping(one).get("Create"))
        key = str(given.get("KMSMasterKeyId") or "")
        if key.startswith("arn:") and key.split(":")[3] != given["RegionName"]:
            return f"The key {key} is not in the replica's Region {given['RegionName']}"
    return None


_TABLE = (
    ("a strongly consistent table has three regions", _three),
    ("a strongly consistent table stays within a set of regions", _one_set),
    ("only an empty table becomes strongly consistent", _not_empty),
    ("a strongly consistent table gets no further replica", _added_later),
    ("a replica of a table has a key of its region", _key),
)

RULES = tuple(
    Rule(
        name=name,
        service="dynamodb",
        operations=("UpdateTable",),
        code="ValidationException",
        url=CONCEPTS,
        broken=broken,
    )
    for name, broken in _TABLE
)
