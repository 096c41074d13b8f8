"""The standby's region as runbooks see it: its database and the fence are real, the rest is kept
in memory and takes a small part of its time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from lease.protocol import first, opens_at, taken
from lease.table import LostCondition
from ops.errors import Refused, Retryable
from ops.executor import Hands
from ops.progress import PlainProgress
from ops.world.fence import Fence
from ops.world.site import SiteReads, SiteWorld
from tests.drills.side import BUDGET, Side, Table
from tests.ops.memory.clock import MemoryClock
from tests.ops.memory.parts import MemoryDeclaration
from tests.ops.memory.region import Region

PACE = 0.002
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


class TableFence:
    """The record that the agents of both regions keep to."""

    def __init__(self, table: Table) -> None:
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
            previous_until=found.previous_until / 1_000,
        )

    def take(self, holder: str, after: Fence | None) -> None:
        found = self._table.read()
        if (after and after.epoch) != (found and found.epoch):
            raise Refused("fence: it was taken by somebody else")
        try:
            self._table.swap(found, taken(found, holder) if found else first("mlops", holder))
        except LostCondition as error:
            raise Retryable(f"fence: {error}") from error


class Site:
    """A region, and the hands of who operates it."""

    def __init__(self, side: Side, table: Table) -> None:
        self.database = side.rds
        self.clock = PacedClock()
        self.fence = TableFence(table)
        self.region = Region(self.clock)
        self.region.traffic.primary_alive = True
        databases: Any = side.rds
        self.region.declaration = MemoryDeclaration(databases, side.rds.identifier)

    def hands(self) -> Hands[SiteReads, SiteWorld]:
        """To carry out runbooks with."""
        reads, world = self.region.reads(), self.region.world()
        return Hands(
            reads=replace(reads, fence=self.fence, database=self.database),
            world=replace(world, fence=self.fence, database=self.database),
            clock=self.clock,
            progress=PlainProgress(lambda _: None),
            confirm=lambda _: True,
        )
