"""The lease agent: looks at the table, renews or closes, again and again.

It may be killed, paused or started twice at any point: what it knows is in the table and in the
database, each call is safe to repeat, and the database's guard closes in time without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from lease.budget import Budget
from lease.clock import Clock
from lease.database import Database, DatabaseError, Replica
from lease.decision import Close, Renew, decide
from lease.protocol import Lease, Milliseconds
from lease.table import LostCondition, TableError
from lease.writers import ClusterError

RETRY: Milliseconds = 1_000
"""Until the next look when something did not work, or closing is not finished."""
SWEEP: Milliseconds = 200
"""Between two looks whether the last session has ended."""
RACES = 3
"""So often a record is read again after somebody else changed it, before waiting for a while."""


class AsyncTable(Protocol):
    """`table.Table`, awaited."""

    async def read(self) -> Lease | None: ...

    async def swap(self, seen: Lease | None, new: Lease) -> None: ...


class AsyncWriters(Protocol):
    """`writers.Writers`, awaited."""

    async def stop(self) -> None: ...

    async def start(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How it stood after a look."""

    state: Literal["unknown", "open", "closing", "closed"] = "unknown"
    """`closed` only once it was seen that nobody writes."""
    holder: str = ""
    held: bool = False
    """Whether the table, as last read, names this region."""
    epoch: int = 0
    """Highest that was seen."""
    open_until: Milliseconds = 0
    """When closing begins unless this agent renews, by the monotonic clock."""
    database_ahead: Milliseconds = 0
    """The database's clock less the agent's, when the lease was last handed on."""
    guarded: bool = False
    """Whether this look saw a guard run in the database."""
    reason: str = ""
    """Why it shall not be open; empty when it shall."""
    trouble: str = ""
    """What did not work; empty when all did."""


class Agent:
    """One of a region's agents."""

    def __init__(
        self,
        region: str,
        budget: Budget,
        clock: Clock,
        table: AsyncTable,
        database: Database,
        writers: AsyncWriters,
    ) -> None:
        self._region = region
        self._budget = budget
        self._clock = clock
        self._table = table
        self._database = database
        self._writers = writers
        self.standing = Standing()

    async def look(self) -> Milliseconds:
        """One round. Returns how long to wait for the next."""
        began = self._clock.monotonic()
        self._note(reason="", trouble="", guarded=False)
        try:
            await self._follow_the_table()
        except (TableError, DatabaseError) as error:
            self._note(trouble=str(error))
            await self._mind_the_time()
        return self._pause(began)

    async def _follow_the_table(self) -> None:
        """Renew and open, or close. Raises TableError, DatabaseError."""
        for _ in range(RACES):
            began, wall = self._clock.monotonic(), self._clock.wall()
            lease = await self._table.read()
            decision = decide(
                self._region, lease, seen=self.standing.epoch, now=wall, budget=self._budget
            )
            self._note(held=lease is not None and lease.holder == self._region)
            if lease:
                self._note(holder=lease.holder, epoch=max(self.standing.epoch, lease.epoch))
            if isinstance(decision, Close):
                return await self._close(decision, lease)
            try:
                await self._table.swap(lease, decision.lease)
            except LostCondition:
                continue
            self._note(open_until=began + self._budget.duration - self._budget.margin)
            return await self._open(decision, wall)
        raise LostCondition(f"the record changed {RACES} times in a row")

    async def _open(self, renewal: Renew, wall: Milliseconds) -> None:
        """Let the writers in, or let them go on. Raises DatabaseError."""
        epoch = renewal.lease.epoch
        try:
            # First, so that a database in which no guard can run is given no more time.
            await self._guard()
            clock = await self._database.extend(epoch, renewal.open_until)
            await self._database.admit(epoch)
            self._note(state="open", database_ahead=clock - wall)
            await self._writers.start()
        except Replica as error:
            self._note(state="closed", reason="the database is a replica", trouble=str(error))
        except ClusterError as error:
            self._note(trouble=str(error))

    async def _close(self, decision: Close, lease: Lease | None) -> None:
        """Let nobody write; then say so in the table. Raises DatabaseError, TableError."""
        self._note(reason=decision.reason, open_until=0)
        try:
            await self._database.shut(self.standing.epoch)
            await self._until_nobody_writes()
        except Replica:
            self._note(state="closed")
        if self.standing.state == "closed" and decision.declare:
            await self._table.swap(lease, decision.declare)
        await self._stop_writers()

    async def _mind_the_time(self) -> None:
        """What the guard does, and a guard: close when the database's time is over."""
        try:
            remaining = await self._database.watch()
            if remaining is None:
                self._note(state="open")
            else:
                self._note(reason="the lease is over", state="closing" if remaining else "closed")
            await self._guard()
        except Replica:
            self._note(state="closed")
        except DatabaseError as error:
            self._note(state="unknown", trouble=f"{self.standing.trouble}; {error}")
        if self.standing.state != "open":
            await self._stop_writers()

    async def _guard(self) -> None:
        """See that one runs. Raises DatabaseError."""
        await self._database.guard()
        self._note(guarded=True)

    async def _until_nobody_writes(self) -> None:
        """For as long as `Budget.margin` at most."""
        for _ in range(max(1, self._budget.margin // SWEEP)):
            if await self._database.sweep() == 0:
                return self._note(state="closed")
            self._note(state="closing")
            await self._clock.sleep(SWEEP)
        return None

    async def _stop_writers(self) -> None:
        """Once the database is closed: it is what counts, and pods that cannot write only fail."""
        if self.standing.state == "unknown":
            return
        try:
            await self._writers.stop()
        except ClusterError as error:
            self._note(trouble=str(error))

    def _note(self, **changes: str | int) -> None:
        self.standing = replace(self.standing, **changes)

    def _pause(self, began: Milliseconds) -> Milliseconds:
        """Until the next renewal is due, or sooner when there is something to catch up on."""
        if self.standing.trouble or self.standing.state == "closing":
            return RETRY
        return max(0, began + self._budget.renew_every - self._clock.monotonic())
