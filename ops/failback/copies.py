"""A database that is replaced by a replica of the other region's, under its own identifier.

The old instance is set aside first, so that the replica is made with the final name: its endpoint
is the one that clients and the state know. Nothing is written in between: whoever does this is
closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalog.timings import seconds
from ops.errors import Refused
from ops.failback.sides import PairStep, Side, holder
from ops.step import Step
from ops.world.database import AVAILABLE, Instance
from ops.world.pair import PairReads, PairWorld

RDS = "aws:rds/instance:Instance"


def aside_name(identifier: str, epoch: int) -> str:
    """Identifier of the instance that a replica replaced in this epoch; RDS takes 63 letters."""
    return f"{identifier[:48].rstrip('-')}-before-e{epoch}"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What is replaced by a replica of what."""

    name: str
    """Of its steps."""
    side: Side
    identifier: str
    source: Callable[[PairReads | PairWorld], Instance | None]
    """The instance of the other region."""
    epoch: Callable[[PairReads | PairWorld], int]
    over: Callable[[PairReads], bool]
    """Whether the replica was made, and may be one no longer."""
    held_by: str
    """The other region: only where it holds the fence does nobody write to what is replaced."""
    restores: bool = True

    def aside(self, both: PairReads | PairWorld) -> str:
        """Where the old instance is."""
        return aside_name(self.identifier, self.epoch(both))

    def follows(self, reads: PairReads) -> bool:
        """Whether the replica is there."""
        found, source = (
            self.side.reads(reads).database.instance(self.identifier),
            self.source(reads),
        )
        return found is not None and source is not None and found.follows == source.arn


def set_aside(copy: Copy) -> PairStep:
    """The old instance under another identifier, where nobody looks for it."""

    def holds(reads: PairReads) -> bool:
        databases = copy.side.reads(reads).database
        old = databases.instance(copy.aside(reads))
        gone = databases.instance(copy.identifier) is None
        moved = gone and old is not None and old.status == AVAILABLE
        return copy.over(reads) or copy.follows(reads) or moved

    def make(world: PairWorld) -> None:
        databases = copy.side.world(world).database
        found = databases.instance(copy.identifier)
        if holder(world) != copy.held_by:
            raise Refused(f"{copy.identifier}: expected that {copy.held_by} holds the fence")
        if found is not None and found.writable:
            databases.rename(copy.identifier, copy.aside(world))

    return Step(
        name=f"{copy.name} aside",
        goal=f"what {copy.identifier} was is kept under another name, closed",
        holds=holds,
        make=make,
        takes=seconds(RDS, "rename"),
        kind="wait",
        restores=copy.restores,
    )


def replicated(copy: Copy) -> PairStep:
    """The replica, with the old one's network, class, key and parameters."""

    def holds(reads: PairReads) -> bool:
        found = copy.side.reads(reads).database.instance(copy.identifier)
        there = found is not None and found.status == AVAILABLE
        return copy.over(reads) or (copy.follows(reads) and there)

    def make(world: PairWorld) -> None:
        databases, source = copy.side.world(world).database, copy.source(world)
        if databases.instance(copy.identifier) is None and source is not None:
            databases.replicate(source.arn, copy.aside(world), copy.identifier)

    return Step(
        name=copy.name,
        goal=f"{copy.identifier} is a replica of the other region's database",
        holds=holds,
        make=make,
        takes=seconds(RDS, "create-replica-cross-region"),
        kind="wait",
        restores=copy.restores,
    )


def adopted(copy: Copy, done: Callable[[PairReads], bool], *, follows: bool) -> PairStep:
    """The new instance in the stack's state. `done` says that it is there to be adopted;
    `follows` whether the state is to know it as a replica."""

    def holds(reads: PairReads) -> bool:
        site = copy.side.reads(reads)
        found = site.database.instance(copy.identifier)
        known = found is not None and site.declaration.known_database() == found.resource_id
        replica = known and site.declaration.known_source() is not None
        return done(reads) and known and replica == follows

    def make(world: PairWorld) -> None:
        site = copy.side.world(world)
        found = site.database.instance(copy.identifier)
        if found is not None:
            site.declaration.adopt_database(found.resource_id)

    return Step(
        name=f"{copy.name} adopted",
        goal=f"the state takes the new {copy.identifier} for the database",
        holds=holds,
        make=make,
        takes=seconds("runbook", "refresh", "declaration"),
        kind="wait",
        restores=False,
    )
