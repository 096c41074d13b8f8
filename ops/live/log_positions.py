"""How far PostgreSQL has written or replayed its log, asked of the server itself.

The role is the exporter's, which sees statistics and no table; the fence leaves it alone. Source:
PostgreSQL documentation, recovery information and backup control functions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

from catalog.rds_authorities import authorities
from ops.errors import Retryable
from ops.live.aws import Answer

TIMEOUT_SECONDS = 5
WRITTEN = """
SELECT CASE WHEN pg_is_in_recovery() THEN NULL
    ELSE (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint END
"""
REPLAYED = """
SELECT CASE WHEN pg_is_in_recovery()
    THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END
"""


class Secrets(Protocol):
    """What reads secrets, such as `ops.live.aws.Aws`."""

    def read(self, service: str, operation: str, **parameters: Any) -> Answer:
        """One call that changes nothing."""
        ...


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server of PostgreSQL, and who asks it."""

    host: str
    user: str
    password: str
    authorities: Path
    """Whom to believe that it is that host, in PEM."""


Ask = Callable[[Server, str], int | None]
"""Gives the one value of a query, None for NULL. Raises Retryable."""


class LogPositions:
    """Servers of one region, asked by their own addresses."""

    def __init__(self, aws: Secrets, platform: str, region: str, ask: Ask | None = None) -> None:
        """`platform`: prefix of the production stack, whose secret is copied to this region."""
        self._aws, self._secret = aws, f"{platform}-db-exporter"
        self._authorities = authorities(region)
        self._ask = ask or asked

    def written(self, host: str) -> int | None:
        """Bytes that are on a primary's disk; None for a replica. Raises Retryable."""
        return self._asked(host, WRITTEN)

    def replayed(self, host: str) -> int | None:
        """Bytes of its source's log that a replica replayed; None for a primary. Raises
        Retryable."""
        return self._asked(host, REPLAYED)

    def _asked(self, host: str, query: str) -> int | None:
        login = json.loads(
            self._aws.read("secretsmanager", "get_secret_value", SecretId=self._secret)[
                "SecretString"
            ]
        )
        server = Server(
            host=host,
            user=login["username"],
            password=login["password"],
            authorities=self._authorities,
        )
        return self._ask(server, query)


def asked(server: Server, query: str) -> int | None:
    """The server itself."""
    try:
        with psycopg.connect(
            host=server.host,
            dbname="postgres",
            user=server.user,
            password=server.password,
            # By its own address, which is in its certificate: the alias of clients is in none.
            sslmode="verify-full",
            sslrootcert=str(server.authorities),
            connect_timeout=TIMEOUT_SECONDS,
            options=f"-c statement_timeout={TIMEOUT_SECONDS * 1_000}",
            application_name="mlops",
        ) as connection:
            row = connection.execute(query.encode()).fetchone()
    except psycopg.Error as error:
        raise unreached(server.host, str(error)) from error
    return None if row is None or row[0] is None else int(row[0])


def unreached(host: str, said: str) -> Retryable:
    """What an operator is told of a server that gave no answer."""
    first = said.strip().partition("\n")[0]
    return Retryable(
        f"PostgreSQL at {host}: {first}; run this where the databases of both regions can be "
        "reached"
    )
