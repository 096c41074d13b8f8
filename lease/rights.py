"""The fence's roles and rights in PostgreSQL, as SQL for psql, safe to run again.

Run by the master user of RDS, which is no superuser: it may create roles, is a member of each
writer's role, and so may make the keeper one. A member of the role that owns a database may
revoke and grant CONNECT on it, and may end the sessions of that role: neither a superuser nor
pg_signal_backend is needed. The agent itself can only call the keeper's functions.

When a role's password ends is an attribute of the role. From PostgreSQL 16 on, changing it takes
CREATEROLE and the ADMIN option on that role. A third role has both, and owns one function.
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
PASSWORDS = "fence_passwords"
"""Role that moves the end of the writers' passwords, and its schema; cannot log in."""
CONNECTIONS = 8
"""Of the agent's role at once: two replicas with two each, and guards that outlived theirs."""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
"""Of roles and databases: what needs no quotes in SQL."""
_OTHERWISE = "'rds_ad', 'rds_iam'"
"""Roles of RDS whose members log in by Kerberos or by a token of IAM, not by a password. Source:
RDS user guide, database authentication."""
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
            *_roles_sql(writers),
            f"CREATE SCHEMA IF NOT EXISTS fence AUTHORIZATION {KEEPER};",
            f"CREATE SCHEMA IF NOT EXISTS {PASSWORDS} AUTHORIZATION {PASSWORDS};",
            # First, since the keeper's functions call it.
            *_as(PASSWORDS, _passwords_sql()),
            *_as(KEEPER, _guard_sql()),
            *_writers_sql(writers),
        ]
    )


def _roles_sql(writers: Sequence[Writer]) -> list[str]:
    return [
        *_only_passwords_sql(writers),
        *_role_sql(AGENT, f"LOGIN NOINHERIT CONNECTION LIMIT {CONNECTIONS}"),
        *_role_sql(KEEPER, "NOLOGIN"),
        # It needs to be asked about the writers, and not what they may do.
        *_role_sql(PASSWORDS, "NOLOGIN NOINHERIT CREATEROLE"),
        # A schema can only be given to a role by one of its members.
        f"GRANT {KEEPER}, {PASSWORDS} TO CURRENT_USER;",
        *(f"GRANT {writer.role} TO {KEEPER};" for writer in writers),
        *(f"GRANT {writer.role} TO {PASSWORDS} WITH ADMIN OPTION;" for writer in writers),
        f"SELECT format('GRANT CONNECT ON DATABASE %I TO {AGENT}', current_database()) \\gexec",
    ]


def _role_sql(name: str, rights: str) -> list[str]:
    known = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    return [
        f"SELECT 'CREATE ROLE {name}' WHERE NOT EXISTS ({known}) \\gexec",
        f"ALTER ROLE {name} {rights};",
    ]


def _only_passwords_sql(writers: Sequence[Writer]) -> list[str]:
    """Stop at a writer that logs in with what has no end. On RDS that is a matter of membership."""
    roles = ", ".join(f"'{one.role}'" for one in writers)
    return [
        "DO $$ DECLARE wrong text; BEGIN",
        "    SELECT format('%s is a member of %s, expected only a password to log in with, since',",
        "        writer.rolname, other.rolname) INTO wrong",
        "    FROM pg_roles writer, pg_roles other",
        f"    WHERE writer.rolname IN ({roles}) AND other.rolname IN ({_OTHERWISE})",
        "        AND pg_has_role(writer.oid, other.oid, 'MEMBER');",
        "    IF wrong IS NOT NULL THEN",
        "        RAISE EXCEPTION '% the fence closes by its end: REVOKE that role', wrong;",
        "    END IF;",
        "END $$;",
    ]


def _as(role: str, statements: Sequence[str]) -> list[str]:
    return [f"SET ROLE {role};", *statements, "RESET ROLE;"]


def _passwords_sql() -> list[str]:
    """The one function that runs with CREATEROLE, for the keeper alone."""
    return [
        _file("passwords.sql"),
        f"REVOKE ALL ON ALL ROUTINES IN SCHEMA {PASSWORDS} FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA {PASSWORDS} TO {KEEPER};",
        f"GRANT EXECUTE ON FUNCTION {PASSWORDS}.expire(bigint) TO {KEEPER};",
    ]


def _guard_sql() -> list[str]:
    return [
        _file("guard.sql"),
        "REVOKE ALL ON ALL ROUTINES IN SCHEMA fence FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA fence TO {AGENT}, {PASSWORDS};",
        f"GRANT SELECT ON fence.writer TO {PASSWORDS};",
        *(f"GRANT EXECUTE ON {routine} TO {AGENT};" for routine in CALLED),
    ]


def _writers_sql(writers: Sequence[Writer]) -> list[str]:
    """A writer that is no longer one keeps the right to connect that it has at that moment, and
    its password ends no more."""
    rows = ", ".join(f"('{one.role}', '{one.database}')" for one in writers)
    roles = ", ".join(f"'{one.role}'" for one in writers)
    never = "SELECT DISTINCT format('ALTER ROLE %I VALID UNTIL %L', role, 'infinity')"
    return [
        "BEGIN;",
        "LOCK TABLE fence.state IN EXCLUSIVE MODE;",  # no renewal in between
        f"{never} FROM fence.writer WHERE role NOT IN ({roles}) \\gexec",
        "DELETE FROM fence.writer;",
        f"INSERT INTO fence.writer VALUES {rows};",  # noqa: S608 - Writer checks the names
        # A new one is let in as long as the others, and as all were before the first lease.
        "DO $$ BEGIN",
        f"    PERFORM {PASSWORDS}.expire(open_until) FROM fence.state WHERE epoch > 0;",
        "END $$;",
        "COMMIT;",
    ]


def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
