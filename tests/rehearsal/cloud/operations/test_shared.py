"""What regions share: DynamoDB tables, and secrets with copies."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.cloud.account import Account
from tests.rehearsal.cloud.refusals.tables import shared, table

LEASE = {"platform": {"S": "mlops"}, "epoch": {"N": "1"}}
KEY = {"platform": {"S": "mlops"}}


def test_a_write_in_one_region_is_read_in_the_other(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    west = account.there("us-west-2")
    account.dynamodb.put_item(TableName="fence", Item=LEASE)
    assert west.dynamodb.get_item(TableName="fence", Key=KEY)["Item"] == LEASE


def test_a_condition_is_judged_on_the_latest_write_of_any_region(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    west = account.there("us-west-2")
    account.dynamodb.put_item(TableName="fence", Item=LEASE)

    def take(region: Account, epoch: str) -> None:
        region.dynamodb.update_item(
            TableName="fence",
            Key=KEY,
            UpdateExpression="SET epoch = epoch + :one",
            ConditionExpression="epoch = :known",
            ExpressionAttributeValues={":one": {"N": "1"}, ":known": {"N": epoch}},
        )

    take(west, "1")
    with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
        take(account, "1")
    take(account, "2")
    assert west.dynamodb.get_item(TableName="fence", Key=KEY)["Item"]["epoch"] == {"N": "3"}


def test_a_shared_table_is_described_in_each_region(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    here = account.dynamodb.describe_table(TableName="fence")["Table"]
    there = account.there("us-west-2").dynamodb.describe_table(TableName="fence")["Table"]
    assert [one["RegionName"] for one in here["Replicas"]] == ["us-west-2"]
    assert [one["RegionName"] for one in there["Replicas"]] == ["us-east-1"]
    assert here["MultiRegionConsistency"] == "STRONG"
    assert here["GlobalTableWitnesses"][0]["RegionName"] == "us-east-2"
    assert ":us-west-2:" in there["TableArn"]


def test_a_witness_holds_no_table(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.there("us-east-2").dynamodb.get_item(TableName="fence", Key=KEY)


def test_a_table_is_deleted_after_its_replicas(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    with pytest.raises(ClientError, match="remove them first"):
        account.dynamodb.delete_table(TableName="fence")
    gone = [{"Delete": {"RegionName": "us-west-2"}}]
    account.dynamodb.update_table(TableName="fence", ReplicaUpdates=gone)
    account.dynamodb.delete_table(TableName="fence")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.there("us-west-2").dynamodb.describe_table(TableName="fence")


def test_a_table_whose_name_is_a_part_of_anothers_is_another(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    west = account.there("us-west-2")
    own = table(west, "fence-of-the-west")
    west.dynamodb.put_item(TableName=own, Item=LEASE)
    assert west.dynamodb.get_item(TableName=own, Key=KEY)["Item"] == LEASE
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.dynamodb.get_item(TableName=own, Key=KEY)


def test_a_batch_and_a_transaction_reach_the_shared_items(account: Account) -> None:
    table(account)
    account.dynamodb.update_table(**shared())
    west = account.there("us-west-2")
    west.dynamodb.batch_write_item(RequestItems={"fence": [{"PutRequest": {"Item": LEASE}}]})
    west.dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": "fence", "Item": {"platform": {"S": "other"}}}}]
    )
    assert account.dynamodb.scan(TableName="fence")["Count"] == 2


def test_a_copy_of_a_secret_is_under_the_key_that_was_given(account: Account) -> None:
    key = account.there("us-west-2").key()
    copies = [{"Region": "us-west-2", "KmsKeyId": key}]
    account.secretsmanager.create_secret(Name="first", SecretString="x", AddReplicaRegions=copies)
    account.secretsmanager.create_secret(Name="later", SecretString="x")
    account.secretsmanager.replicate_secret_to_regions(SecretId="later", AddReplicaRegions=copies)
    for name in ("first", "later"):
        [copy] = account.secretsmanager.describe_secret(SecretId=name)["ReplicationStatus"]
        assert copy["KmsKeyId"] == key
