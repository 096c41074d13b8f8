"""`mlops verify-backups`, `backup` and the commands that restore, as an operator types them."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path

from infra import stack_file
from ops.backups.objects import restore_model, restore_state
from ops.backups.take import backup_kubernetes, backup_now, hour_name
from ops.backups.verify import Backups, broken, failed_snapshots, stale_dumps, stale_snapshots
from ops.errors import Refused
from ops.progress import progress
from ops.regions import Region, region, target_of
from ops.restore_database import restore_database
from ops.run import Options, perform
from ops.world.database import Source
from ops.world.site import SiteReads


def verify(stack: str, project: Path, outputs: Path | None, *, thoroughly: bool) -> int:
    """Look at dumps and snapshots; the exit status is 1 where something is wrong."""
    here, tell = region(stack, project, outputs), progress()
    wrong = wrong_backups(_backups(here), here.parts.reads(), thoroughly=thoroughly)
    for line in wrong or ["dumps and snapshots are there, fresh and whole"]:
        tell.said(line)
    return 1 if wrong else 0


def wrong_backups(backups: Backups, reads: SiteReads, *, thoroughly: bool) -> list[str]:
    """Everything that is wrong with the backups of a region, a line each."""
    return [
        *broken(backups, reads.objects, thoroughly=thoroughly),
        *stale_dumps(reads.objects, backups.bucket, reads.clock.now()),
        *failed_snapshots(reads.database, backups.database),
        *stale_snapshots(reads.database, backups.database, reads.clock.now()),
    ]


def now(stack: str, name: str | None, outputs: Path | None, options: Options) -> int:
    """A snapshot and a dump."""
    here = region(stack, options.project, outputs)
    database = here.outputs.database.identifier
    book = backup_now(here.target, database, name or hour_name(time.time()))
    return perform(book, here.hands(options), options)


def kubernetes(stack: str, name: str | None, outputs: Path | None, options: Options) -> int:
    """The cluster's objects and volumes."""
    here = region(stack, options.project, outputs)
    book = backup_kubernetes(here.target, name or hour_name(time.time()))
    return perform(book, here.hands(options), options)


def database(
    stack: str,
    snapshot: str | None,
    moment: str | None,
    outputs: Path | None,
    options: Options,
) -> int:
    """The database as it was in a snapshot, or at a moment in UTC."""
    here = region(stack, options.project, outputs)
    source = Source(snapshot=snapshot, moment=_seconds(moment) if moment else None)
    book = restore_database(here.target, here.outputs.database.identifier, source)
    return perform(book, here.hands(options), options)


def model(
    stack: str, place: str, version: str | None, outputs: Path | None, options: Options
) -> int:
    """Deleted objects of a model, or one object's version. `place` is `s3://bucket/key`, or the
    part after the models' bucket."""
    from ops.live.storage import storage_hands

    here = region(stack, options.project, outputs)
    bucket, key = here.outputs.buckets["models"].name, place
    if place.startswith("s3://"):
        bucket, _, key = place.removeprefix("s3://").partition("/")
    if not key:
        raise Refused(f"{place}: expected a folder or an object, not a whole bucket")
    hands = storage_hands(here.parts.aws, progress(), options.confirm)
    book = restore_model(here.target, bucket, key, hands.reads, version)
    return perform(book, hands, options)


def state(stack: str, backend: str, version: str | None, options: Options) -> int:
    """An older version of the stack's state, which itself is not asked. `backend` is the address
    that `pulumi login` takes: `s3://bucket?region=us-west-2`."""
    from ops.live.aws import Aws
    from ops.live.storage import storage_hands

    settings = stack_file.read(stack, options.project)
    region_of_state, name = _place(backend)
    hands = storage_hands(Aws(region_of_state), progress(), options.confirm)
    book = restore_state(target_of(stack, settings), name, hands.reads, version)
    return perform(book, hands, options)


def _backups(here: Region) -> Backups:
    return Backups(
        bucket=here.outputs.buckets["backups"].name, database=here.outputs.database.identifier
    )


def _seconds(moment: str) -> float:
    """Seconds since 1970 of `2026-11-28T04:30:00Z`. Raises Refused for another form."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(f"--moment {moment}: expected a moment with its zone: 2026-11-28T04:30:00Z")
    return found.timestamp()


def _place(backend: str) -> tuple[str, str]:
    """Region and bucket of the state. Raises Refused for another kind of address."""
    found = re.fullmatch(r"s3://(?P<bucket>[a-z0-9.-]+)\?region=(?P<region>[a-z0-9-]+)", backend)
    if found is None:
        raise Refused(
            f"{backend}: expected the state's address as pulumi login takes it, such as "
            "s3://mlops-platform-state-123456789012?region=us-west-2"
        )
    return found["region"], found["bucket"]
