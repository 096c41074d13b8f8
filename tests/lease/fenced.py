"""A real PostgreSQL with the platform's roles and the fence, and writers that never stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from components.services.database_bootstrap import FENCE_AGENT, TENANTS, bootstrap_sql
from lease.protocol import Milliseconds
from lease.rights import AGENT, Writer
from tests.control_plane.postgres import MASTER, Postgres, postgres, socket_folder

PASSWORDS = {one.variable: f"{one.name}'s" for one in (*TENANTS, FENCE_AGENT)}
WRITERS = [Writer(role=one.name, database=one.name) for one in TENANTS if one.owns]


@contextmanager
def fenced_server() -> Generator[Postgres]:
    """Made by a master user that is no superuser, as on RDS."""
    with socket_folder() as folder, fenced_in(folder / "s") as running:
        yield running


@contextmanager
def fenced_in(folder: Path) -> Generator[Postgres]:
    """With its socket in `folder`, which is made."""
    with postgres(folder) as running:
        run(running, bootstrap_sql(TENANTS, fenced=True))
        yield running


def run(server: Postgres, script: str) -> None:
    """A script as the master user, by psql as the bootstrap's job does."""
    file = server.socket.parent / "script.sql"
    file.write_text(script)
    done = server.psql("--quiet", "-f", str(file), environment=PASSWORDS)
    assert done.returncode == 0, done.stderr


def conninfo(server: Postgres, user: str = AGENT, database: str = "postgres") -> str:
    """For psycopg."""
    return f"host={server.socket} user={user} dbname={database}"


def end_guards(server: Postgres) -> None:
    """As a restart of the database does."""
    end = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"
    asked(server, end, user="superuser")
    while asked(server, "SELECT fence.guarded()", user="superuser") == "t":
        time.sleep(0.05)


def now() -> Milliseconds:
    """The wall clock, which is the database's too."""
    return time.time_ns() // 1_000_000


def asked(server: Postgres, query: str, user: str = MASTER) -> str:
    """One value."""
    done = server.psql("-c", query, user=user)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class BusyWriter:
    """Inserts without end, connecting anew whenever it is thrown out."""

    server: Postgres
    writer: Writer
    acknowledged: list[Milliseconds] = field(default_factory=list[Milliseconds])
    """When each row that was acknowledged had been sent, by the wall clock. When the answer was
    read says little: it may have lain there while this thread waited for its turn."""
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
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def after(self, moment: Milliseconds) -> int:
        """Rows sent since, and acknowledged."""
        return sum(one > moment for one in self.acknowledged)

    def committed(self) -> int:
        """Rows that the server has."""
        count = "SELECT count(*) FROM written"
        done = self.server.psql("-c", count, user="superuser", database=self.writer.database)
        return int(done.stdout)

    def until_it_writes(self, seconds: float = 10) -> None:
        """Wait for a row that is sent from now on."""
        began, deadline = now(), time.monotonic() + seconds
        while not self.after(began):
            assert time.monotonic() < deadline, f"{self.writer.role} does not write"
            time.sleep(0.01)

    def _write(self) -> None:
        while not self._stopped.is_set():
            try:
                self._one_session()
            except psycopg.Error:
                time.sleep(0.002)

    def _one_session(self) -> None:
        where = conninfo(self.server, self.writer.role, self.writer.database)
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS written (id bigserial)")
            while not self._stopped.is_set():
                sent = now()
                connection.execute("INSERT INTO written DEFAULT VALUES")
                self.acknowledged.append(sent)
