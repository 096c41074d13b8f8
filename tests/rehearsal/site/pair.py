"""Two regions of one platform, and its fence."""

from __future__ import annotations

from typing import Any

from rehearsal.site.agents import Side
from tests.rehearsal.cloud.account import Account
from tests.rehearsal.site.conftest import HERE, THERE

PLATFORM = "p"
SIDES = (
    Side(region=HERE, database="p-mlflow-g1", artifacts="p-artifacts"),
    Side(region=THERE, database="q-mlflow-g1", artifacts="q-artifacts"),
)
TABLE = f"{PLATFORM}-fence"
KEY = {"platform": {"S": PLATFORM}}


def make_fence(account: Account, holder: str) -> None:
    """The table in both regions, and its first record."""
    account.dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    account.dynamodb.update_table(
        TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": THERE}}]
    )
    numbers = {"epoch": 1, "lease_until": 0, "previous_until": 0, "closed_epoch": 0}
    _put(account, holder, numbers)


def fence(account: Account) -> dict[str, Any]:
    """Its record."""
    return account.dynamodb.get_item(TableName=TABLE, Key=KEY, ConsistentRead=True)["Item"]


def take(account: Account, holder: str, *, closed: bool = False) -> None:
    """The next epoch for `holder`; `closed` where the side before has said that it is."""
    old = {name: int(value["N"]) for name, value in fence(account).items() if "N" in value}
    numbers = {
        "epoch": old["epoch"] + 1,
        "lease_until": 0,
        "previous_until": old["lease_until"],
        "closed_epoch": old["epoch"] if closed else old["closed_epoch"],
    }
    _put(account, holder, numbers)


def _put(account: Account, holder: str, numbers: dict[str, int]) -> None:
    item = {name: {"N": str(number)} for name, number in numbers.items()}
    account.dynamodb.put_item(TableName=TABLE, Item={**KEY, "holder": {"S": holder}, **item})
