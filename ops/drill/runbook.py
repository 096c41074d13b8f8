"""The drill: every check of a failover, and the parts of it that can be tried beside the platform.

A second replica is made in the standby's region and promoted, as the standby's would be: that is
what a failover takes longest for. It has no client, and is deleted. The standby's own database,
its traffic, its fence and production are only looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from catalog.timings import Timing, seconds
from ops.account import account_check
from ops.backups.verify import Backups
from ops.errors import Refused
from ops.failover.checks import FailoverCheck, bad, failover_checks, good
from ops.failover.steps import only_waits
from ops.failover.target import Consent, Failover
from ops.report import RPO_FACT
from ops.step import Check, Finding, Kind, Runbook, Step, Target
from ops.world.database import AVAILABLE
from ops.world.scratch import DrillReads, DrillWorld

RDS = "aws:rds/instance:Instance"
LEFT_OUT = ("account", "lost region")
"""Checks of a failover that a drill has in another form: nothing is lost."""
TRIED = ("database", "models")
"""Steps that have the name of those of a failover, whose time they tell."""

DrillStep = Step[DrillReads, DrillWorld]


def scratch_name(database: str, drill: str) -> str:
    """Identifier of a drill's database; RDS takes 63 letters."""
    return f"{database[:40].rstrip('-')}-drill-{drill}"


def drill(
    wanted: Failover, target: Target, backups: Backups, name: str
) -> Runbook[DrillReads, DrillWorld]:
    """The drill `name` of what a failover would make of the standby."""
    scratch = scratch_name(wanted.database, name)
    return Runbook(
        name="drill",
        target=target,
        checks=_checks(wanted, target, backups),
        steps=[
            _models(wanted, name),
            _swept(name, scratch),
            _copied(wanted, name, scratch),
            _promoted(wanted, name, scratch),
            _answers(wanted, name, scratch),
            _finished(name),
            _removed(name, scratch),
        ],
        facts=lambda reads: _behind(wanted, reads),
    )


def _behind(wanted: Failover, reads: DrillReads) -> dict[str, float]:
    lag = reads.site.database.lag(wanted.database)
    return {} if lag is None else {RPO_FACT: lag.seconds}


def _checks(wanted: Failover, target: Target, backups: Backups) -> Sequence[Check[DrillReads]]:
    """A failover's: a drill that would be let begin is a failover that would be."""
    asked = failover_checks(wanted, Consent(), backups)
    kept = [_of_the_site(check) for check in asked if check.name not in LEFT_OUT]
    standby = Check[DrillReads](name="standby", judge=lambda reads: _standby(wanted, reads))
    return [account_check(target), standby, *kept]


def _of_the_site(check: FailoverCheck) -> Check[DrillReads]:
    return Check(name=check.name, judge=lambda reads: check.judge(reads.site))


def _standby(wanted: Failover, reads: DrillReads) -> Finding:
    role = reads.site.declaration.deployed_role()
    found = reads.site.database.instance(wanted.database)
    if role == "standby" and found is not None and found.follows is not None:
        return good("standby", f"{wanted.database} follows {found.follows}")
    says = f"the stack is deployed as a {role}; {wanted.database} follows nobody"
    return bad("standby", says, "drill the region that is the standby now")


def _step(
    drill: str,
    *,
    name: str,
    goal: str,
    holds: Callable[[DrillReads], bool],
    make: Callable[[DrillWorld], None],
    takes: Timing,
    kind: Kind = "wait",
) -> DrillStep:
    """A step that is over for good once the drill is: what it made is gone by then."""
    return Step(
        name=name,
        goal=goal,
        holds=lambda reads: reads.scratch.finished(drill) or holds(reads),
        make=make,
        takes=takes,
        kind=kind,
    )


def _swept(drill: str, scratch: str) -> DrillStep:
    def left(reads: DrillReads | DrillWorld) -> list[str]:
        return [name for name in reads.scratch.drilled() if name != scratch]

    def make(world: DrillWorld) -> None:
        for name in left(world):
            found = world.scratch.found(name)
            if found is not None and found.status != "deleting":
                world.scratch.remove(name)

    return _step(
        drill,
        name="swept",
        goal="nothing is left of earlier drills",
        holds=lambda reads: not left(reads),
        make=make,
        takes=seconds(RDS, "delete"),
    )


def _copied(wanted: Failover, drill: str, scratch: str) -> DrillStep:
    def holds(reads: DrillReads) -> bool:
        found = reads.scratch.found(scratch)
        if found is None or found.status != AVAILABLE:
            return False
        # In this order: the standby goes on replaying.
        standby = reads.site.database.replayed(wanted.database)
        has = reads.scratch.replayed(scratch)
        return found.writable or (standby is not None and has is not None and has >= standby)

    def make(world: DrillWorld) -> None:
        standby = world.site.database.instance(wanted.database)
        if world.scratch.found(scratch) is not None:
            return
        if standby is None or standby.follows is None:
            raise Refused(f"{wanted.database}: expected a replica, of whose source to make another")
        world.scratch.copy(standby.follows, wanted.database, scratch)

    return _step(
        drill,
        name="copy",
        goal=f"{scratch} is a second replica, and has every row that the standby has",
        holds=holds,
        make=make,
        takes=seconds(RDS, "create-replica-cross-region"),
    )


def _promoted(wanted: Failover, drill: str, scratch: str) -> DrillStep:
    def holds(reads: DrillReads) -> bool:
        found = reads.scratch.found(scratch)
        return found is not None and found.writable

    def make(world: DrillWorld) -> None:
        found = world.scratch.found(scratch)
        if found is not None and found.follows is not None and found.status == AVAILABLE:
            world.scratch.promote(scratch, wanted.backup_days)

    return _step(
        drill,
        name="database",
        goal=f"{scratch} takes writes",
        holds=holds,
        make=make,
        takes=seconds(RDS, "promote"),
    )


def _answers(wanted: Failover, drill: str, scratch: str) -> DrillStep:
    """What was promoted is a primary with the standby's key and engine. Nothing makes it so."""

    def holds(reads: DrillReads) -> bool:
        standby, found = reads.site.database.instance(wanted.database), reads.scratch.found(scratch)
        if standby is None or found is None:
            return False
        for what in ("engine_version", "instance_class", "encryption_key"):
            if getattr(standby, what) != getattr(found, what):
                raise Refused(
                    f"{scratch}: {what}: {getattr(found, what)}, expected "
                    f"{getattr(standby, what)}, which {wanted.database} has"
                )
        return (reads.scratch.written(scratch) or 0) > 0

    return _step(
        drill,
        name="answers",
        goal=f"PostgreSQL on {scratch} says that it writes a log of its own",
        holds=holds,
        make=only_waits,
        takes=seconds("runbook", "wait", "last-write"),
    )


def _models(wanted: Failover, drill: str) -> DrillStep:
    return _step(
        drill,
        name="models",
        goal=f"the models answer here: {', '.join(wanted.models) or 'there are none'} "
        "(leave a cold one out with --without)",
        holds=lambda reads: not reads.site.probe.unready_models(wanted.models),
        make=only_waits,
        takes=seconds("runbook", "wait", "models"),
    )


def _finished(drill: str) -> DrillStep:
    return _step(
        drill,
        name="finished",
        goal=f"drill {drill} is noted",
        holds=lambda _: False,
        make=lambda world: world.scratch.finish(drill),
        takes=seconds("runbook", "write", "declaration"),
        kind="software",
    )


def _removed(drill: str, scratch: str) -> DrillStep:
    def holds(reads: DrillReads) -> bool:
        return reads.scratch.finished(drill) and reads.scratch.found(scratch) is None

    def make(world: DrillWorld) -> None:
        found = world.scratch.found(scratch)
        if found is not None and found.status == AVAILABLE:
            world.scratch.remove(scratch)

    return Step(
        name="removed",
        goal=f"{scratch} is deleted",
        holds=holds,
        make=make,
        takes=seconds(RDS, "delete"),
        kind="wait",
        restores=False,
    )
