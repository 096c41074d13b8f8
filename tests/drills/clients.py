"""Clients that write without end, and keep account of every row that was acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

import psycopg

from lease.protocol import Milliseconds
from tests.drills.rds import Rds
from tests.drills.server import Server
from tests.lease.fenced import WRITERS, now

OWNER = WRITERS[0]
"""The role that writes, and its database."""
TABLE = (
    "CREATE TABLE written (client text, number bigint, PRIMARY KEY (client, number));"
    f"ALTER TABLE written OWNER TO {OWNER.role}"
)
PAUSE_SECONDS = 0.002

Row = tuple[str, int]
"""Client and number."""


@dataclass
class Client:
    """Numbers its rows, and writes each once: one whose answer was lost is not tried again."""

    name: str
    address: Callable[[], Rds]
    """Where the name that it knows leads; asked at each connection."""
    acknowledged: dict[int, Milliseconds] = field(default_factory=dict[int, Milliseconds])
    """When each row that was acknowledged had been sent, by the wall clock."""
    tried: int = 0
    _resting: bool = False
    _row: threading.Lock = field(default_factory=threading.Lock)
    """Held from the decision to write a row until its answer was read."""
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Write no more; again does nothing."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def rest(self, *, resting: bool) -> None:
        """Write nothing from now on, or go on."""
        with self._row:
            self._resting = resting

    @property
    def rows(self) -> set[Row]:
        """Those that were acknowledged."""
        return {(self.name, number) for number in list(self.acknowledged)}

    def until_it_writes(self, seconds: float = 30) -> None:
        """Wait for a row that is sent from now on."""
        began, deadline = now(), time.monotonic() + seconds
        while not any(sent > began for sent in list(self.acknowledged.values())):
            assert time.monotonic() < deadline, f"{self.name} does not write"
            time.sleep(0.01)

    def _write(self) -> None:
        while not self._stopped.is_set():
            try:
                self._one_session()
            except psycopg.Error:
                time.sleep(0.02)

    def _one_session(self) -> None:
        where = self.address().conninfo(OWNER.role, OWNER.database)
        with psycopg.connect(where, autocommit=True) as connection:
            while not self._stopped.is_set():
                with self._row:
                    if not self._resting:
                        self._write_row(connection)
                time.sleep(PAUSE_SECONDS)

    def _write_row(self, connection: psycopg.Connection) -> None:
        self.tried += 1
        sent = now()
        connection.execute("INSERT INTO written VALUES (%s, %s)", (self.name, self.tried))
        self.acknowledged[self.tried] = sent


def written(server: Server, database: str = OWNER.database) -> dict[Row, float]:
    """All rows that a server has, and when each was committed, by the clock of the server that
    did so, in seconds since 1970."""
    with psycopg.connect(server.local(database)) as connection:
        found = connection.execute(
            "SELECT client, number, pg_xact_commit_timestamp(xmin) FROM written"
        ).fetchall()
    return {(client, number): _moment(committed) for client, number, committed in found}


def _moment(committed: datetime) -> float:
    return committed.timestamp()
