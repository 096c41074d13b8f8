"""The lease agents of both regions, as far as anybody sees of them: what they write into the
fence's record, and when they let writers into their database (docs/fence.md).

They look whenever the clock was moved. Those of a region that is lost write nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from catalog.timings import seconds
from rehearsal.site.names import Client

LEASE_SECONDS, SKEW_SECONDS = 30, 1
"""The agents' figures."""
CLOSING = seconds("runbook", "close", "lease")
"""From when they see that their side lost the fence until no session of a writer is left."""
NUMBERS = ("epoch", "lease_until", "previous_until", "closed_epoch")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A region of the platform, and what its stack calls its own."""

    region: str
    database: str
    """Identifier that clients are led to."""
    artifacts: str
    """Bucket of MLflow's artifacts."""


@dataclass
class _Watch:
    """What the agents of one region did."""

    opened: float | None = None
    """Since when writers are let in; None while they are not."""
    barred: float | None = None
    """Since when they know that the other side holds the fence; None while it does not."""
    spans: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """When writers were let in earlier: from, until."""


class Agents:
    """Those of all `sides`. `now`: seconds since 1970."""

    def __init__(
        self,
        client: Client,
        now: Callable[[], float],
        lost: Callable[[], Sequence[str]],
        platform: str,
        sides: Sequence[Side],
    ) -> None:
        self._client, self._now, self._lost = client, now, lost
        self._platform, self._sides = platform, sides
        self._watches = {side.region: _Watch() for side in sides}

    def look(self) -> None:
        """One round of the agents of each region that is not lost."""
        now, lost = self._now(), self._lost()
        for side in self._sides:
            watch = self._watches[side.region]
            if side.region in lost:
                _shut(watch, now)
            else:
                self._round(side, watch, now)

    def admit(self, region: str) -> bool:
        """Whether writers are let into the region's database now."""
        return self._watches[region].opened is not None

    def open_seconds(self, until: float) -> float:
        """For how long writers were let in anywhere until then, in seconds."""
        now = self._now()
        spans = [span for watch in self._watches.values() for span in watch.spans]
        spans += [(w.opened, now) for w in self._watches.values() if w.opened is not None]
        return sum(max(0.0, min(to, until) - since) for since, to in spans)

    def _round(self, side: Side, watch: _Watch, now: float) -> None:
        item = self._record(side.region)
        if item is None:
            return
        if item["holder"]["S"] == side.region:
            watch.barred = None
            self._hold(side, watch, item, now)
        else:
            self._give_up(side, watch, item, now)

    def _hold(self, side: Side, watch: _Watch, item: Mapping[str, Any], now: float) -> None:
        """Renew, once the side before is closed, and let writers into what takes writes."""
        epoch, _, previous, closed = (int(item[name]["N"]) for name in NUMBERS)
        if closed < epoch - 1 and now < previous / 1000 + SKEW_SECONDS:
            return
        self._write(side.region, item, lease_until=int((now + LEASE_SECONDS) * 1000))
        if watch.opened is None and self._takes_writes(side):
            watch.opened = now

    def _give_up(self, side: Side, watch: _Watch, item: Mapping[str, Any], now: float) -> None:
        """Close, and say so once nobody writes any more."""
        epoch, closed = int(item["epoch"]["N"]), int(item["closed_epoch"]["N"])
        watch.barred = now if watch.barred is None else watch.barred
        if now - watch.barred < CLOSING.typical:
            return
        _shut(watch, now)
        if closed < epoch - 1:
            self._write(side.region, item, closed_epoch=epoch - 1)

    def _takes_writes(self, side: Side) -> bool:
        rds = self._client("rds", side.region)
        try:
            (found,) = rds.describe_db_instances(DBInstanceIdentifier=side.database)["DBInstances"]
        except ClientError:
            return False
        follows = found.get("ReadReplicaSourceDBInstanceIdentifier")
        return found["DBInstanceStatus"] == "available" and not follows

    def _record(self, region: str) -> Mapping[str, Any] | None:
        key = {"platform": {"S": self._platform}}
        table = self._client("dynamodb", region)
        try:
            answer = table.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        except table.exceptions.ResourceNotFoundException:
            return None
        found = answer.get("Item")
        if found is None:
            return None
        # The deployment's first record says no more than it has to.
        return {**{name: {"N": "0"} for name in NUMBERS}, **found}

    def _write(self, region: str, item: Mapping[str, Any], **numbers: int) -> None:
        """Unless the record moved meanwhile."""
        changed = {name: {"N": str(number)} for name, number in numbers.items()}
        self._client("dynamodb", region).put_item(
            TableName=self._table,
            Item={**item, **changed},
            ConditionExpression="epoch = :epoch",
            ExpressionAttributeValues={":epoch": item["epoch"]},
        )

    @property
    def _table(self) -> str:
        return f"{self._platform}-fence"


def _shut(watch: _Watch, now: float) -> None:
    if watch.opened is not None:
        watch.spans.append((watch.opened, now))
        watch.opened = None
