"""Steps on one of the two regions, and what tells how far a failback is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ops.failback.target import Failback
from ops.step import Step
from ops.world.pair import PairReads, PairWorld
from ops.world.site import SiteReads, SiteWorld

PairStep = Step[PairReads, PairWorld]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two regions."""

    reads: Callable[[PairReads], SiteReads]
    world: Callable[[PairWorld], SiteWorld]


HOME = Side(reads=lambda both: both.home, world=lambda both: both.home)
AWAY = Side(reads=lambda both: both.away, world=lambda both: both.away)


def on(side: Side, step: Step[SiteReads, SiteWorld]) -> PairStep:
    """A step of one region as a step of both."""
    return Step(
        name=step.name,
        goal=step.goal,
        holds=lambda both: step.holds(side.reads(both)),
        make=lambda both: step.make(side.world(both)),
        takes=step.takes,
        kind=step.kind,
        irreversible=step.irreversible,
        began_by=step.began_by,
        interrupts=step.interrupts,
        restores=step.restores,
    )


def holder(both: PairReads | PairWorld) -> str | None:
    """The region that holds the fence."""
    fence = both.home.fence.current()
    return fence.holder if fence else None


def follows_away(wanted: Failback, both: PairReads | PairWorld) -> bool:
    """Whether the database at home is a replica of the one away."""
    here = both.home.database.instance(wanted.home.database)
    there = both.away.database.instance(wanted.away.database)
    return here is not None and there is not None and here.follows == there.arn


def follows_home(wanted: Failback, both: PairReads | PairWorld) -> bool:
    """Whether the database away is a replica of the one at home."""
    here = both.home.database.instance(wanted.home.database)
    there = both.away.database.instance(wanted.away.database)
    return here is not None and there is not None and there.follows == here.arn


def returned(wanted: Failback, both: PairReads | PairWorld) -> bool:
    """Whether the platform is at home: the fence is, and the database there follows nobody.

    The fence only moves while that database is a replica of the one away, so this is the copy
    that was promoted, never the old one.
    """
    here = both.home.database.instance(wanted.home.database)
    at_home = holder(both) == wanted.target.holder
    return at_home and here is not None and here.follows is None


def turn(wanted: Failback, both: PairReads | PairWorld) -> int:
    """The epoch in which the platform is at home again."""
    fence = both.home.fence.current()
    if fence is None:
        return 1
    return fence.epoch + (fence.holder != wanted.target.holder)
