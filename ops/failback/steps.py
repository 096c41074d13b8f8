"""The steps of a failback in their order: everything that takes long while the platform goes on
where it is, then the handover, then what makes a standby of the region that was left.

The handover is the fence's: the take bars the side that writes, which closes and says so. Only
then is the end of its log known, and only once the copy has replayed that is it promoted. Until
the promotion nothing is lost by giving the fence back (`abort`).
"""

from __future__ import annotations

from dataclasses import replace

from catalog.timings import seconds
from ops.errors import Refused
from ops.failback.copies import Copy, adopted, replicated, set_aside
from ops.failback.files import EFS, Direction, copied_the_other_way
from ops.failback.sides import (
    AWAY,
    HOME,
    PairStep,
    follows_away,
    holder,
    on,
    returned,
    turn,
)
from ops.failback.standby import standby_again
from ops.failback.target import Failback
from ops.failover import steps as failover
from ops.failover.departure import (
    CLOSE_BEHIND_SECONDS,
    Departure,
    files_arrived,
    has_all,
    is_closed,
)
from ops.step import Step
from ops.world.database import AVAILABLE
from ops.world.pair import PairReads, PairWorld


def failback_steps(wanted: Failback) -> list[PairStep]:
    """All steps."""
    copy = _copy_at_home(wanted)
    prepared = [
        on(HOME, failover.nodes_asked(wanted.home)),
        _objects(wanted),
        *copied_the_other_way(_files_home(wanted)),
        set_aside(copy),
        replicated(copy),
        _close_behind(wanted),
        on(HOME, failover.nodes(wanted.home)),
        on(HOME, failover.models(wanted.home)),
    ]
    handed_over = [
        _epoch(wanted),
        _traffic(),
        _closed(wanted),
        _replayed(wanted),
        _once_returned(wanted, on(HOME, failover.promoted(wanted.home))),
        on(HOME, failover.services(wanted.home)),
        on(HOME, failover.probed()),
        on(HOME, failover.arrived()),
    ]
    settled = [
        _once_returned(wanted, on(HOME, files_arrived(wanted.home))),
        replace(
            _once_returned(wanted, on(HOME, failover.files(wanted.home))),
            name="files open",
            restores=False,
        ),
        _files_protected(wanted),
        adopted(copy, lambda reads: returned(wanted, reads), follows=False),
        _deployed(wanted),
    ]
    return [*prepared, *handed_over, *settled, *standby_again(wanted)]


def _copy_at_home(wanted: Failback) -> Copy:
    return Copy(
        name="copy",
        side=HOME,
        identifier=wanted.home.database,
        source=lambda both: both.away.database.instance(wanted.away.database),
        epoch=lambda both: turn(wanted, both),
        over=lambda reads: returned(wanted, reads),
        held_by=wanted.away.region,
    )


def _files_home(wanted: Failback) -> Direction:
    return Direction(
        name="files",
        source=AWAY,
        source_id=wanted.away.file_system,
        target=HOME,
        target_id=wanted.home.file_system,
        target_region=wanted.target.region,
        ready=lambda _: True,
        over=lambda reads: returned(wanted, reads),
    )


def _objects(wanted: Failback) -> PairStep:
    def holds(reads: PairReads) -> bool:
        left = [reads.home.objects.backlog(each.source, each.target) for each in wanted.buckets]
        return returned(wanted, reads) or all(count == 0 for count in left)

    return Step(
        name="objects",
        goal="every object that was written away is copied home",
        holds=holds,
        make=failover.only_waits,
        takes=seconds("runbook", "wait", "objects"),
        kind="wait",
    )


def _close_behind(wanted: Failback) -> PairStep:
    def holds(reads: PairReads) -> bool:
        lag = reads.home.database.lag(wanted.home.database)
        near = lag is not None and lag.seconds <= CLOSE_BEHIND_SECONDS
        # Looked at now, so that nobody finds out in the outage that it cannot be.
        told = reads.home.database.replayed(wanted.home.database) is not None
        return returned(wanted, reads) or (follows_away(wanted, reads) and near and told)

    return Step(
        name="copy close behind",
        goal=f"{wanted.home.database} is at most {CLOSE_BEHIND_SECONDS:.0f} s behind",
        holds=holds,
        make=failover.only_waits,
        takes=seconds("runbook", "wait", "lag"),
        kind="wait",
    )


def _epoch(wanted: Failback) -> PairStep:
    """Refuses to take the fence for a region whose database is not the copy: its agents would
    open the old one."""

    def make(world: PairWorld) -> None:
        found = world.home.database.instance(wanted.home.database)
        if found is None or found.status != AVAILABLE or not follows_away(wanted, world):
            raise Refused(
                f"{wanted.home.database}: expected a replica of {wanted.away.database} that is "
                "available; run the same command again, which makes it"
            )
        world.home.fence.take(wanted.target.holder, world.home.fence.current())

    return Step(
        name="epoch",
        goal=f"{wanted.target.holder} holds the fence, in a new epoch; {wanted.away.region} closes",
        holds=lambda reads: holder(reads) == wanted.target.holder,
        make=make,
        takes=seconds("runbook", "take", "fence"),
        interrupts=True,
    )


def _traffic() -> PairStep:
    """Only asked for here: the names turn while the copy is promoted. Where nobody publishes the
    metric any more, its silence turns them too."""
    return Step(
        name="traffic",
        goal="nothing publishes the metric that moves traffic away any more",
        holds=lambda reads: not reads.away.traffic.kept_moved(),
        make=lambda world: world.away.traffic.move_back(),
        takes=seconds("runbook", "ask", "traffic"),
    )


def _closed(wanted: Failback) -> PairStep:
    return Step(
        name="closed",
        goal=f"nobody writes in {wanted.away.region}: its agents said so, or its lease is over",
        holds=lambda reads: _is_closed(wanted, reads),
        make=failover.only_waits,
        takes=seconds("runbook", "close", "lease"),
        kind="wait",
        began_by="epoch",
    )


def _is_closed(wanted: Failback, reads: PairReads) -> bool:
    return is_closed(reads.home.fence.current(), reads.home, wanted.target.holder)


def _replayed(wanted: Failback) -> PairStep:
    def holds(reads: PairReads) -> bool:
        if returned(wanted, reads):
            return True
        source = Departure(database=reads.away.database, identifier=wanted.away.database)
        return (
            _is_closed(wanted, reads)
            and follows_away(wanted, reads)
            and has_all(reads.home.database, wanted.home.database, source)
        )

    return Step(
        name="last write",
        goal=f"{wanted.home.database} has replayed the closed database's log to its end",
        holds=holds,
        make=failover.only_waits,
        takes=seconds("runbook", "wait", "last-write"),
        kind="wait",
    )


def _files_protected(wanted: Failback) -> PairStep:
    """EFS leaves a file system that was a copy unprotected."""

    def holds(reads: PairReads) -> bool:
        files, name = reads.home.files, wanted.home.file_system
        writable = returned(wanted, reads) and files.replicates(name) is None
        return writable and not files.takes_copies(name)

    return Step(
        name="files protected",
        goal=f"no copy may overwrite {wanted.home.file_system} again",
        holds=holds,
        make=lambda world: world.home.files.refuse_copies(wanted.home.file_system),
        takes=seconds(EFS, "update"),
        restores=False,
    )


def _once_returned(wanted: Failback, step: PairStep) -> PairStep:
    """Before the handover the old database and the old files take writes, which says nothing."""

    def holds(reads: PairReads) -> bool:
        return returned(wanted, reads) and step.holds(reads)

    return replace(step, holds=holds)


def _deployed(wanted: Failback) -> PairStep:
    """The copy was made with what RDS lets a replica have; the rest is the declaration's."""

    def holds(reads: PairReads) -> bool:
        later = reads.away.declaration.declared_role() == "standby"
        done = later or reads.home.declaration.deployed_last()
        return returned(wanted, reads) and done

    return Step(
        name="deployment",
        goal="the production stack is deployed over what was adopted",
        holds=holds,
        make=lambda world: world.home.declaration.deploy(),
        takes=seconds("runbook", "deploy", "declaration"),
        kind="wait",
        restores=False,
    )
