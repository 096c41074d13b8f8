"""The fence in DynamoDB: an item per platform, of a table that three regions hold with strong
consistency. The lease agents of both regions keep to the same record.

A take raises the epoch by comparing and swapping the whole record, so that no renewal of the
epoch before can succeed after it; what the side before was promised is kept in `previous_until`.
"""

from __future__ import annotations

from typing import cast

from lease.budget import Budget
from ops.errors import Refused
from ops.live.aws import Answer, Aws
from ops.world.fence import Fence

KEY = "platform"
SKEW_MILLISECONDS = Budget().clock_skew
"""Most by which two clocks differ: the agents' figure."""
NUMBERS = ("epoch", "lease_until", "previous_until", "closed_epoch")
Item = dict[str, dict[str, str]]


def table_name(platform: str) -> str:
    """The table of the platform whose production stack has this prefix."""
    return f"{platform}-fence"


class FenceTable:
    """The fence, read and written in one region."""

    def __init__(self, aws: Aws, platform: str, table: str | None = None) -> None:
        self._aws, self._platform = aws, platform
        self._table = table or table_name(platform)

    def current(self) -> Fence | None:
        """The fence; None before anybody took it."""
        item = self._item()
        return fence_of(item) if item else None

    def take(self, holder: str, after: Fence | None) -> None:
        """A conditional write: Refused where the epoch or its holder moved meanwhile."""
        item = self._item()
        seen = fence_of(item) if item else None
        if (seen and (seen.epoch, seen.holder)) != (after and (after.epoch, after.holder)):
            raise Refused(f"{self._table}: the fence moved meanwhile: plan anew")
        self._aws.write(
            "dynamodb",
            "put_item",
            TableName=self._table,
            Item=_taken(self._platform, holder, item),
            **_unless_changed(item),
        )

    def _item(self) -> Item:
        found = self._aws.read(
            "dynamodb",
            "get_item",
            TableName=self._table,
            Key={KEY: {"S": self._platform}},
            ConsistentRead=True,
        )
        return cast("Item", found.get("Item") or {})


def fence_of(item: Item) -> Fence:
    """The fence in an item. Raises Refused where it is not one."""
    try:
        epoch, lease_until, previous_until, closed = (int(item[name]["N"]) for name in NUMBERS)
        holder = item["holder"]["S"]
    except (KeyError, ValueError):
        raise Refused(f"fence: expected holder, {', '.join(NUMBERS)}, not {item}") from None
    opens_at = 0 if closed >= epoch - 1 else previous_until + SKEW_MILLISECONDS
    return Fence(
        holder=holder,
        epoch=epoch,
        lease_until=lease_until / 1_000,
        opens_at=opens_at / 1_000,
        previous_until=previous_until / 1_000,
    )


def _taken(platform: str, holder: str, item: Item) -> Item:
    if not item:
        numbers = dict.fromkeys(NUMBERS, 0) | {"epoch": 1}
    else:
        old = {name: int(item[name]["N"]) for name in NUMBERS}
        numbers = {
            "epoch": old["epoch"] + 1,
            "lease_until": 0,
            "previous_until": max(old["lease_until"], old["previous_until"]),
            "closed_epoch": old["closed_epoch"],
        }
    written: Item = {name: {"N": str(value)} for name, value in numbers.items()}
    return {**item, **written, KEY: {"S": platform}, "holder": {"S": holder}}


def _unless_changed(item: Item) -> Answer:
    if not item:
        return {"ConditionExpression": f"attribute_not_exists({KEY})"}
    return {
        "ConditionExpression": " AND ".join(f"#{name} = :{name}" for name in item),
        "ExpressionAttributeNames": {f"#{name}": name for name in item},
        "ExpressionAttributeValues": {f":{name}": value for name, value in item.items()},
    }
