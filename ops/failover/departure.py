"""A region that is left on purpose while it lives: nothing of it is lost.

Its database is asked how far it has written once its agents said that it is closed; the replica is
promoted after it has replayed that, and the files take writes after they have all from before.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.timings import seconds
from ops.errors import RunbookError
from ops.failover.target import Failover
from ops.step import Finding, Step
from ops.world.database import DatabaseReads
from ops.world.fence import Fence
from ops.world.site import SiteReads, SiteWorld

NAME = "region that is left"
"""Of the check."""
CLOSE_BEHIND_SECONDS = 60.0
"""The copy may be this far behind when a handover begins; what it misses prolongs that."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """The database of the region that is left."""

    database: DatabaseReads
    identifier: str


def lives(wanted: Failover, left: Departure, reads: SiteReads) -> Finding:
    """The region can tell what it wrote last: its agents renew, and both servers answer."""
    fence = reads.fence.current()
    if fence is not None and fence.holder == wanted.target.holder:
        return Finding(check=NAME, says="this region holds the fence")
    if fence is None or fence.lease_until <= reads.clock.now():
        says = f"the agents of {wanted.lost_region} do not renew their lease: nobody would close it"
        return _refuses(says, "see that they run there: docs/fence.md; or leave out --planned")
    try:
        written = left.database.written(left.identifier)
        replayed = reads.database.replayed(wanted.database)
    except RunbookError as error:
        return _refuses(
            str(error), "both servers must be reached from here; or leave out --planned"
        )
    if written is None or replayed is None:
        says = f"{left.identifier} and {wanted.database} do not tell how far their logs are"
        return _refuses(says, "see that the one takes writes and the other follows it")
    lag = reads.database.lag(wanted.database)
    if lag is None or lag.seconds > CLOSE_BEHIND_SECONDS:
        behind = "is not measured" if lag is None else f"is {lag.seconds:.0f} s behind"
        fix = f"wait until it is at most {CLOSE_BEHIND_SECONDS:.0f} s: what it misses prolongs this"
        return _refuses(f"{wanted.database} {behind}", fix)
    return Finding(check=NAME, says=f"{left.identifier} tells its last write")


def _refuses(says: str, fix: str) -> Finding:
    return Finding(check=NAME, says=says, refuses=True, fix=fix)


def is_closed(fence: Fence | None, reads: SiteReads, holder: str) -> bool:
    """Whether `holder` has the fence, and nobody writes in the region before any more."""
    return fence is not None and fence.holder == holder and reads.clock.now() >= fence.opens_at


def has_all(copy: DatabaseReads, identifier: str, source: Departure) -> bool:
    """Whether a replica has replayed whatever its closed source wrote for a client."""
    # In this order: what is written after the look is none of a client's.
    written = source.database.written(source.identifier)
    replayed = copy.replayed(identifier)
    return written is not None and replayed is not None and replayed >= written


def last_write(wanted: Failover, left: Departure) -> Step[SiteReads, SiteWorld]:
    """The replica, once nothing is missing."""

    def holds(reads: SiteReads) -> bool:
        found = reads.database.instance(wanted.database)
        if found is not None and found.follows is None:
            return True
        closed = is_closed(reads.fence.current(), reads, wanted.target.holder)
        return closed and has_all(reads.database, wanted.database, left)

    return Step(
        name="last write",
        goal=f"{wanted.database} has replayed the closed database's log to its end",
        holds=holds,
        make=lambda _: None,
        takes=seconds("runbook", "wait", "last-write"),
        kind="wait",
    )


def files_arrived(wanted: Failover) -> Step[SiteReads, SiteWorld]:
    """What was written before the region closed, which it was when its lease would have ended."""

    def holds(reads: SiteReads) -> bool:
        if reads.files.replicates(wanted.file_system) is None:
            return True
        copied, fence = reads.files.copied_at(wanted.file_system), reads.fence.current()
        if copied is None or fence is None or fence.holder != wanted.target.holder:
            return False
        return copied >= fence.previous_until

    return Step(
        name="files arrived",
        goal=f"{wanted.file_system} has every file from before the handover",
        holds=holds,
        make=lambda _: None,
        takes=seconds("runbook", "wait", "files"),
        kind="wait",
        restores=False,
    )
