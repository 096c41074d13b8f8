"""The table on a DynamoDB that answers over HTTP: moto's server."""

from __future__ import annotations

import socket
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lease.dynamo import DynamoTable, dynamo_client
from lease.protocol import Lease, declared_closed, first, renewed, taken
from lease.table import LostCondition, TableError, Unreachable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REGION = "us-west-2"
TABLE = "mlops-fence"


@pytest.fixture(scope="module")
def endpoint() -> Generator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Generator[DynamoDBClient]:
    """As the agent makes it: where, and as whom, is the environment's."""
    settings = {
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    boto3.setup_default_session()
    client = dynamo_client(REGION, 60_000)  # the server's first answer takes a while
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName=TABLE)


@pytest.fixture
def table(client: DynamoDBClient) -> DynamoTable:
    return DynamoTable(client, TABLE, "mlops")


@pytest.fixture
def held(table: DynamoTable) -> Lease:
    lease = replace(first("mlops", "us-east-1"), lease_until=1_800_000_000_123)
    table.swap(None, lease)
    return lease


def test_there_is_no_record_before_the_first(table: DynamoTable) -> None:
    assert table.read() is None


def test_what_is_written_is_read_to_the_millisecond(table: DynamoTable, held: Lease) -> None:
    assert table.read() == held


def test_nobody_writes_a_second_first_record(table: DynamoTable, held: Lease) -> None:
    with pytest.raises(LostCondition, match="mlops-fence, item mlops: changed by somebody else"):
        table.swap(None, first("mlops", "us-west-2"))


def test_a_renewal_a_take_and_a_declaration_follow_each_other(
    table: DynamoTable, held: Lease
) -> None:
    longer = renewed(held, 1_800_000_030_000)
    over_there = taken(longer, "us-west-2")
    for seen, new in ((held, longer), (longer, over_there)):
        table.swap(seen, new)
    table.swap(over_there, declared_closed(over_there))
    assert table.read() == declared_closed(over_there)


def test_a_renewal_that_comes_after_a_take_is_lost(table: DynamoTable, held: Lease) -> None:
    table.swap(held, taken(held, "us-west-2"))
    with pytest.raises(LostCondition):
        table.swap(held, renewed(held, 1_800_000_030_000))
    assert table.read() == taken(held, "us-west-2")


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": "us-west-2"},
        {"epoch": 2},
        {"lease_until": 1},
        {"previous_until": 1},
        {"closed_epoch": 1},
    ],
)
def test_every_part_of_the_record_is_compared(
    table: DynamoTable, held: Lease, changes: dict[str, str | int]
) -> None:
    with pytest.raises(LostCondition):
        table.swap(replace(held, **changes), renewed(held, 1_800_000_030_000))
    assert table.read() == held


def test_platforms_do_not_touch_each_other(
    client: DynamoDBClient, table: DynamoTable, held: Lease
) -> None:
    other = DynamoTable(client, TABLE, "other")
    other.swap(None, first("other", "us-west-2"))
    assert table.read() == held


def test_a_record_that_is_none_is_told_and_not_believed(
    client: DynamoDBClient, table: DynamoTable
) -> None:
    client.put_item(TableName=TABLE, Item={"platform": {"S": "mlops"}, "epoch": {"N": "1"}})
    with pytest.raises(TableError, match="expected texts platform, holder and whole numbers"):
        table.read()


def test_a_table_that_is_not_there_is_no_outage(client: DynamoDBClient) -> None:
    with pytest.raises(TableError, match="ResourceNotFoundException") as refused:
        DynamoTable(client, "another", "mlops").read()
    assert not isinstance(refused.value, Unreachable)


def test_a_table_that_does_not_answer_is_unreachable_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        boto3.setup_default_session()
        table = DynamoTable(dynamo_client(REGION, 300), TABLE, "mlops")
        with pytest.raises(Unreachable, match="Read timeout"):
            table.read()


def test_a_client_asks_the_replica_of_its_own_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    assert dynamo_client("us-east-1", 3_000).meta.endpoint_url == (
        "https://dynamodb.us-east-1.amazonaws.com"
    )
