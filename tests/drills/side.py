"""One region of a drill: its database, its lease agent, and what its agents can reach."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from dataclasses import dataclass, field

from lease.agent import Agent, Standing
from lease.budget import Budget, checked
from lease.clock import SystemClock
from lease.metrics import Metrics
from lease.postgres import Postgres as Fence
from lease.protocol import Lease
from lease.rights import AGENT
from lease.rounds import Rounds
from lease.table import LostCondition, Unreachable
from tests.drills.rds import Rds
from tests.drills.server import Server

BUDGET = checked(
    Budget(renew_every=300, duration=2_600, clock_skew=100, margin=1_600, request_timeout=800)
)
"""Short, so that a drill is; what they must satisfy together is what production's must."""


@dataclass
class Table:
    """The record, linearisable, and the regions that cannot reach it."""

    record: Lease | None
    cut_off: set[str] = field(default_factory=set[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> Lease | None:
        return self.record

    def swap(self, seen: Lease | None, new: Lease) -> None:
        """Raises LostCondition."""
        with self._lock:
            if self.record != seen:
                raise LostCondition("changed by somebody else")
            self.record = new


@dataclass(frozen=True)
class _TableFrom:
    """The table as it is seen from a region."""

    table: Table
    region: str

    async def read(self) -> Lease | None:
        self._reach()
        return self.table.read()

    async def swap(self, seen: Lease | None, new: Lease) -> None:
        self._reach()
        self.table.swap(seen, new)

    def _reach(self) -> None:
        if self.region in self.table.cut_off:
            raise Unreachable("no answer")


class _NoPods:
    """The region's clients are threads of the test: nothing scales them, so only the database
    can keep them out."""

    async def stop(self) -> None:
        return None

    async def start(self) -> None:
        return None


class Side:
    """A region. Its agent runs between `begin` and `end`."""

    def __init__(self, rds: Rds, table: Table) -> None:
        self.region = rds.region
        self.rds = rds
        self._table = table
        self._agent: Agent | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    @property
    def server(self) -> Server:
        """Its database, as long as the name leads there."""
        return self.rds.server

    @property
    def standing(self) -> Standing:
        """How it stood after its agent's last look."""
        return self._agent.standing if self._agent else Standing()

    def begin(self) -> None:
        """Start the agent."""
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._rounds()), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop it, as SIGTERM does: the lease runs on; again does nothing."""
        if self._thread and self._loop:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()
        self._thread = None

    async def _rounds(self) -> None:
        self._loop = asyncio.get_running_loop()
        clock = SystemClock()
        with closing(Fence(self.rds.conninfo(AGENT), BUDGET.request_timeout)) as database:
            table = _TableFrom(self._table, self.region)
            self._agent = Agent(self.region, BUDGET, clock, table, database, _NoPods())
            await Rounds(self._agent, clock, Metrics(), BUDGET).until(self._stopped)
