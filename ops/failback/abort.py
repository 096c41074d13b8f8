"""The way back from a failback whose copy was not promoted: the region that was to be left goes
on. Nothing was written anywhere else, so nothing is lost; what was prepared stays for the next
attempt."""

from __future__ import annotations

from dataclasses import replace

from catalog.timings import seconds
from ops.account import account_check
from ops.errors import Refused
from ops.failback.sides import AWAY, PairStep, follows_away, holder, on
from ops.failback.target import Failback
from ops.failover import steps as failover
from ops.failover.runbook import stamp
from ops.step import Check, Finding, Runbook, Step
from ops.world.pair import PairReads, PairWorld


def abort(wanted: Failback) -> Runbook[PairReads, PairWorld]:
    """The runbook. Its journal is its own, for the region that goes on."""
    return Runbook(
        name="failback-abort",
        target=replace(wanted.target, region=wanted.away.region, holder=wanted.away.region),
        checks=[
            account_check(wanted.target),
            Check(name="copy", judge=lambda reads: _not_promoted(wanted, reads)),
        ],
        steps=[
            _epoch(wanted),
            replace(on(AWAY, failover.lease()), began_by=None),
            on(AWAY, failover.traffic()),
            on(AWAY, failover.services(replace(wanted.home, database=wanted.away.database))),
            on(AWAY, failover.arrived()),
        ],
        stamp=lambda reads: stamp(reads.away),
    )


def _epoch(wanted: Failback) -> PairStep:
    def make(world: PairWorld) -> None:
        if not follows_away(wanted, world):
            raise Refused(_promoted(wanted))
        world.away.fence.take(wanted.away.region, world.away.fence.current())

    return Step(
        name="epoch",
        goal=f"{wanted.away.region} holds the fence, in a new epoch",
        holds=lambda reads: holder(reads) == wanted.away.region,
        make=make,
        takes=seconds("runbook", "take", "fence"),
        interrupts=True,
    )


def _not_promoted(wanted: Failback, reads: PairReads) -> Finding:
    if holder(reads) == wanted.away.region:
        return Finding(check="copy", says=f"{wanted.away.region} holds the fence")
    if follows_away(wanted, reads):
        return Finding(check="copy", says=f"{wanted.home.database} follows, and takes no writes")
    return Finding(
        check="copy",
        says=_promoted(wanted),
        refuses=True,
        fix="finish it: mlops failback --apply; to leave again afterwards: mlops failover",
    )


def _promoted(wanted: Failback) -> str:
    return (
        f"{wanted.home.database} is no replica of {wanted.away.database} any more: rows may have "
        "been written to it, which going back would lose"
    )
