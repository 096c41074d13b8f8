"""The network between two regions: a TCP proxy that delays what it passes on, and can be cut."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from types import TracebackType
from typing import Self

CHUNK = 65_536
WAITING = 4_096
"""Chunks under way in one direction of a connection before the sender has to wait."""


class Link:
    """Leads from a port of its own to `target`, of which the port is asked at each connection.

    Each chunk is under way for as long as `delay` draws, in seconds, and none overtakes another.
    While it is cut, nothing arrives, not even an error: whatever was under way is lost, and who
    waits goes on waiting. Once it is mended, the connections of before are at an end.
    """

    def __init__(self, port: int, target: Callable[[], int], delay: Callable[[], float]) -> None:
        self.port = port
        self._target = target
        self._delay = delay
        self._cut = False
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), f"no proxy on port {self.port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def cut(self) -> None:
        """From now on nothing passes."""
        self._cut = True

    def mend(self) -> None:
        """New connections pass again."""
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for connection in self._connections:
            connection.cancel()
        self._cut = False

    def _run(self) -> None:
        with closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._joined, "127.0.0.1", self.port)
        self._ready.set()
        await self._stopped.wait()
        server.close()
        self._end()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection
        self._connections.add(connection)
        try:
            await self._connected(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # an end of the connection is gone, or the connection is one of before a cut
        finally:
            writer.transport.abort()
            self._connections.discard(connection)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target())
        try:
            there, back = self._passed(reader, far_writer), self._passed(far_reader, writer)
            await asyncio.gather(there, back)
        finally:
            far_writer.transport.abort()

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING)
        arriving = asyncio.create_task(self._arriving(under_way, writer))
        try:
            data = b"."
            while data:
                data = await reader.read(CHUNK)
                await under_way.put((self._loop.time() + self._delay(), data))
            await arriving
        finally:
            arriving.cancel()

    async def _arriving(
        self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        """In the order in which they were sent; an empty chunk is the end."""
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            if self._cut:
                continue
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()
