"""The fence inside a real PostgreSQL, with writers that write all the time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

import psycopg
import pytest

from lease.database import Barred
from lease.postgres import Postgres as Fence
from lease.rights import AGENT, fence_sql
from tests.control_plane.postgres import MASTER, Postgres
from tests.lease.busy import BusyWriter
from tests.lease.fenced import (
    WRITERS,
    asked,
    conninfo,
    end_guards,
    fenced_server,
    now,
    password_of,
    run,
)

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

ROLES = ",".join(writer.role for writer in WRITERS)
SESSIONS = f"SELECT count(*) FROM pg_stat_activity WHERE usename = ANY('{{{ROLES}}}')"


@pytest.fixture(scope="module")
def server() -> Generator[Postgres]:
    with fenced_server() as running:
        yield running


@pytest.fixture
def epoch(server: Postgres) -> int:
    """One that the database has not seen."""
    return int(asked(server, "SELECT epoch + 1 FROM fence.state"))


@contextmanager
def busy(server: Postgres) -> Generator[list[BusyWriter]]:
    with ExitStack() as stack:
        yield [stack.enter_context(BusyWriter(server, one)) for one in WRITERS]


@pytest.fixture
def fence(server: Postgres) -> Generator[Fence]:
    with closing(Fence(conninfo(server), timeout=3_000)) as fence:
        yield fence


async def opened(fence: Fence, epoch: int, seconds: float = 60) -> None:
    await fence.extend(epoch, now() + int(seconds * 1_000))
    await fence.guard()
    await fence.admit(epoch)


async def shut_down(fence: Fence, bars: int) -> int:
    """Close it; the moment at which nobody wrote any more."""
    await fence.shut(bars)
    while await fence.sweep():
        await asyncio.sleep(0.02)
    return now()


def test_no_row_is_acknowledged_once_the_database_is_closed_and_reopening_lets_writers_in_again(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario(writers: list[BusyWriter]) -> None:
        for round_ in range(4):
            await opened(fence, epoch + round_)
            for writer in writers:
                await asyncio.to_thread(writer.until_it_writes)
            moment = await shut_down(fence, epoch + round_)
            committed = [writer.committed() for writer in writers]
            await asyncio.sleep(0.5)
            # What is acknowledged is committed, and nothing was committed since.
            assert [writer.committed() for writer in writers] == committed
            assert not any(writer.after(moment) for writer in writers)
            assert asked(server, SESSIONS) == "0"

    with busy(server) as writers:
        asyncio.run(scenario(writers))


def test_the_guard_closes_in_time_although_the_agent_was_killed(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    agent = (
        "import asyncio, os, signal, time\n"
        "from lease.postgres import Postgres\n"
        "async def run():\n"
        f"    fence = Postgres({conninfo(server)!r}, 3000)\n"
        "    await fence.guard()\n"
        f"    await fence.extend({epoch}, int(time.time() * 1000) + 5_000)\n"
        f"    await fence.admit({epoch})\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(run())\n"
    )
    end_guards(server)
    with BusyWriter(server, WRITERS[0]) as writer:
        killed = subprocess.run([sys.executable, "-c", agent], check=False)
        assert killed.returncode == -9
        writer.until_it_writes()
        due = int(asked(server, "SELECT open_until FROM fence.state"))
        time.sleep(max(0, due - now()) / 1_000 + 2)
        assert writer.after(due + 1_000) == 0
        assert asked(server, SESSIONS) == "0"


def test_who_was_let_in_just_before_the_revocation_is_waited_for(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    """`post_auth_delay` holds a backend between its look at CONNECT and pg_stat_activity."""

    async def scenario() -> None:
        await opened(fence, epoch)
        late = f"{conninfo(server, 'mlflow', 'mlflow')} options='-c post_auth_delay=2'"
        session = asyncio.create_task(asyncio.to_thread(_insert, late))
        await asyncio.sleep(1)
        await fence.shut(epoch)
        assert asked(server, SESSIONS) == "0"
        assert await fence.sweep() > 0
        moment = await shut_down(fence, epoch)
        written = await session
        assert written is None or written < moment

    asyncio.run(scenario())


def ends(server: Postgres) -> dict[str, str]:
    """Of each writer's password: milliseconds since 1970, or Infinity."""
    end = "CASE WHEN isfinite(rolvaliduntil) THEN"
    end += " floor(extract(epoch FROM rolvaliduntil) * 1000)::text ELSE 'Infinity' END"
    query = f"SELECT rolname, {end} FROM pg_roles WHERE rolname = ANY('{{{ROLES}}}')"
    lines = server.psql("-c", query).stdout.splitlines()
    return dict(line.split("|") for line in lines)


def _insert(where: str) -> int | None:
    try:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS late (id int)")
            return now()
    except psycopg.Error:
        return None


def test_an_epoch_that_is_over_never_opens_again(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        await opened(fence, epoch)
        await shut_down(fence, epoch + 1)
        with pytest.raises(Barred, match=f"epoch {epoch} is over: the database has seen"):
            await fence.extend(epoch, now() + 60_000)
        with pytest.raises(Barred):
            await fence.admit(epoch)
        assert await fence.sweep() == 0

    asyncio.run(scenario())


def test_a_renewal_that_arrives_too_late_opens_nothing(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        with pytest.raises(Barred, match="is over: it is"):
            await fence.extend(epoch, now() - 1)

    asyncio.run(scenario())


def test_nobody_is_let_in_without_a_guard(server: Postgres, fence: Fence, epoch: int) -> None:
    async def scenario() -> None:
        await fence.extend(epoch, now() + 60_000)
        end_guards(server)
        with pytest.raises(Exception, match="no guard runs"):
            await fence.admit(epoch)

    asyncio.run(scenario())


def test_two_agents_share_one_guard(server: Postgres, fence: Fence, epoch: int) -> None:
    async def scenario() -> None:
        with closing(Fence(conninfo(server), timeout=3_000)) as other:
            await opened(fence, epoch)
            await opened(other, epoch)

    asyncio.run(scenario())
    guards = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    assert asked(server, guards) == "1"


def test_a_writer_that_locks_its_database_does_not_hold_up_the_closing(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        await opened(fence, epoch)
        with closing(psycopg.connect(conninfo(server, "mlflow", "mlflow"))) as connection:
            connection.execute("ALTER DATABASE mlflow SET work_mem = '8MB'")
            began = time.monotonic()
            await shut_down(fence, epoch)
            assert time.monotonic() - began < 3
            with pytest.raises(psycopg.errors.AdminShutdown):
                connection.commit()

    asyncio.run(scenario())


def test_the_agent_can_do_nothing_but_fence(server: Postgres) -> None:
    password = {"PGPASSWORD": password_of(AGENT)}
    for query in (
        "SELECT * FROM fence.state",
        "UPDATE fence.state SET open_until = 1",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mlflow' OR true",
        "SET ROLE fence_keeper",
        "REVOKE CONNECT ON DATABASE mlflow FROM mlflow",
        "CREATE TABLE mine (id int)",
        "SELECT fence_passwords.expire(9000000000000)",
        "ALTER ROLE mlflow VALID UNTIL 'infinity'",
    ):
        done = server.psql("-c", query, user=AGENT, environment=password)
        assert done.returncode != 0 or "WARNING" in done.stderr, query
    entered = server.psql("-c", "SELECT 1", user=AGENT, database="mlflow", environment=password)
    assert "permission denied for database" in entered.stderr


def test_the_writers_passwords_end_with_the_time_that_was_given(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        later = now() + 60_000
        for zone in ("Asia/Kolkata", "UTC"):
            asked(server, f"ALTER ROLE {AGENT} SET timezone = '{zone}'", user="superuser")
            later += 1_234
            with closing(Fence(conninfo(server), timeout=3_000)) as agent:
                await agent.extend(epoch, later)
            assert ends(server) == {writer.role: str(later) for writer in WRITERS}
        with pytest.raises(Barred):
            await fence.extend(epoch, now() - 1)
        with pytest.raises(Barred):
            await fence.extend(epoch - 1, later + 60_000)
        assert set(ends(server).values()) == {str(later)}

    asyncio.run(scenario())


def test_the_password_of_who_is_no_longer_a_writer_ends_no_more(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        until = now() + 60_000
        await fence.extend(epoch, until)
        run(server, fence_sql(WRITERS[1:]))
        await fence.extend(epoch, until + 1_000)
        assert ends(server)[WRITERS[0].role] == "Infinity"
        assert ends(server)[WRITERS[1].role] == str(until + 1_000)
        run(server, fence_sql(WRITERS))
        # Back among them, it ends with them, before anybody renews.
        assert set(ends(server).values()) == {str(until + 1_000)}

    asyncio.run(scenario())


def test_a_writer_that_logs_in_without_a_password_stops_the_script(server: Postgres) -> None:
    asked(server, "CREATE ROLE rds_iam; GRANT rds_iam TO feast", user="superuser")
    try:
        file = server.socket.parent / "script.sql"
        file.write_text(fence_sql(WRITERS))
        stopped = server.psql("--quiet", "-f", str(file))
        assert stopped.returncode == 3
        assert "feast is a member of rds_iam, expected only a password" in stopped.stderr
    finally:
        asked(server, "DROP ROLE rds_iam", user="superuser")


def test_one_function_runs_with_the_right_to_change_roles(server: Postgres) -> None:
    owned = "SELECT string_agg(oid::regprocedure::text, ' ') FROM pg_proc WHERE proowner = "
    assert asked(server, f"{owned} 'fence_passwords'::regrole") == "fence_passwords.expire(bigint)"
    may = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolcreaterole"
    assert asked(server, f"{may} AND NOT rolsuper") == f"fence_passwords {MASTER}"
    logs_in = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'fence_passwords'"
    assert asked(server, logs_in) == "f"
    called = "SELECT has_function_privilege('%s', 'fence_passwords.expire(bigint)', 'EXECUTE')"
    assert asked(server, called % "fence_keeper") == "t"
    assert asked(server, called % AGENT) == "f"


def test_readers_are_not_fenced(server: Postgres, fence: Fence, epoch: int) -> None:
    async def scenario() -> None:
        await opened(fence, epoch)
        await shut_down(fence, epoch)

    asyncio.run(scenario())
    assert server.psql("-c", "SELECT 1", user="dumps", database="mlflow").returncode == 0


def test_the_script_is_safe_to_run_again_while_the_database_is_closed(
    server: Postgres, fence: Fence, epoch: int
) -> None:
    async def scenario() -> None:
        await opened(fence, epoch)
        await shut_down(fence, epoch)
        run(server, fence_sql(WRITERS))
        assert await fence.sweep() == 0

    asyncio.run(scenario())
