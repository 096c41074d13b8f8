"""The table on DynamoDB: a global table with strong consistency, asked at this region's replica.

Strong consistency makes conditional writes and consistent reads see every write of every region.
Source: DynamoDB developer guide, multi-Region strong consistency.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lease.protocol import Lease, Milliseconds
from lease.table import LostCondition, TableError, Unreachable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

KEY = "platform"
"""Partition key, a string. Any number of platforms may share a table."""
TEXTS = ("platform", "holder")
NUMBERS = ("epoch", "lease_until", "previous_until", "closed_epoch")
CONFLICTS = frozenset({"ConditionalCheckFailedException", "ReplicatedWriteConflictException"})
"""The second: the same item is being written in another region, and this write did not happen."""
SERVER_ERROR = 500
THROTTLED = frozenset(
    {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
)


def dynamo_client(region: str, timeout: Milliseconds) -> DynamoDBClient:
    """A client of the replica in `region` that gives up after `timeout`, and never tries again by
    itself: the agent's loop does, with a fresh look at the clock."""
    seconds = timeout / 1_000
    # Stubs of other services are not installed, which leaves the overloads partly unknown.
    return boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "dynamodb",
        region_name=region,
        config=Config(
            connect_timeout=seconds / 3,
            read_timeout=seconds * 2 / 3,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=2,
        ),
    )


class DynamoTable:
    """`table.Table` over a client of this region's replica."""

    def __init__(self, client: DynamoDBClient, table: str, platform: str) -> None:
        self._client = client
        self._table = table
        self._platform = platform

    def read(self) -> Lease | None:
        """A strongly consistent read. Raises Unreachable, TableError."""
        try:
            answer = self._client.get_item(
                TableName=self._table, Key={KEY: {"S": self._platform}}, ConsistentRead=True
            )
        except (BotoCoreError, ClientError) as error:
            raise self._typed(error) from error
        item = answer.get("Item")
        return None if item is None else self._lease(item)

    def swap(self, seen: Lease | None, new: Lease) -> None:
        """A conditional put. Raises LostCondition, Unreachable, TableError."""
        try:
            if seen is None:
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(new),
                    ConditionExpression=f"attribute_not_exists({KEY})",
                )
            else:
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(new),
                    ConditionExpression=" AND ".join(f"{name} = :{name}" for name in _item(seen)),
                    ExpressionAttributeValues={
                        f":{name}": value for name, value in _item(seen).items()
                    },
                )
        except (BotoCoreError, ClientError) as error:
            raise self._typed(error) from error

    def _lease(self, item: dict[str, AttributeValueTypeDef]) -> Lease:
        try:
            return Lease(
                platform=_text(item, "platform"),
                holder=_text(item, "holder"),
                epoch=_number(item, "epoch"),
                lease_until=_number(item, "lease_until"),
                previous_until=_number(item, "previous_until"),
                closed_epoch=_number(item, "closed_epoch"),
            )
        except (KeyError, ValueError) as error:
            raise TableError(
                f"{self._table}, item {self._platform}: expected texts {', '.join(TEXTS)} and "
                f"whole numbers {', '.join(NUMBERS)}, not {item}"
            ) from error

    def _typed(self, error: BotoCoreError | ClientError) -> TableError:
        where = f"{self._table}, item {self._platform}"
        if not isinstance(error, ClientError):
            return Unreachable(f"{where}: {error}")
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in CONFLICTS:
            return LostCondition(f"{where}: changed by somebody else")
        if code in THROTTLED or status >= SERVER_ERROR:
            return Unreachable(f"{where}: {error}")
        return TableError(f"{where}: {error}")


def _item(lease: Lease) -> dict[str, AttributeValueTypeDef]:
    values = asdict(lease)
    item: dict[str, AttributeValueTypeDef] = {name: {"S": values[name]} for name in TEXTS}
    item.update({name: {"N": str(values[name])} for name in NUMBERS})
    return item


def _text(item: dict[str, AttributeValueTypeDef], name: str) -> str:
    return item[name].get("S") or ""


def _number(item: dict[str, AttributeValueTypeDef], name: str) -> int:
    return int(item[name].get("N", ""))
