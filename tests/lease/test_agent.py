"""One agent's rounds, with servers in memory."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest

from lease.agent import RETRY, Agent
from lease.budget import Budget
from lease.database import DatabaseError
from lease.protocol import Lease, declared_closed, first, taken
from lease.table import LostCondition, TableError, Unreachable
from lease.writers import ClusterError
from tests.lease.simulation.clocks import SimulatedClock
from tests.lease.simulation.loop import Loop
from tests.lease.simulation.servers import MemoryDatabase, MemoryTable

EAST, WEST = "us-east-1", "us-west-2"


@dataclass
class World:
    """East and its servers; `broken` is raised by the server of that name."""

    loop: Loop = field(default_factory=lambda: Loop(lambda: None))
    table: MemoryTable = field(default_factory=lambda: MemoryTable(first("mlops", EAST)))
    broken: dict[str, Exception] = field(default_factory=dict[str, Exception])
    started: int = 0
    stopped: int = 0

    def __post_init__(self) -> None:
        draw = random.Random(1)
        self.clock = SimulatedClock(self.loop, draw, 0, 1_000_000)
        self.database = MemoryDatabase(self.loop, draw, self.clock)
        self.database.pods = True

    def agent(self) -> Agent:
        return Agent(EAST, Budget(), self.clock, _Table(self), _Database(self), _Writers(self))

    def look(self, agent: Agent) -> int:
        """One round of it, in simulated time."""
        pauses: list[int] = []

        async def round_() -> None:
            pauses.append(await agent.look())

        process = self.loop.start(round_())
        while process.alive:
            self.loop.run_one()
        return pauses[0]

    def give(self, server: str) -> None:
        if server in self.broken:
            raise self.broken[server]


@dataclass
class _Table:
    world: World

    async def read(self) -> Lease | None:
        self.world.give("table")
        return self.world.table.read()

    async def swap(self, seen: Lease | None, new: Lease) -> None:
        self.world.give("swap")
        self.world.table.swap(seen, new)


@dataclass
class _Database:
    world: World

    async def extend(self, epoch: int, until: int) -> int:
        self.world.give("database")
        return self.world.database.extend(epoch, until)

    async def guard(self) -> None:
        self.world.give("database")
        self.world.give("guard")
        self.world.database.guard()

    async def admit(self, epoch: int) -> None:
        self.world.give("database")
        self.world.database.admit(epoch)

    async def shut(self, bars: int) -> None:
        self.world.give("database")
        self.world.database.shut(bars)

    async def sweep(self) -> int:
        self.world.give("database")
        return self.world.database.sweep()

    async def watch(self) -> int | None:
        self.world.give("database")
        return self.world.database.watch()


@dataclass
class _Writers:
    world: World

    async def stop(self) -> None:
        self.world.give("cluster")
        self.world.stopped += 1

    async def start(self) -> None:
        self.world.give("cluster")
        self.world.started += 1


@pytest.fixture
def world() -> Generator[World]:
    world = World()
    yield world
    world.loop.end()


def test_the_holder_opens_and_comes_back_in_time_to_renew(world: World) -> None:
    agent = world.agent()
    assert world.look(agent) == Budget().renew_every
    assert agent.standing.state == "open"
    assert agent.standing.open_until == world.clock.monotonic() + Budget().good_for
    assert world.database.writes()
    assert world.started == 1


def test_a_side_that_lost_its_lease_closes_says_so_and_stops_its_writers(world: World) -> None:
    agent = world.agent()
    world.look(agent)
    assert world.table.record
    world.table.record = taken(world.table.record, WEST)
    world.look(agent)
    assert agent.standing.state == "closed"
    assert not world.database.writes()
    assert world.table.record.closed_epoch == 1
    assert world.stopped == 1


def test_it_does_not_say_so_before_the_last_session_has_ended(world: World) -> None:
    agent = world.agent()
    world.look(agent)
    assert world.table.record
    world.table.record = lost = taken(world.table.record, WEST)
    world.broken["database"] = DatabaseError("no answer")
    assert world.look(agent) == RETRY
    assert agent.standing.state == "unknown"
    assert world.table.record == lost


def test_a_side_whose_epoch_holds_again_reopens(world: World) -> None:
    agent = world.agent()
    world.look(agent)
    assert world.table.record
    there = declared_closed(taken(world.table.record, WEST))
    world.table.record = there
    world.look(agent)
    world.table.record = declared_closed(taken(there, EAST))
    world.look(agent)
    assert agent.standing.state == "open"
    assert agent.standing.epoch == 3


def test_without_the_table_the_database_stays_open_until_its_time_is_over(world: World) -> None:
    agent = world.agent()
    world.look(agent)
    world.broken["table"] = Unreachable("no answer in time")
    assert world.look(agent) == RETRY
    assert (agent.standing.state, agent.standing.trouble) == ("open", "no answer in time")
    world.loop.run(Budget().duration)
    world.look(agent)
    assert agent.standing.state == "closed"
    assert world.stopped == 1


def test_an_agent_that_starts_without_the_table_does_not_close_what_another_keeps_open(
    world: World,
) -> None:
    world.look(world.agent())
    world.broken["table"] = Unreachable("no answer in time")
    world.look(world.agent())
    assert world.database.writes()


def test_two_agents_that_renew_at_once_both_do(world: World) -> None:
    first_, second = world.agent(), world.agent()
    for agent in (first_, second, first_):
        world.look(agent)
    assert first_.standing.state == second.standing.state == "open"


def test_an_agent_that_always_loses_the_race_leaves_the_time_as_it_is(world: World) -> None:
    world.look(world.agent())
    world.broken["swap"] = LostCondition("changed by somebody else")
    agent = world.agent()
    assert world.look(agent) == RETRY
    assert agent.standing.state == "open"
    assert "changed 3 times in a row" in agent.standing.trouble


def test_a_database_in_which_no_guard_starts_gets_no_more_time(world: World) -> None:
    world.broken["guard"] = DatabaseError("too many connections")
    agent = world.agent()
    world.look(agent)
    assert agent.standing.state == "unknown"
    assert not world.database.writes()


def test_a_database_that_saw_a_higher_epoch_stays_closed(world: World) -> None:
    world.database.shut(7)
    agent = world.agent()
    world.look(agent)
    assert agent.standing.state == "closed"
    assert agent.standing.trouble == "over"


def test_a_replica_is_closed_and_waits_for_its_promotion(world: World) -> None:
    world.database.replica = True
    agent = world.agent()
    assert world.look(agent) == RETRY
    assert agent.standing.state == "closed"
    world.database.replica = False
    world.look(agent)
    assert agent.standing.state == "open"


def test_a_cluster_that_does_not_answer_changes_nothing_about_the_database(world: World) -> None:
    world.broken["cluster"] = ClusterError("403 Forbidden")
    agent = world.agent()
    world.look(agent)
    assert (agent.standing.state, agent.standing.trouble) == ("open", "403 Forbidden")
    assert world.table.record
    world.table.record = taken(world.table.record, WEST)
    world.look(agent)
    assert (agent.standing.state, agent.standing.trouble) == ("closed", "403 Forbidden")


def test_a_platform_without_a_record_stays_closed(world: World) -> None:
    world.table.record = None
    agent = world.agent()
    world.look(agent)
    assert agent.standing.state == "closed"
    assert agent.standing.reason == "the table has no lease of this platform"


def test_an_error_of_the_table_that_is_no_outage_renews_nothing_either(world: World) -> None:
    world.broken["table"] = TableError("AccessDeniedException")
    agent = world.agent()
    world.look(agent)
    assert agent.standing.trouble == "AccessDeniedException"
    assert not world.database.writes()
