"""The fence's table and the keys in the other region."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from components.base import Site
from components.fence import KEY, Fence, FenceArgs, table_name
from components.peer_keys import PeerKeys, PeerKeysArgs
from lease.dynamo import KEY as AGENTS_KEY
from lease.dynamo import DynamoTable
from lease.protocol import first
from ops.live import fence_table
from tests.components.recorder import ACCOUNT, record

TABLE = "aws:dynamodb/table:Table"
ITEM = "aws:dynamodb/tableItem:TableItem"
REPLICA = "aws:kms/replicaKey:ReplicaKey"
HERE = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-data"
THERE = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/mrk-data"


def fenced(witness: str = "us-east-2") -> FenceArgs:
    return FenceArgs(
        key_arn=HERE, peer_region="us-west-2", peer_key_arn=THERE, witness_region=witness
    )


def test_three_regions_agree_on_every_write(site: Site) -> None:
    table = record(lambda: Fence("fence", fenced(), site)).one(TABLE)
    assert table.inputs["replicas"] == [
        {"regionName": "us-west-2", "kmsKeyArn": THERE, "consistencyMode": "STRONG"}
    ]
    assert table.inputs["globalTableWitness"] == {"regionName": "us-east-2"}


def test_the_table_is_encrypted_recoverable_and_kept(site: Site) -> None:
    table = record(lambda: Fence("fence", fenced(), site)).one(TABLE)
    assert table.inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": HERE}
    assert table.inputs["pointInTimeRecovery"] == {"enabled": True}
    assert table.inputs["deletionProtectionEnabled"] is True
    assert table.protect


def test_the_first_record_is_what_agents_and_a_failover_read(site: Site) -> None:
    item = record(lambda: Fence("fence", fenced(), site)).one(ITEM).inputs
    assert item["hashKey"] == KEY == AGENTS_KEY == fence_table.KEY
    assert item["tableName"] == table_name(site.prefix) == fence_table.table_name(site.prefix)
    held = json.loads(item["item"])
    assert fence_table.fence_of(held).holder == "us-east-1"
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="us-east-1")  # pyright: ignore[reportUnknownMemberType]
        client.create_table(
            TableName=item["tableName"],
            KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        client.put_item(TableName=item["tableName"], Item=held)
        read = DynamoTable(client, item["tableName"], site.prefix).read()
    assert read == first(site.prefix, "us-east-1")


def test_the_record_is_never_written_over_and_outlives_the_stack(site: Site) -> None:
    item = record(lambda: Fence("fence", fenced(), site)).one(ITEM)
    assert item.protect
    assert item.ignore_changes == ("item",)
    assert item.retain
    torn = record(lambda: Fence("fence", fenced(), replace(site, protect_data=False))).one(ITEM)
    assert not torn.retain


@pytest.mark.parametrize("witness", ["us-east-1", "us-west-2"])
def test_a_witness_is_a_third_region(site: Site, witness: str) -> None:
    with pytest.raises(ValueError, match=f"witness_region: {witness}: expected a third region"):
        record(lambda: Fence("fence", fenced(witness), site))


def test_a_key_in_the_other_region_serves_the_services_there(site: Site) -> None:
    args = PeerKeysArgs(
        region="us-west-2", originals={"data": HERE, "secrets": HERE}, deletion_window_days=30
    )
    recording = record(lambda: PeerKeys("peer-keys", args, site))
    for replica in recording.all(REPLICA):
        assert replica.inputs["region"] == "us-west-2"
        assert replica.protect
        assert ".us-east-1.amazonaws.com" not in replica.inputs["policy"]
    policy = json.loads(recording.one(REPLICA, "peer-keys-secrets").inputs["policy"])
    through = [one for one in policy["Statement"] if one["Sid"] == "UseThroughServices"]
    assert (
        "secretsmanager.us-west-2.amazonaws.com"
        in (through[0]["Condition"]["StringEquals"]["kms:ViaService"])
    )


def test_a_key_beside_its_original_is_refused(site: Site) -> None:
    args = PeerKeysArgs(region="us-east-1", originals={"data": HERE}, deletion_window_days=30)
    with pytest.raises(ValueError, match="region: us-east-1: expected another one"):
        record(lambda: PeerKeys("peer-keys", args, site))
