"""Examples of refusals about DynamoDB tables that regions share."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()


def table(a: Account, name: str = "fence") -> str:
    """An empty table with a key `platform`."""
    a.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def shared(
    name: str = "fence", *regions: str, witness: str | None = "us-east-2", **more: Any
) -> dict[str, Any]:
    """Parameters that make a table a strongly consistent one."""
    votes = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]} if witness else {}
    replicas = [{"Create": {"RegionName": region, **more}} for region in regions or ("us-west-2",)]
    return {
        "TableName": name,
        "ReplicaUpdates": replicas,
        "MultiRegionConsistency": "STRONG",
        **votes,
    }


@EXAMPLES.of("a strongly consistent table has three regions")
def _(a: Account, refused: Refused) -> None:
    table(a)
    refused(a.dynamodb.update_table, **shared(witness=None))
    refused(a.dynamodb.update_table, **shared(witness="us-west-2"))
    a.dynamodb.update_table(**shared())


@EXAMPLES.of("a strongly consistent table stays within a set of regions")
def _(a: Account, refused: Refused) -> None:
    table(a)
    refused(a.dynamodb.update_table, **shared(witness="eu-west-1"))
    a.dynamodb.update_table(**shared())


@EXAMPLES.of("only an empty table becomes strongly consistent")
def _(a: Account, refused: Refused) -> None:
    a.dynamodb.put_item(TableName=table(a), Item={"platform": {"S": "mlops"}})
    refused(a.dynamodb.update_table, **shared())
    a.dynamodb.update_table(**shared(table(a, "empty")))


@EXAMPLES.of("a strongly consistent table gets no further replica")
def _(a: Account, refused: Refused) -> None:
    table(a)
    a.dynamodb.update_table(**shared())
    more = [{"Create": {"RegionName": "us-east-2"}}]
    refused(a.dynamodb.update_table, TableName="fence", ReplicaUpdates=more)


@EXAMPLES.of("a replica of a table has a key of its region")
def _(a: Account, refused: Refused) -> None:
    table(a)
    refused(a.dynamodb.update_table, **shared(KMSMasterKeyId=a.key()))
    a.dynamodb.update_table(**shared(KMSMasterKeyId=a.there("us-west-2").key()))
