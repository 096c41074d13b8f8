"""The region that was left becomes the standby again: replica, files, role, deployment, nodes; then
its old database is deleted, with a last snapshot."""

from __future__ import annotations

from catalog.timings import seconds
from ops.failback.copies import RDS, Copy, adopted, aside_name, replicated, set_aside
from ops.failback.files import Direction, copied_the_other_way
from ops.failback.sides import AWAY, HOME, PairStep, follows_home, returned, turn
from ops.failback.target import Failback
from ops.step import Step
from ops.world.database import AVAILABLE
from ops.world.pair import PairReads, PairWorld


def standby_again(wanted: Failback) -> list[PairStep]:
    """Everything after service is back at home."""
    copy = Copy(
        name="standby's copy",
        side=AWAY,
        identifier=wanted.away.database,
        source=lambda both: both.home.database.instance(wanted.home.database),
        epoch=lambda both: turn(wanted, both),
        over=lambda _: False,
        held_by=wanted.target.holder,
        restores=False,
    )
    return [
        set_aside(copy),
        replicated(copy),
        adopted(copy, lambda reads: follows_home(wanted, reads), follows=True),
        *copied_the_other_way(_files_away(wanted)),
        _declared(),
        _deployed(),
        _nodes(wanted),
        _retired(wanted),
    ]


def _files_away(wanted: Failback) -> Direction:
    def ready(reads: PairReads) -> bool:
        open_at_home = reads.home.files.replicates(wanted.home.file_system) is None
        return returned(wanted, reads) and open_at_home

    return Direction(
        name="standby's files",
        source=HOME,
        source_id=wanted.home.file_system,
        target=AWAY,
        target_id=wanted.away.file_system,
        target_region=wanted.away.region,
        ready=ready,
        over=lambda _: False,
        restores=False,
    )


def _declared() -> PairStep:
    return Step(
        name="role",
        goal="the stack file declares the role standby",
        holds=lambda reads: reads.away.declaration.declared_role() == "standby",
        make=lambda world: world.away.declaration.declare_standby(),
        takes=seconds("runbook", "write", "declaration"),
        restores=False,
    )


def _deployed() -> PairStep:
    return Step(
        name="standby's deployment",
        goal="the stack is deployed as a standby",
        holds=lambda reads: reads.away.declaration.deployed_role() == "standby",
        make=lambda world: world.away.declaration.deploy(),
        takes=seconds("runbook", "deploy", "declaration"),
        kind="wait",
        restores=False,
    )


def _nodes(wanted: Failback) -> PairStep:
    """A deployment leaves the number of nodes alone, which is a scaler's; a failover raised it."""

    def many(both: PairReads | PairWorld) -> list[str]:
        groups = {name: both.away.cluster.node_group(name) for name in wanted.away.pools}
        return [
            name
            for name, group in groups.items()
            if group and group.desired > wanted.away.pools[name]
        ]

    def make(world: PairWorld) -> None:
        for name in many(world):
            world.away.cluster.resize(name, wanted.away.pools[name])

    return Step(
        name="standby's nodes",
        goal=f"the node groups of {wanted.away.region} have no more nodes than a standby",
        holds=lambda reads: follows_home(wanted, reads) and not many(reads),
        make=make,
        takes=seconds("runbook", "ask", "nodes"),
        restores=False,
    )


def _retired(wanted: Failback) -> PairStep:
    """All of its rows are at home: the copy there replayed its log to the end."""

    def name(both: PairReads | PairWorld) -> str:
        return aside_name(wanted.away.database, turn(wanted, both))

    def holds(reads: PairReads) -> bool:
        gone = reads.away.database.instance(name(reads)) is None
        return follows_home(wanted, reads) and gone

    def make(world: PairWorld) -> None:
        found = world.away.database.instance(name(world))
        if found is not None and found.status == AVAILABLE:
            world.away.database.retire(name(world), f"{name(world)}-final")

    return Step(
        name="retired",
        goal=f"what {wanted.away.database} was is deleted, and kept as a snapshot",
        holds=holds,
        make=make,
        takes=seconds(RDS, "delete"),
        kind="wait",
        irreversible=wanted.away.database,
        restores=False,
    )
