"""The fence in DynamoDB: one item of a table that three regions hold with strong consistency."""

from __future__ import annotations

from ops.clock import Now
from ops.live.aws import Answer, Aws
from ops.world.fence import Fence

KEY = {"id": {"S": "fence"}}
LEASE_SECONDS = 60.0
SKEW_SECONDS = 10.0
"""What the clocks of the old holder, of this machine and of AWS may differ by, together."""


def table_name(platform: str) -> str:
    """The table of the platform whose production stack has this prefix."""
    return f"{platform}-fence"


class FenceTable:
    """The fence, read and written in one region."""

    def __init__(self, aws: Aws, platform: str, clock: Now) -> None:
        self._aws, self._clock = aws, clock
        self._table = table_name(platform)

    def current(self) -> Fence | None:
        """The fence; None before anybody took it."""
        found = self._aws.read(
            "dynamodb", "get_item", TableName=self._table, Key=KEY, ConsistentRead=True
        )
        item: Answer = found.get("Item") or {}
        if not item:
            return None
        return Fence(
            holder=str(item["holder"]["S"]),
            epoch=int(item["epoch"]["N"]),
            lease_until=float(item["lease_until"]["N"]),
            opens_at=float(item.get("opens_at", {"N": "0"})["N"]),
        )

    def take(self, holder: str, after: Fence | None) -> None:
        """A conditional write: Refused where the epoch or its holder moved meanwhile."""
        now = self._clock.now()
        over = 0.0 if after is None else max(now, after.lease_until) + SKEW_SECONDS
        taken = {
            **KEY,
            "holder": {"S": holder},
            "epoch": {"N": str(1 if after is None else after.epoch + 1)},
            "lease_until": {"N": f"{now + LEASE_SECONDS:.3f}"},
            "opens_at": {"N": f"{over:.3f}"},
        }
        self._aws.write(
            "dynamodb", "put_item", TableName=self._table, Item=taken, **_condition(after)
        )


def _condition(after: Fence | None) -> Answer:
    if after is None:
        return {"ConditionExpression": "attribute_not_exists(id)"}
    return {
        "ConditionExpression": "epoch = :epoch AND holder = :holder",
        "ExpressionAttributeValues": {
            ":epoch": {"N": str(after.epoch)},
            ":holder": {"S": after.holder},
        },
    }
