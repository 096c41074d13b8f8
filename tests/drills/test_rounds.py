"""The platform leaves its region and returns, again and again, and no acknowledged row is lost: the
real runbooks, the real agents, two real databases."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ops.executor import Hands, carry_out
from ops.failback.runbook import failback
from ops.failover.departure import Departure
from ops.failover.runbook import failover
from ops.failover.target import Consent
from ops.journal import opened
from ops.progress import PlainProgress
from ops.step import Runbook
from ops.world.pair import PairReads, PairWorld
from tests.drills.clients import Client, Row, written
from tests.drills.pair import EAST, WEST, Pair, fled, lag, until
from tests.drills.rds import Rds
from tests.drills.side import BUDGET
from tests.drills.site import PacedClock, TableFence
from tests.ops.memory.parts import MemoryDeclaration
from tests.ops.memory.platform import AWAY_BACKUPS, Platform, returning
from tests.ops.memory.region import BACKUPS, wanted

NIGHTLY = (pytest.mark.nightly, pytest.mark.timeout(1_800))
pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]


class Rounds:
    """Both regions: databases and fence are real, the rest is in memory."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.clock = PacedClock()
        self.platform = Platform(clock=self.clock)
        self.platform.writer.paused = True
        self.fence = TableFence(pair.table)
        self.west, self.east = pair.primary.rds, pair.standby.rds
        for region, rds in ((self.platform.home, self.east), (self.platform.away, self.west)):
            databases: Any = rds
            found = rds.instance(rds.identifier)
            assert found
            region.declaration = MemoryDeclaration(
                databases, rds.identifier, "primary", None, "primary", found.resource_id
            )
            region.files.first_copy = region.files.behind = 0.0

    def reads(self) -> PairReads:
        home, away = self.platform.home.reads(), self.platform.away.reads()
        return PairReads(
            home=replace(home, fence=self.fence, database=self.east),
            away=replace(away, fence=self.fence, database=self.west),
        )

    def world(self) -> PairWorld:
        home, away = self.platform.home.world(), self.platform.away.world()
        return PairWorld(
            home=replace(home, fence=self.fence, database=self.east),
            away=replace(away, fence=self.fence, database=self.west),
        )

    def led(self) -> Rds:
        """Where the public names lead."""
        return self.west if self.platform.away.traffic.here else self.east

    def renewed(self) -> bool:
        """Whether the lease has a while to run, also on a busy machine."""
        fence = self.fence.current()
        return fence is not None and fence.lease_until - self.clock.now() > BUDGET.duration / 1_500

    def epoch(self) -> int:
        """Of the fence."""
        fence = self.fence.current()
        return fence.epoch if fence else 0

    def back(self, journal: Path, leave_out: str) -> None:
        """`mlops failback --apply`, without the step of that name."""
        reads = self.reads()
        book = failback(returning(), AWAY_BACKUPS, reads)
        steps = [step for step in book.steps if step.name != leave_out]
        self._applied(replace(book, steps=steps), reads, self.world(), journal)

    def over(self, journal: Path) -> None:
        """`mlops failover --planned --apply`."""
        reads, world = self.reads().away, self.world().away
        left = Departure(database=self.east, identifier=self.east.identifier)
        book = failover(wanted(), Consent(), BACKUPS, reads, left)
        self._applied(book, reads, world, journal)

    def _applied(self, book: Runbook[Any, Any], reads: Any, world: Any, journal: Path) -> None:
        hands: Hands[Any, Any] = Hands(
            reads=reads,
            world=world,
            clock=self.clock,
            progress=PlainProgress(lambda _: None),
            confirm=lambda _: True,
        )
        with opened(journal, book.name, book.target, sync=lambda _: None) as log:
            assert carry_out(book, log, hands)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The regions, and clients that write throughout: one that goes where the public names lead,
    and one on each side that stays there and tries whatever happens."""

    rounds: Rounds
    everywhere: Client
    east: Client
    west: Client

    def lost(self, rds: Rds) -> set[Row]:
        """Rows that were acknowledged and that the region's database does not have."""
        clients = (self.everywhere, self.east, self.west)
        acknowledged = set[Row]().union(*(client.rows for client in clients))
        return acknowledged - written(rds.server).keys()

    def back(self, journal: Path, leave_out: str = "") -> float:
        """Return under load. Returns for how many seconds nobody wrote, by the clocks of the
        servers: negative where both did at once."""
        tried = self.east.tried
        self.rounds.back(journal, leave_out)
        self.everywhere.until_it_writes()
        self.east.until_it_writes()
        rows = written(self.rounds.east.server)
        last = max(at for (name, _), at in rows.items() if name == WEST)
        began = min(at for (name, n), at in rows.items() if name == EAST and n > tried)
        return began - last

    def over(self, journal: Path) -> None:
        """Leave under load, as soon as the agents of the side that is left hold its lease."""
        until("the lease is held", self.rounds.renewed)
        self.rounds.over(journal)
        self.everywhere.until_it_writes()
        self.west.until_it_writes()


@contextmanager
def stage(template: Path, delay: Callable[[], float]) -> Generator[Stage]:
    with fled(template, delay) as pair:
        rounds = Rounds(pair)
        with (
            Client("everywhere", rounds.led) as everywhere,
            Client(EAST, lambda: rounds.east) as east,
            Client(WEST, lambda: rounds.west) as west,
        ):
            everywhere.until_it_writes()
            west.until_it_writes()
            yield Stage(rounds=rounds, everywhere=everywhere, east=east, west=west)


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=NIGHTLY)])
def test_rounds_under_load_lose_no_acknowledged_row(
    template: Path, tmp_path: Path, rounds: int
) -> None:
    with stage(template, lag(rounds, 0.05, 0.25)) as here:
        epoch = here.rounds.epoch()
        for number in range(rounds):
            silent = here.back(tmp_path / f"back-{number}.jsonl")
            print(f"round {number}: nobody wrote for {silent:.2f} s")
            assert silent > 0
            assert here.lost(here.rounds.east) == set()
            here.rounds.east.retire_others()
            if number < rounds - 1:
                here.over(tmp_path / f"over-{number}.jsonl")
                assert here.lost(here.rounds.west) == set()
        assert here.rounds.epoch() == epoch + 2 * rounds - 1
        assert len(here.everywhere.acknowledged) > 50 * rounds


@pytest.mark.nightly
def test_a_failback_that_does_not_wait_for_the_last_write_loses_rows(
    template: Path, tmp_path: Path
) -> None:
    with stage(template, lambda: 1.0) as here:
        here.back(tmp_path / "back.jsonl", leave_out="last write")
        assert here.lost(here.rounds.east)
