"""The shared file system, copied from one region to the other: three calls that EFS does not take
before the one before has ended, hence three steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalog.timings import seconds
from ops.failback.sides import PairStep, Side
from ops.step import Step
from ops.world.pair import PairReads, PairWorld

EFS = "aws:efs/replicationConfiguration:ReplicationConfiguration"


@dataclass(frozen=True, kw_only=True)
class Direction:
    """From one file system into another, which is overwritten."""

    name: str
    """Of its steps."""
    source: Side
    source_id: str
    target: Side
    target_id: str
    target_region: str
    ready: Callable[[PairReads], bool]
    """Whether the target may be overwritten: nobody writes to it."""
    over: Callable[[PairReads], bool]
    """Whether the copy was made, and may be none any longer."""
    restores: bool = True

    def copied(self, reads: PairReads) -> bool:
        """Whether the target is the source's copy."""
        found = self.target.reads(reads).files.replicates(self.target_id)
        return found == self.source_id


def copied_the_other_way(direction: Direction) -> list[PairStep]:
    """The target lets go of its own copy, allows to be overwritten, and is."""
    return [_let_go(direction), _opened(direction), _copied(direction)]


def _let_go(direction: Direction) -> PairStep:
    side, target = direction.target, direction.target_id

    def holds(reads: PairReads) -> bool:
        return direction.copied(reads) or side.reads(reads).files.copied_to(target) is None

    return _step(
        direction,
        name=f"{direction.name} let go",
        goal=f"{target} is copied to nowhere",
        holds=holds,
        make=lambda world: side.world(world).files.let_go(target),
        operation="delete",
    )


def _opened(direction: Direction) -> PairStep:
    side, target = direction.target, direction.target_id

    def holds(reads: PairReads) -> bool:
        return direction.copied(reads) or side.reads(reads).files.takes_copies(target)

    return _step(
        direction,
        name=f"{direction.name} opened",
        goal=f"{target} may be overwritten by a copy",
        holds=holds,
        make=lambda world: side.world(world).files.take_copies(target),
        operation="update",
    )


def _copied(direction: Direction) -> PairStep:
    def holds(reads: PairReads) -> bool:
        whole = direction.target.reads(reads).files.copied_at(direction.target_id) is not None
        return direction.copied(reads) and whole

    def make(world: PairWorld) -> None:
        if direction.target.world(world).files.replicates(direction.target_id) is None:
            direction.source.world(world).files.copy_to(
                direction.source_id, direction.target_region, direction.target_id
            )

    return _step(
        direction,
        name=direction.name,
        goal=f"{direction.target_id} is a copy of {direction.source_id}, whole at least once",
        holds=holds,
        make=make,
        operation="create",
    )


def _step(
    direction: Direction,
    *,
    name: str,
    goal: str,
    holds: Callable[[PairReads], bool],
    make: Callable[[PairWorld], None],
    operation: str,
) -> PairStep:
    return Step(
        name=name,
        goal=goal,
        holds=lambda reads: direction.over(reads) or (direction.ready(reads) and holds(reads)),
        make=make,
        takes=seconds(EFS, operation),
        kind="wait",
        restores=direction.restores,
    )
