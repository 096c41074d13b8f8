"""Clients that block, awaited: each call runs in a thread, and is given up after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lease.protocol import Lease, Milliseconds
from lease.table import Table, Unreachable
from lease.writers import ClusterError, Writers


class ThreadedTable:
    """A table that is given up after `timeout`, whatever its client waits for: a name, a
    connection, credentials."""

    def __init__(self, table: Table, timeout: Milliseconds) -> None:
        self._table = table
        self._seconds = timeout / 1_000

    async def read(self) -> Lease | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.to_thread(self._table.read)
        except TimeoutError as error:
            raise Unreachable(f"the table did not answer within {self._seconds} s") from error

    async def swap(self, seen: Lease | None, new: Lease) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.to_thread(self._table.swap, seen, new)
        except TimeoutError as error:
            raise Unreachable(f"the table did not answer within {self._seconds} s") from error


class ThreadedWriters:
    """All writers, given `timeout` each time."""

    def __init__(self, writers: Writers, timeout: Milliseconds) -> None:
        self._writers = writers
        self._seconds = timeout / 1_000

    async def stop(self) -> None:
        await self._within(self._writers.stop)

    async def start(self) -> None:
        await self._within(self._writers.start)

    async def _within(self, work: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.to_thread(work)
        except TimeoutError as error:
            raise ClusterError(f"the cluster did not answer within {self._seconds} s") from error
