"""What an instance of RDS is at work on, for as long as it takes by a driven clock: its creation as
a replica, its promotion, a new name; and the backup that RDS takes as soon as backups are on."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.timings import Timing, seconds
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import CLOCK, is_over, ready_at

WORK = "rds:work"
INSTANCE = "aws:rds/instance:Instance"
CREATION = seconds(INSTANCE, "create-replica-cross-region")
PROMOTION = seconds(INSTANCE, "promote")
RENAMING = seconds(INSTANCE, "rename")


@dataclass(frozen=True, kw_only=True)
class Work:
    """Until when an instance shows a status that is not `available`."""

    status: str
    until: datetime
    source: str | None = None
    """What a replica that is being promoted still follows."""
    reachable: bool = True
    """Whether it has an address meanwhile."""


def begun(
    call: Call,
    name: str,
    status: str,
    takes: Timing,
    *,
    source: str | None = None,
    reachable: bool = True,
) -> None:
    """An instance of the call's region is at work from now on."""
    work = Work(status=status, until=ready_at(takes), source=source, reachable=reachable)
    call.here.table(WORK)[name] = {"work": work}


def under_way(call: Call, name: str) -> Work | None:
    """What it is at work on; None once that is over."""
    held = call.here.table(WORK).get(name)
    if held is None:
        return None
    work: Work = held["work"]
    if is_over(work.until):
        del call.here.table(WORK)[name]
        return None
    return work


def shown(call: Call, found: Answer) -> Answer:
    """An instance as it is described while it is at work."""
    work = under_way(call, found["DBInstanceIdentifier"])
    if work is None:
        return found
    seen = {**found, "DBInstanceStatus": work.status}
    if work.source is not None:
        seen["ReadReplicaSourceDBInstanceIdentifier"] = work.source
    if not work.reachable:
        seen.pop("Endpoint", None)
    return seen


def backed_up(call: Call, database: Any, days_before: int) -> None:
    """Backups that were off and are on: the first is taken at once. Source: RDS user guide,
    enabling automated backups."""
    if days_before or not database.backup_retention_period:
        return
    here, now = call.here.moto("rds"), CLOCK.exact().replace(tzinfo=None)
    name = f"rds:{database.db_instance_identifier}-{now:%Y-%m-%d-%H-%M}"
    if name not in here.database_snapshots:
        here.create_auto_snapshot(database.db_instance_identifier, name).created = now


def renamed(call: Call, database: Any, old: str) -> None:
    """Snapshots stay with an instance that gets another name, and so does its work."""
    for snapshot in call.here.moto("rds").database_snapshots.values():
        if snapshot.db_instance_identifier == old:
            snapshot.database = copy.copy(database)
            snapshot.db_instance_identifier = database.db_instance_identifier
