"""A region as its agents see it: the servers at the other end of links."""

from __future__ import annotations

from dataclasses import dataclass

from lease.database import DatabaseError
from lease.protocol import Lease, Milliseconds
from lease.table import Unreachable
from tests.lease.simulation.network import Link
from tests.lease.simulation.servers import MemoryDatabase, MemoryTable


@dataclass(frozen=True)
class LinkedTable:
    """The table over a link."""

    table: MemoryTable
    link: Link

    async def read(self) -> Lease | None:
        return await self.link.call(self.table.read, Unreachable)

    async def swap(self, seen: Lease | None, new: Lease) -> None:
        await self.link.call(lambda: self.table.swap(seen, new), Unreachable)


@dataclass(frozen=True)
class LinkedDatabase:
    """A database over a link."""

    database: MemoryDatabase
    link: Link

    async def extend(self, epoch: int, until: Milliseconds) -> Milliseconds:
        return await self.link.call(lambda: self.database.extend(epoch, until), DatabaseError)

    async def guard(self) -> None:
        await self.link.call(self.database.guard, DatabaseError)

    async def admit(self, epoch: int) -> None:
        await self.link.call(lambda: self.database.admit(epoch), DatabaseError)

    async def shut(self, bars: int) -> None:
        await self.link.call(lambda: self.database.shut(bars), DatabaseError)

    async def sweep(self) -> int:
        return await self.link.call(self.database.sweep, DatabaseError)

    async def watch(self) -> int | None:
        return await self.link.call(self.database.watch, DatabaseError)


@dataclass(frozen=True)
class LinkedWriters:
    """The pods that write to a database."""

    database: MemoryDatabase

    async def stop(self) -> None:
        self.database.pods = False

    async def start(self) -> None:
        self.database.pods = True
