"""Whether the backups are there, fresh and whole: what `mlops verify-backups` asks.

Dumps lie in the backups bucket, a folder for each night with the checksums that were taken where
they were made; snapshots are RDS's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ops.errors import Refused
from ops.world.database import AVAILABLE, FAILED, DatabaseReads
from ops.world.objects import ObjectReads

CHECKSUMS = "SHA256SUMS"
DUMPS = "postgres/"
DAY_SECONDS = 86_400.0
OLDEST_SECONDS = 1.5 * DAY_SECONDS
"""A nightly backup may be this old: a night, and time to notice."""
LONGEST_SECONDS = 3 * 3600.0
"""After this a dump that is not finished will not be: its job has a deadline."""


@dataclass(frozen=True, kw_only=True)
class Backups:
    """Where they are."""

    bucket: str
    database: str
    """Identifier of the instance whose snapshots count."""


def newest_dump(objects: ObjectReads, bucket: str) -> str | None:
    """Folder of the newest dump that was finished: its checksums are uploaded last."""
    finished = [key for key in objects.keys(bucket, DUMPS) if key.endswith(f"/{CHECKSUMS}")]
    return max(finished).removesuffix(CHECKSUMS) if finished else None


def broken(backups: Backups, objects: ObjectReads, *, thoroughly: bool) -> list[str]:
    """What is wrong with the newest dump.

    `thoroughly` reads each file; otherwise S3's own checksums are compared, where it has one of
    the whole object, which takes a call for each file and no time to speak of.
    """
    folder = newest_dump(objects, backups.bucket)
    if folder is None:
        return [f"s3://{backups.bucket}/{DUMPS}: no dump"]
    digest = objects.sha256 if thoroughly else objects.stored_sha256
    return list(_differing(objects, digest, backups.bucket, folder))


def stale_dumps(objects: ObjectReads, bucket: str, now: float) -> list[str]:
    """A newest finished dump that is too old, and what was begun after it and never finished."""
    newest = newest_dump(objects, bucket) or ""
    folders = {f"{key.rpartition('/')[0]}/" for key in objects.keys(bucket, DUMPS)}
    ages = {each: now - begun for each in sorted(folders) if (begun := _begun(each)) is not None}
    wrong = [
        f"s3://{bucket}/{folder}: not finished, so this is no dump"
        for folder, age in ages.items()
        if folder > newest and age > LONGEST_SECONDS
    ]
    if ages.get(newest, 0.0) > OLDEST_SECONDS:
        hours = f"newest dump: {ages[newest] / 3600:.0f} h old"
        wrong.append(f"s3://{bucket}/{newest}: {hours}, expected one of the last 36 hours")
    return wrong


def _begun(folder: str) -> float | None:
    """When the upload of a dump began, which its folder is named after; None for other folders."""
    try:
        moment = datetime.strptime(folder, f"{DUMPS}%Y/%m/%d/%H%M%S/").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp()


def stale_snapshots(database: DatabaseReads, identifier: str, now: float) -> list[str]:
    """What is wrong with the snapshots of an instance."""
    found = database.snapshots(identifier)
    wrong = [f"snapshot {each.name}: not encrypted" for each in found if not each.encrypted]
    usable = [each.taken_at for each in found if each.status == AVAILABLE]
    if not usable or now - max(usable) > OLDEST_SECONDS:
        hours = f"{(now - max(usable)) / 3600:.0f} h old" if usable else "none"
        wrong.append(f"{identifier}: newest snapshot: {hours}, expected one of the last 36 hours")
    return wrong


def failed_snapshots(database: DatabaseReads, identifier: str) -> list[str]:
    """Snapshots of an instance that hold nothing."""
    return [
        f"snapshot {each.name}: failed, so this is no backup; the next mlops backup now removes it"
        for each in database.snapshots(identifier)
        if each.status == FAILED
    ]


def _differing(
    objects: ObjectReads, digest: Callable[[str, str], str | None], bucket: str, folder: str
) -> Iterator[str]:
    for line in objects.text(bucket, folder + CHECKSUMS).splitlines():
        expected, _, name = line.partition("  ")
        place = f"s3://{bucket}/{folder}{name}"
        try:
            found = digest(bucket, folder + name)
            if found is not None and found != expected:
                yield f"{place}: its content is not what was dumped"
        except Refused:
            yield f"{place}: missing"
