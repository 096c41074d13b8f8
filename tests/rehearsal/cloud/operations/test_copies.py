"""Copies in another region, as they are told in the first one."""

from __future__ import annotations

from tests.rehearsal.cloud.account import Account


def test_a_secrets_replica_has_the_key_that_was_asked_for(account: Account) -> None:
    first, second = (account.there("us-west-2").key() for _ in range(2))
    regions = [{"Region": "us-west-2", "KmsKeyId": first}]
    vault = account.secretsmanager
    vault.create_secret(Name="a", SecretString="x", AddReplicaRegions=regions)
    vault.create_secret(Name="b", SecretString="x")
    arn = vault.describe_secret(SecretId="b")["ARN"]
    regions = [{"Region": "us-west-2", "KmsKeyId": second}]
    vault.replicate_secret_to_regions(SecretId=arn, AddReplicaRegions=regions)
    keys = [
        vault.describe_secret(SecretId=name)["ReplicationStatus"][0]["KmsKeyId"] for name in "ab"
    ]
    assert keys == [first, second]


def test_a_table_tells_its_replicas_until_they_are_removed(account: Account) -> None:
    account.dynamodb.create_table(
        TableName="table",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    account.dynamodb.update_table(
        TableName="table",
        ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}],
        GlobalTableWitnessUpdates=[{"Create": {"RegionName": "us-east-2"}}],
        MultiRegionConsistency="STRONG",
    )
    table = account.dynamodb.describe_table(TableName="table")["Table"]
    assert [one["RegionName"] for one in table["Replicas"]] == ["us-west-2"]
    assert [one["RegionName"] for one in table["GlobalTableWitnesses"]] == ["us-east-2"]
    assert table["MultiRegionConsistency"] == "STRONG"
    account.dynamodb.update_table(
        TableName="table", ReplicaUpdates=[{"Delete": {"RegionName": "us-west-2"}}]
    )
    assert "Replicas" not in account.dynamodb.describe_table(TableName="table")["Table"]
