"""One seeded schedule: partitions, pauses, kills, outages, clocks and failovers, and what came of
them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from lease.agent import Agent
from lease.budget import Budget
from lease.protocol import first, taken, to_wait
from lease.table import TableError
from tests.lease.simulation.clocks import SimulatedClock
from tests.lease.simulation.loop import Loop, wait
from tests.lease.simulation.network import Link
from tests.lease.simulation.region import LinkedDatabase, LinkedTable, LinkedWriters
from tests.lease.simulation.servers import MemoryDatabase, MemoryTable

REGIONS = ("us-east-1", "us-west-2")
AGENTS = 2
"""In each region."""
LENGTH = 300_000
"""Of a schedule, milliseconds."""
Spans = list[tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is true of a simulated world; the defaults are what the fence takes for granted."""

    budget: Budget = field(default_factory=Budget)
    skew: int = 1_000
    """Most by which two clocks really differ."""
    guards: bool = True
    """Whether the databases' guards work."""
    bars: bool = True
    """Whether a database that saw a higher epoch refuses the lower ones."""
    outages: bool = True
    """Whether databases lose their power."""
    passwords_end: bool = True
    """Whether the writers' passwords end with the time that a database was given."""
    takers_wait: bool = True
    """Whether a taker believes that the old side may still write."""
    agents_wait: bool = True
    """Whether the new side's agents believe it."""


@dataclass
class Outcome:
    """What was seen."""

    both_wrote_at: list[int] = field(default_factory=list[int])
    wrote: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REGIONS, 0))
    """Steps at which each region wrote."""
    epochs: list[int] = field(default_factory=list[int])
    promotions: int = 0
    promoted_too_early: int = 0
    """Promotions while the other side could still write rows that the new primary lacks."""


class Schedule:
    """Everything about it follows from the seed."""

    def __init__(self, seed: int, rules: Rules) -> None:
        self._draw = random.Random(seed)
        self._rules = rules
        self._loop = Loop(self._look)
        self._table = MemoryTable(first("mlops", REGIONS[0]))
        self._databases = {name: self._database() for name in REGIONS}
        self._databases[REGIONS[1]].replica = True
        self._cuts = {name: self._spans(2, 60_000) for name in REGIONS}
        self._outages = random.Random(f"outages of {seed}")
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Play it."""
        for region in REGIONS:
            for _ in range(AGENTS):
                self._loop.start(self._lives(region, self._spans(2, 90_000)))
            if self._rules.outages:
                self._loop.start(self._power(region))
        self._loop.start(self._takes())
        self._loop.run(LENGTH)
        self._loop.end()
        self.outcome.epochs = [one.epoch for one in self._table.history]
        return self.outcome

    def _look(self) -> None:
        writing = [name for name, one in self._databases.items() if one.writes()]
        for name in writing:
            self.outcome.wrote[name] += 1
        if len(writing) > 1:
            self.outcome.both_wrote_at.append(self._loop.now)

    def _database(self) -> MemoryDatabase:
        database = MemoryDatabase(self._loop, self._draw, self._clock())
        database.guard_works = self._rules.guards
        database.bars = self._rules.bars
        database.passwords_end = self._rules.passwords_end
        return database

    def _clock(self) -> SimulatedClock:
        return SimulatedClock(self._loop, self._draw, self._rules.skew, LENGTH)

    def _spans(self, most: int, longest: int) -> Spans:
        """Some spans of time, often none."""
        starts = [self._draw.randrange(LENGTH) for _ in range(self._draw.randint(0, most))]
        return [(start, start + self._draw.randint(100, longest)) for start in starts]

    async def _power(self, region: str) -> None:
        """Goes once or twice, for longer than a lease: who is back sooner needs an agent."""
        database, shortest = self._databases[region], self._rules.budget.duration
        while True:
            await wait(self._outages.randint(10_000, LENGTH))
            database.crash()
            await wait(self._outages.randint(shortest, 3 * shortest))
            database.answer()

    async def _lives(self, region: str, pauses: Spans) -> None:
        """An agent that is killed now and then, and started again with nothing in its head."""
        while True:
            agent = self._agent(region)
            life = self._loop.start(self._agent_process(agent), pauses=pauses)
            await wait(self._draw.randint(1_000, LENGTH))
            life.kill()
            await wait(self._draw.randint(100, 60_000))

    async def _agent_process(self, agent: Agent) -> None:
        while True:
            await wait(await agent.look())

    def _agent(self, region: str) -> Agent:
        budget = self._rules.budget
        if not self._rules.agents_wait:
            budget = replace(budget, clock_skew=-LENGTH)
        database = self._databases[region]
        cut = self._cuts[region]
        return Agent(
            region,
            budget,
            self._clock(),
            LinkedTable(self._table, Link(self._loop, self._draw, cut + self._spans(1, 60_000))),
            LinkedDatabase(database, Link(self._loop, self._draw, self._spans(1, 60_000))),
            LinkedWriters(database),
        )

    async def _takes(self) -> None:
        """An operator who fails over, and back, and over."""
        clock = self._clock()
        table = LinkedTable(self._table, Link(self._loop, self._draw, self._spans(2, 20_000)))
        while True:
            await wait(self._draw.randint(5_000, 120_000))
            try:
                lease = await table.read()
                if lease is None:
                    continue
                target = REGIONS[1 - REGIONS.index(lease.holder)]
                held = taken(lease, target)
                await table.swap(lease, held)
                if self._rules.takers_wait:
                    await wait(to_wait(held, clock.wall(), self._rules.budget.clock_skew))
            except TableError:
                continue
            self._promote(target, lease.holder)

    def _promote(self, target: str, source: str) -> None:
        if self._databases[target].replica:
            self.outcome.promoted_too_early += self._databases[source].writes()
            self._databases[target].copy_from(self._databases[source])
            self.outcome.promotions += 1
