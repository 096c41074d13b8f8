"""A copy that follows the primary, and its promotion, with the real PostgreSQL on both sides."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lease.database import Barred, Replica
from lease.postgres import Postgres as Fence
from rehearsal.engine.process import stop
from tests.control_plane.postgres import UNPRIVILEGED, Postgres, program
from tests.lease.busy import BusyWriter
from tests.lease.fenced import WRITERS, asked, conninfo, end_guards, fenced_server, now

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

ADMITTED = "SELECT count(*) FROM fence.admitted()"


@pytest.fixture(scope="module")
def primary() -> Generator[Postgres]:
    with fenced_server() as running:
        yield running


@contextmanager
def copy_of(primary: Postgres) -> Generator[Postgres]:
    """A replica that streams."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = UNPRIVILEGED if os.getuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    taken = [
        program("pg_basebackup"), "-h", str(primary.socket), "-U", "superuser", "-D", str(data),
        "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
    ]  # fmt: skip
    subprocess.run(taken, user=user, cwd=folder, check=True, capture_output=True)
    options = ["-c", "listen_addresses=", "-c", "fsync=off"]
    command = [program("postgres"), "-D", str(data), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log)
    try:
        server = Postgres(folder)
        deadline = time.monotonic() + 60
        while server.psql("-c", "SELECT 1", user="superuser").returncode:
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.2)
        yield server
    finally:
        stop(process.pid)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_copy_opens_for_its_own_agent_alone_and_forgets_no_epoch(primary: Postgres) -> None:
    async def scenario(here: Fence, there: Fence) -> None:
        await here.guard()
        over = now() + 3_000
        await here.extend(8, over)
        await here.admit(8)
        await asyncio.to_thread(_caught_up, primary, copy)
        await there.guard()
        for refused in (there.extend(8, now() + 60_000), there.shut(8)):
            with pytest.raises(Replica, match="read-only transaction"):
                await refused
        asked(copy, "SELECT pg_promote()", user="superuser")
        end_guards(copy)
        with pytest.raises(Barred, match="epoch 7 is over: the database has seen 8"):
            await there.extend(7, now() + 60_000)
        await asyncio.sleep(max(0, over - now()) / 1_000)
        with BusyWriter(copy, WRITERS[0]) as writer:
            # It has the rights of the open primary, and nobody who would take them away.
            await asyncio.to_thread(writer.until_it_is_refused, 10)
            assert asked(copy, ADMITTED, user="superuser") == str(len(WRITERS))
            assert not writer.acknowledged
            await there.guard()
            await there.extend(9, now() + 60_000)
            await there.admit(9)
            await asyncio.to_thread(writer.until_it_writes)
        assert await here.sweep() == 0

    with (
        copy_of(primary) as copy,
        closing(Fence(conninfo(primary), 3_000)) as here,
        closing(Fence(conninfo(copy), 3_000)) as there,
    ):
        asyncio.run(scenario(here, there))


def _caught_up(primary: Postgres, copy: Postgres) -> None:
    position = asked(primary, "SELECT pg_current_wal_lsn()", user="superuser")
    behind = f"SELECT pg_last_wal_replay_lsn() < '{position}'"
    while asked(copy, behind, user="superuser") != "f":
        time.sleep(0.05)
