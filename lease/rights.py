"""The fence's roles and rights in PostgreSQL, as SQL for psql, safe to run again.

Run by the master user of RDS, which is no superuser: it may create roles, is a member of each
writer's role, and so may make the keeper one. A member of the role that owns a database may
revoke and grant CONNECT on it, and may end the sessions of that role: neither a superuser nor
pg_signal_backend is needed. The agent itself can only call the keeper's functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

AGENT = "fence_agent"
"""Role with which the agent logs in; owns nothing."""
KEEPER = "fence_keeper"
"""Role that owns the functions; cannot log in."""
CONNECTIONS = 8
"""Of the agent's role at once: two replicas with two each, and guards that outlived theirs."""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
"""Of roles and databases: what needs no quotes in SQL."""
CALLED = (
    "FUNCTION fence.admit(bigint)",
    "FUNCTION fence.extend(bigint, bigint)",
    "FUNCTION fence.guarded()",
    "FUNCTION fence.shut(bigint)",
    "FUNCTION fence.sweep()",
    "FUNCTION fence.watch()",
    "PROCEDURE fence.guard(bigint)",
)
"""What the agent may call, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A role that writes, and the database that it owns."""

    role: str
    database: str

    def __post_init__(self) -> None:
        for name in (self.role, self.database):
            if not NAME.fullmatch(name):
                raise ValueError(f"writer: expected a name of {NAME.pattern}, not {name!r}")


def fence_sql(writers: Sequence[Writer]) -> str:
    """Roles, functions and rights, in the database in which psql runs it.

    After the writers' roles and databases. The agent's password is the bootstrap's affair.
    """
    return "\n".join(
        [
            "\\set ON_ERROR_STOP on",
            *_role_sql(AGENT, f"LOGIN NOINHERIT CONNECTION LIMIT {CONNECTIONS}"),
            *_role_sql(KEEPER, "NOLOGIN"),
            # A schema can only be given to a role by one of its members.
            f"GRANT {KEEPER} TO CURRENT_USER;",
            *(f"GRANT {writer.role} TO {KEEPER};" for writer in writers),
            f"SELECT format('GRANT CONNECT ON DATABASE %I TO {AGENT}', current_database()) \\gexec",
            f"CREATE SCHEMA IF NOT EXISTS fence AUTHORIZATION {KEEPER};",
            f"SET ROLE {KEEPER};",
            (Path(__file__).parent / "guard.sql").read_text(encoding="utf-8"),
            *_writers_sql(writers),
            "REVOKE ALL ON ALL ROUTINES IN SCHEMA fence FROM PUBLIC;",
            f"GRANT USAGE ON SCHEMA fence TO {AGENT};",
            *(f"GRANT EXECUTE ON {routine} TO {AGENT};" for routine in CALLED),
            "RESET ROLE;",
        ]
    )


def _role_sql(name: str, rights: str) -> list[str]:
    known = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    return [
        f"SELECT 'CREATE ROLE {name}' WHERE NOT EXISTS ({known}) \\gexec",
        f"ALTER ROLE {name} {rights};",
    ]


def _writers_sql(writers: Sequence[Writer]) -> list[str]:
    """A writer that is no longer one keeps the rights that it has at that moment."""
    rows = ", ".join(f"('{one.role}', '{one.database}')" for one in writers)
    return [
        "BEGIN;",
        "DELETE FROM fence.writer;",
        f"INSERT INTO fence.writer VALUES {rows};",  # noqa: S608 - Writer checks the names
        "COMMIT;",
    ]
