"""RDS snapshots that somebody asked for: while the clock is driven they take their time, and one
whose region is lost meanwhile has failed."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.timings import seconds
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import CLOCK, ready_at

TABLE = "rds:snapshots"
TAKES = seconds("aws:rds/snapshot:Snapshot", "create")
AVAILABLE = "available"


@dataclass(frozen=True)
class _Making:
    """In seconds since 1970."""

    began: float
    ends: float

    def status(self, call: Call) -> str:
        if any(each.hit(call.region, self.began, self.ends) for each in call.outages):
            return "failed"
        return AVAILABLE if CLOCK.exact().timestamp() >= self.ends else "creating"


def create_db_snapshot(call: Call) -> Answer:
    """CreateDBSnapshot."""
    answer = call.upstream()
    now = CLOCK.exact().timestamp()
    making = _Making(began=now, ends=ready_at(TAKES).timestamp())
    call.here.table(TABLE)[call.params["DBSnapshotIdentifier"]] = {"making": making}
    return {"DBSnapshot": {**answer["DBSnapshot"], "Status": making.status(call)}}


def describe_db_snapshots(call: Call) -> Answer:
    """DescribeDBSnapshots, with how far those that were asked for are."""
    answer = call.upstream()
    for found in answer["DBSnapshots"]:
        found["Status"] = status_of(call, found["DBSnapshotIdentifier"])
    return answer


def delete_db_snapshot(call: Call) -> Answer:
    """DeleteDBSnapshot."""
    answer = call.upstream()
    call.here.table(TABLE).pop(call.params["DBSnapshotIdentifier"], None)
    return answer


def status_of(call: Call, name: str) -> str:
    """Of a snapshot that is there."""
    held = call.here.table(TABLE).get(name)
    return held["making"].status(call) if held else AVAILABLE


OPERATIONS = {
    "CreateDBSnapshot": create_db_snapshot,
    "DeleteDBSnapshot": delete_db_snapshot,
    "DescribeDBSnapshots": describe_db_snapshots,
}
