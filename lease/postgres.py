"""The database side over psycopg. libpq reads where and who from PGHOST, PGUSER and so on."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.abc import Params

from lease.database import Barred, DatabaseError, Replica
from lease.protocol import Milliseconds

GUARD_EVERY: Milliseconds = 250
"""Between two looks of the guard; part of the margin."""
GUARD_OPTIONS = "-c statement_timeout=0 -c lock_timeout=1000 -c client_connection_check_interval=0"
"""It never ends, so it has no limit; and the server shall not look whether its client lives."""
KEEPALIVES = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
"""The server lets go of an agent whose machine is gone, or its role's connections run out."""
BARRED = frozenset({"FE001", "FE002"})
"""SQLSTATEs of guard.sql: an epoch that is over, a time that is over."""
START_LOOKS = 10
"""How often to look whether the guard that was just started runs."""


class Postgres:
    """`database.Database` on one connection, and the guard on another."""

    def __init__(self, conninfo: str, timeout: Milliseconds) -> None:
        self._conninfo = conninfo
        self._timeout = timeout / 1_000
        self._connection: AsyncConnection | None = None
        self._guard: AsyncConnection | None = None

    def close(self) -> None:
        """Let go of both connections; the guard goes on in the server."""
        self._drop()
        if self._guard:
            self._guard.pgconn.finish()
            self._guard = None

    async def extend(self, epoch: int, until: Milliseconds) -> Milliseconds:
        return _number(await self._value("SELECT fence.extend(%s, %s)", (epoch, until)))

    async def guard(self) -> None:
        if await self._guarded():
            return
        await self._start_guard()
        for _ in range(START_LOOKS):
            if await self._guarded():
                return
            await asyncio.sleep(0.05)
        raise DatabaseError("the guard did not start; see the database's log")

    async def admit(self, epoch: int) -> None:
        await self._value("SELECT fence.admit(%s)", (epoch,))

    async def shut(self, bars: int) -> None:
        await self._value("SELECT fence.shut(%s)", (bars,))

    async def sweep(self) -> int:
        return _number(await self._value("SELECT fence.sweep()"))

    async def watch(self) -> int | None:
        remaining = await self._value("SELECT fence.watch()")
        return None if remaining is None else int(remaining)

    async def _guarded(self) -> bool:
        return bool(await self._value("SELECT fence.guarded()"))

    async def _start_guard(self) -> None:
        """Send the call and do not wait for it. Whatever becomes of this process, the server
        goes on with it: it does not look at its client while it works."""
        if self._guard:
            self._guard.pgconn.finish()
        with _typed():
            async with asyncio.timeout(self._timeout):
                self._guard = await self._connect(GUARD_OPTIONS)
            self._guard.pgconn.send_query(f"CALL fence.guard({GUARD_EVERY})".encode())
            self._guard.pgconn.flush()

    async def _value(self, query: str, params: Params | None = None) -> int | bool | None:
        """The first column of the only row."""
        with _typed():
            try:
                async with asyncio.timeout(self._timeout):
                    if self._connection is None or self._connection.closed:
                        limit = int(self._timeout * 1_000)
                        self._connection = await self._connect(
                            f"-c statement_timeout={limit} -c lock_timeout={limit} {KEEPALIVES}"
                        )
                    cursor = await self._connection.execute(query.encode(), params)
                    row = await cursor.fetchone()
            except errors.DatabaseError as error:
                if error.sqlstate is None:
                    self._drop()
                raise
            except BaseException:
                self._drop()
                raise
        return row[0] if row else None

    async def _connect(self, options: str) -> AsyncConnection:
        return await AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=max(2, int(self._timeout)),  # libpq takes no less than 2 s
            tcp_user_timeout=int(self._timeout * 1_000),
            application_name="fence",
            options=options,
            prepare_threshold=None,
        )

    def _drop(self) -> None:
        """End the connection without a word: the server may not be there to answer one."""
        if self._connection:
            self._connection.pgconn.finish()
            self._connection = None


def _number(value: int | bool | None) -> int:
    if value is None:
        raise DatabaseError("the database answered with nothing where a number was expected")
    return int(value)


@contextmanager
def _typed() -> Generator[None]:
    try:
        yield
    except errors.ReadOnlySqlTransaction as error:
        raise Replica(_first_line(error)) from error
    except psycopg.Error as error:
        kind = Barred if error.sqlstate in BARRED else DatabaseError
        raise kind(_first_line(error)) from error
    except TimeoutError as error:
        raise DatabaseError("the database did not answer in time") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
