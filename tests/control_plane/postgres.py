"""A PostgreSQL of its own, on a socket in a folder, for as long as the `with` block."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.process import stop

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""
MASTER = "mlops_admin"
ROOM = 4 * 1024**3
"""Bytes that have to be free in memory before servers are put there."""


@dataclass(frozen=True)
class Postgres:
    """A running server; `MASTER` may do what the master user of RDS may, and no more."""

    socket: Path

    def psql(
        self,
        *arguments: str,
        user: str = MASTER,
        database: str = "postgres",
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run psql, unaligned and without headers."""
        command = [program("psql"), "--no-psqlrc", "-At", "-h", str(self.socket), "-U", user]
        return subprocess.run(
            [*command, "-d", database, *arguments],
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def dump(self, database: str, *, user: str) -> subprocess.CompletedProcess[str]:
        """Run pg_dump, as SQL on standard output."""
        command = [program("pg_dump"), "-h", str(self.socket), "-U", user, database]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def program(name: str) -> str:
    """Where a program of PostgreSQL is: Debian keeps the server's outside PATH."""
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None
    )
    if found is None:
        raise FileNotFoundError(f"{name}: not found; install PostgreSQL's server and client")
    return found


@contextmanager
def socket_folder() -> Generator[Path]:
    """A socket's path has 107 characters at most, and the server's user must reach it. In memory
    where there is room: nothing here outlives a test."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=memory if roomy else "/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres(folder: Path, settings: Mapping[str, str] | None = None) -> Generator[Postgres]:
    """Make a cluster, start it with further settings, and end it afterwards."""
    data, user = folder / "data", UNPRIVILEGED if os.getuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    owner = ["-U", "superuser", "-A", "trust", "--no-sync"]
    initdb = [program("initdb"), "-D", str(data), *owner]
    subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
    given = {"listen_addresses": "", "fsync": "off", **(settings or {})}
    options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
    server = [program("postgres"), "-D", str(data), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(server, user=user, cwd=folder, stdout=log, stderr=log)
        try:
            yield _ready(Postgres(folder))
        finally:
            stop(process.pid)
            process.wait()


def _ready(server: Postgres) -> Postgres:
    """Wait until it answers, and make the master user as RDS does: no superuser."""
    grants = (
        f"CREATE ROLE {MASTER} LOGIN CREATEROLE CREATEDB; "
        f"GRANT pg_monitor, pg_read_all_data TO {MASTER} WITH ADMIN OPTION; "
        f"ALTER DATABASE postgres OWNER TO {MASTER}"
    )
    deadline = time.monotonic() + 30
    while server.psql("-c", grants, user="superuser").returncode:
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL: {(server.socket / 'log').read_text()[-2000:]}")
        time.sleep(0.2)
    return server
