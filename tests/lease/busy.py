"""Writing without end, and keeping account of every row that was acknowledged."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import psycopg

from lease.protocol import Milliseconds
from lease.rights import Writer
from tests.control_plane.postgres import Postgres
from tests.lease.fenced import conninfo, now

REFUSED_SECONDS = 0.02
"""Between two attempts to connect."""


@dataclass(kw_only=True)
class Busy(ABC):
    """Numbers its rows, and writes each once: one whose answer was lost is not tried again. It
    connects anew whenever it is thrown out."""

    acknowledged: dict[int, Milliseconds] = field(default_factory=dict[int, Milliseconds])
    """When each row that was acknowledged had been sent, by the wall clock. When the answer was
    read says little: it may have lain there while this thread waited for its turn."""
    tried: int = 0
    refused: list[str] = field(default_factory=list[str])
    """Why it was thrown out or not let in, each time."""
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

    def after(self, moment: Milliseconds) -> int:
        """Rows sent since, and acknowledged."""
        return sum(sent > moment for sent in list(self.acknowledged.values()))

    def until_it_writes(self, seconds: float = 30) -> None:
        """Wait for a row that is sent from now on."""
        began, deadline = now(), time.monotonic() + seconds
        while not self.after(began):
            assert time.monotonic() < deadline, f"{self} does not write: {self.refused[-1:]}"
            time.sleep(0.01)

    def until_it_is_refused(self, times: int, seconds: float = 30) -> None:
        """Wait until it was refused so often from now on."""
        enough, deadline = len(self.refused) + times, time.monotonic() + seconds
        while len(self.refused) < enough:
            assert time.monotonic() < deadline, f"{self} is not refused"
            time.sleep(0.01)

    def _write(self) -> None:
        while not self._stopped.is_set():
            try:
                with psycopg.connect(self._where(), autocommit=True) as connection:
                    self._session(connection)
            except psycopg.Error as error:
                self.refused.append(str(error))
                time.sleep(REFUSED_SECONDS)

    def _session(self, connection: psycopg.Connection) -> None:
        while not self._stopped.is_set():
            self._turn(connection)

    def _turn(self, connection: psycopg.Connection) -> None:
        self.tried += 1
        sent = now()
        self._insert(connection, self.tried)
        self.acknowledged[self.tried] = sent

    @abstractmethod
    def _where(self) -> str:
        """For psycopg."""

    @abstractmethod
    def _insert(self, connection: psycopg.Connection, number: int) -> None:
        """One row."""


@dataclass
class BusyWriter(Busy):
    """One of the platform's writers, in the database that it owns."""

    server: Postgres
    writer: Writer

    def __str__(self) -> str:
        return self.writer.role

    def committed(self) -> int:
        """Rows that the server has."""
        count = "SELECT count(*) FROM written"
        done = self.server.psql("-c", count, user="superuser", database=self.writer.database)
        return int(done.stdout)

    def _where(self) -> str:
        return conninfo(self.server, self.writer.role, self.writer.database)

    def _session(self, connection: psycopg.Connection) -> None:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint)")
        super()._session(connection)

    def _insert(self, connection: psycopg.Connection, number: int) -> None:
        connection.execute("INSERT INTO written VALUES (%s)", (number,))
