"""A real PostgreSQL with the platform's roles and the fence."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo

from components.services.database_bootstrap import FENCE_AGENT, TENANTS, bootstrap_sql
from lease.protocol import Milliseconds
from lease.rights import AGENT, Writer
from tests.control_plane.postgres import MASTER, Postgres, postgres, socket_folder


def password_of(role: str) -> str:
    """What the bootstrap is told."""
    return f"{role}'s"


PASSWORDS = {one.variable: password_of(one.name) for one in (*TENANTS, FENCE_AGENT)}
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
        _ask_for_passwords(running)
        yield running


def _ask_for_passwords(server: Postgres) -> None:
    """RDS asks everybody; the test's server asks whom the fence is about. Their passwords end."""
    roles = ",".join([AGENT, *(writer.role for writer in WRITERS)])
    asked_of = f"local all {roles} scram-sha-256\nhost all {roles} 127.0.0.1/32 scram-sha-256\n"
    file = server.socket / "data" / "pg_hba.conf"
    file.write_text(f"{asked_of}{file.read_text()}")
    asked(server, "SELECT pg_reload_conf()", user="superuser")


def run(server: Postgres, script: str) -> None:
    """A script as the master user, by psql as the bootstrap's job does."""
    file = server.socket.parent / "script.sql"
    file.write_text(script)
    done = server.psql("--quiet", "-f", str(file), environment=PASSWORDS)
    assert done.returncode == 0, done.stderr


def conninfo(server: Postgres, user: str = AGENT, database: str = "postgres") -> str:
    """For psycopg."""
    return make_conninfo(
        host=str(server.socket), user=user, dbname=database, password=password_of(user)
    )


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
