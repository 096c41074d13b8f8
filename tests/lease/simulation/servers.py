"""The table, and a region's database with its guard: what guard.sql does, in Python."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from lease.database import Barred, DatabaseError, Replica
from lease.protocol import Lease, Milliseconds
from lease.table import LostCondition
from tests.lease.simulation.clocks import SimulatedClock
from tests.lease.simulation.loop import Loop, Process, wait

GUARD_EVERY = 250
SLOW_GUARD = 750
"""Most by which a look of the guard is late."""
LONGEST_END = 6_000
"""Most that a session goes on after it was told to end; with the guard's looks, the margin."""


@dataclass
class MemoryTable:
    """One record, linearisable."""

    record: Lease | None
    history: list[Lease] = field(default_factory=list[Lease])

    def read(self) -> Lease | None:
        return self.record

    def swap(self, seen: Lease | None, new: Lease) -> None:
        if self.record != seen:
            raise LostCondition("changed by somebody else")
        self.record = new
        self.history.append(new)


class MemoryDatabase:
    """PostgreSQL of one region: who may connect, who is connected, and the fence's row."""

    def __init__(self, loop: Loop, draw: random.Random, clock: SimulatedClock) -> None:
        self._loop = loop
        self._draw = draw
        self._clock = clock
        self.replica = False
        self.pods = False
        """Whether the region has pods that write; those that run connect at once."""
        self.guard_works = True
        self.bars = True
        self.passwords_end = True
        self.guarded = False
        self._down = False
        self._guard_process: Process | None = None
        self._epoch = 0
        self._open_until: Milliseconds = 0
        self._admitted = False
        self._connected = False
        self._sessions_until = 0

    def writes(self) -> bool:
        """Whether a row can be written at this moment. Who may come in has."""
        if not self.pods or self._down:
            self._connected = False
        elif self._admitted and (not self.passwords_end or self._open_until > self._clock.wall()):
            self._connected = True
        lingers = self._loop.now < self._sessions_until
        return (self._connected or lingers) and self.pods and not self.replica

    def crash(self) -> None:
        """Its power goes, and with it every session."""
        self._down, self.guarded = True, False
        self._connected, self._sessions_until = False, 0
        if self._guard_process:
            self._guard_process.kill()

    def answer(self) -> None:
        """It is back, with what it had committed."""
        self._down = False

    def extend(self, epoch: int, until: Milliseconds) -> Milliseconds:
        self._must_be_primary()
        now = self._clock.wall()
        if (self.bars and epoch < self._epoch) or until <= now:
            raise Barred("over")
        self._open_until = max(self._open_until, until) if epoch == self._epoch else until
        self._epoch = epoch
        return now

    def guard(self) -> None:
        self._must_answer()
        if not self.guarded:
            self.guarded = True
            self._guard_process = self._loop.start(self._guard())

    def admit(self, epoch: int) -> None:
        self._must_be_primary()
        if epoch != self._epoch or self._open_until <= self._clock.wall():
            raise Barred("over")
        if not self.guarded:
            raise DatabaseError("no guard")
        self._admitted = True

    def shut(self, bars: int) -> None:
        self._must_be_primary()
        self._epoch, self._open_until = max(self._epoch, bars), 0
        if self._admitted:
            lasts = self._draw.randint(0, LONGEST_END)
            if self._connected:
                self._sessions_until = self._loop.now + lasts
            self._admitted = self._connected = False

    def sweep(self) -> int:
        self._must_answer()
        return int(self._admitted or self._loop.now < self._sessions_until)

    def watch(self) -> int | None:
        self._must_answer()
        if self._open_until > self._clock.wall():
            return None
        if self._admitted:
            self.shut(0)
            return 1
        return self.sweep()

    def copy_from(self, primary: MemoryDatabase) -> None:
        """What a replica has when it is promoted: rights, ends of passwords and the fence's row,
        but no guard."""
        self.replica = False
        self._epoch, self._open_until = primary._epoch, primary._open_until
        self._admitted = primary._admitted

    async def _guard(self) -> None:
        while self.guard_works:
            if not self.replica:
                self.watch()
            await wait(GUARD_EVERY + self._draw.randint(0, SLOW_GUARD))

    def _must_answer(self) -> None:
        if self._down:
            raise DatabaseError("it does not answer")

    def _must_be_primary(self) -> None:
        self._must_answer()
        if self.replica:
            raise Replica("cannot write in a read-only transaction")
