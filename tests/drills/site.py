"""The standby's region as runbooks see it: its database and the fence are real, the rest is kept
in memory and takes a small part of its time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import psycopg

from lease.protocol import first, opens_at, taken
from lease.table import LostCondition
from ops.errors import Refused, Retryable
from ops.executor import Hands
from ops.progress import PlainProgress
from ops.world.database import AVAILABLE, Instance
from ops.world.fence import Fence
from ops.world.site import SiteReads, SiteWorld
from tests.drills.side import BUDGET, Side, Table
from tests.ops.memory.clock import MemoryClock
from tests.ops.memory.parts import MemoryDatabases, MemoryDeclaration, MemoryFence
from tests.ops.memory.region import DATABASE, Region

PACE = 0.004
"""Of what is only waited for: seconds here for each second there."""


class PacedClock(MemoryClock):
    """Tells the machine's time, and waits a small part of what it is asked to."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds * PACE)
        self.advance()

    def advance(self) -> None:
        """Let happen what is due."""
        self._now = time.time()
        super().sleep(0)

    def after(self, seconds: float, happens: Any) -> None:
        self._now = time.time()
        super().after(seconds * PACE, happens)


class TableFence(MemoryFence):
    """The record that the agents of both regions keep to."""

    def __init__(self, clock: MemoryClock, table: Table) -> None:
        super().__init__(clock)
        self._table = table

    def current(self) -> Fence | None:
        found = self._table.read()
        if found is None:
            return None
        opens = opens_at(found, BUDGET.clock_skew)
        return Fence(
            holder=found.holder,
            epoch=found.epoch,
            lease_until=found.lease_until / 1_000,
            opens_at=opens / 1_000,
        )

    def take(self, holder: str, after: Fence | None) -> None:
        found = self._table.read()
        if (after and after.epoch) != (found and found.epoch):
            raise Refused("fence: it was taken by somebody else")
        try:
            self._table.swap(found, taken(found, holder) if found else first("mlops", holder))
        except LostCondition as error:
            raise Retryable(f"fence: {error}") from error


class PairDatabases(MemoryDatabases):
    """RDS of one region, as far as it is about the drill's instance."""

    def __init__(self, clock: MemoryClock, side: Side, model: Instance) -> None:
        super().__init__(clock, {model.identifier: model})
        self._side = side
        self._model = model

    def instance(self, identifier: str) -> Instance | None:
        if identifier != self._model.identifier:
            return super().instance(identifier)
        follows = self._model.follows if self._asked("SELECT pg_is_in_recovery()") else None
        return replace(self._model, status=AVAILABLE, follows=follows)

    def lag_seconds(self, identifier: str) -> float | None:
        """As RDS measures ReplicaLag."""
        behind = "clock_timestamp() - pg_last_xact_replay_timestamp()"
        found = self._asked(f"SELECT extract(epoch FROM {behind}) WHERE pg_is_in_recovery()")
        return None if found is None else float(found)

    def promote(self, identifier: str, backup_days: int) -> None:
        if not self._asked("SELECT pg_is_in_recovery()"):
            raise Refused(f"InvalidDBInstanceState: {identifier} is not a read replica")
        self._asked("SELECT pg_promote(wait => false)")

    def _asked(self, query: str) -> Any:
        try:
            return self._side.server.asked(query)
        except psycopg.Error as error:
            raise Retryable(f"{self._side.region}: {error}") from error


class Site:
    """A region, and the hands of who operates it."""

    def __init__(self, side: Side, table: Table) -> None:
        self.side = side
        self.clock = PacedClock()
        self.region = Region(self.clock)
        model = self.region.database.instances[DATABASE]
        self.region.fence = TableFence(self.clock, table)
        self.region.database = PairDatabases(self.clock, side, model)
        self.region.declaration = MemoryDeclaration(self.region.database, DATABASE)
        self.region.traffic.primary_alive = True

    def hands(self) -> Hands[SiteReads, SiteWorld]:
        """To carry out runbooks with."""
        return Hands(
            reads=self.region.reads(),
            world=self.region.world(),
            clock=self.clock,
            progress=PlainProgress(lambda _: None),
            confirm=lambda _: True,
        )
