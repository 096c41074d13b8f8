"""Clients of a database that may be anywhere, and what a server has of their rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from tests.drills.rds import Rds
from tests.drills.server import Server
from tests.lease.busy import Busy
from tests.lease.fenced import WRITERS

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
class Client(Busy):
    """Knows a name, and goes where it leads."""

    name: str
    address: Callable[[], Rds]
    """Where the name leads; asked at each connection."""

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> set[Row]:
        """Those that were acknowledged."""
        return {(self.name, number) for number in list(self.acknowledged)}

    def _where(self) -> str:
        return self.address().conninfo(OWNER.role, OWNER.database)

    def _turn(self, connection: psycopg.Connection) -> None:
        super()._turn(connection)
        time.sleep(PAUSE_SECONDS)

    def _insert(self, connection: psycopg.Connection, number: int) -> None:
        connection.execute("INSERT INTO written VALUES (%s, %s)", (self.name, number))


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
