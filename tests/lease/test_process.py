"""`python -m lease` as a process, from this environment and from the image's root: against a real
PostgreSQL and a DynamoDB that answers over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lease.dynamo import DynamoTable
from lease.protocol import Lease, taken
from lease.rights import AGENT
from tests.control_plane.postgres import Postgres
from tests.control_plane.server import free_port
from tests.lease.agent_process import Agent, running, table_over_http
from tests.lease.busy import BusyWriter
from tests.lease.fenced import WRITERS, asked, fenced_in, now, password_of
from tests.lease.image_root import built, config_of, started_in, unpacked

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.xdist_group("postgres"),
    pytest.mark.timeout(900),
]

EAST, WEST = "us-east-1", "us-west-2"
TABLE = "mlops-fence"
SOCKETS = "s"
"""Folder of PostgreSQL's socket, below the root of the process."""
BOTH = pytest.mark.parametrize("place", ["environment", "image"], indirect=True)
MOSTLY_HERE = pytest.mark.parametrize(
    "place", ["environment", pytest.param("image", marks=pytest.mark.nightly)], indirect=True
)
"""For what does not depend on what the process is started from."""
FIGURES = {
    "LEASE_RENEW_SECONDS": "0.5",
    "LEASE_DURATION_SECONDS": "8",
    "LEASE_MARGIN_SECONDS": "4",
    "LEASE_REQUEST_SECONDS": "2",
}


@dataclass
class Place:
    """Where agents run: what they start with, and the servers that they find."""

    command: list[str]
    sockets: str
    server: Postgres
    table: DynamoTable
    environment: dict[str, str]

    @contextmanager
    def agent(self) -> Generator[Agent]:
        port = free_port()
        variables = {
            **self.environment,
            **FIGURES,
            "LEASE_TABLE": TABLE,
            "LEASE_PLATFORM": "mlops",
            "LEASE_REGION": EAST,
            "LEASE_PORT": str(port),
            "PGHOST": self.sockets,
            "PGDATABASE": "postgres",
            "PGUSER": AGENT,
            "PGPASSWORD": password_of(AGENT),
        }
        with running(self.command, variables, port) as agent:
            yield agent

    def record(self) -> Lease:
        lease = self.table.read()
        assert lease
        return lease

    def swap(self, change: Callable[[Lease], Lease]) -> None:
        """As a taker: again when the agent renews at that moment."""
        for _ in range(20):
            seen = self.record()
            try:
                return self.table.swap(seen, change(seen))
            except Exception:  # noqa: BLE001 - tried again, and the last one shows
                time.sleep(0.05)
        raise AssertionError("the record never stood still")


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Generator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="fence-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        command, sockets = [sys.executable, "-m", "lease"], str(folder / SOCKETS)
        if request.param == "image":
            command, sockets = _image(folder), f"/{SOCKETS}"
        with fenced_in(folder / SOCKETS) as server, table_over_http(TABLE, "mlops", EAST) as made:
            table, environment = made
            yield Place(command, sockets, server, table, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _image(root: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as layout:
        target = Path(layout) / "image"
        built(target)
        unpacked(target, root)
        return started_in(root, config_of(target))


@BOTH
def test_it_opens_closes_when_its_lease_is_taken_and_reopens_when_it_gets_it_back(
    place: Place,
) -> None:
    with place.agent() as agent, BusyWriter(place.server, WRITERS[0]) as writer:
        agent.until('lease_database_state{state="open"} 1.0')
        assert agent.asks("/livez") == agent.asks("/readyz") == (200, "ok")
        assert agent.shows(f'lease_holder{{region="{EAST}"}} 1.0')
        writer.until_it_writes()

        place.swap(lambda lease: taken(lease, WEST))
        agent.until("lease_fenced 1.0")
        moment = now()
        assert agent.shows(f"lease_epoch {float(place.record().epoch)}")
        assert agent.shows("lease_seconds_left 0.0")
        assert place.record().previous_is_closed
        time.sleep(1)
        assert writer.after(moment) == 0

        place.swap(lambda lease: taken(lease, EAST))
        agent.until("lease_fenced 0.0")
        writer.until_it_writes(30)


@MOSTLY_HERE
def test_it_starts_the_guard_again_when_the_database_ended_it(place: Place) -> None:
    guard = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
    with place.agent() as agent:
        agent.until('lease_database_state{state="open"} 1.0')
        ended = asked(place.server, guard)
        asked(place.server, f"SELECT pg_terminate_backend({ended})", user="superuser")
        deadline = time.monotonic() + 30
        while asked(place.server, guard) in ("", ended):
            assert time.monotonic() < deadline, "no guard was started"
            time.sleep(0.1)


@MOSTLY_HERE
def test_a_replica_of_it_goes_on_when_one_is_told_to_stop(place: Place) -> None:
    with place.agent() as one, place.agent() as other:
        for agent in (one, other):
            agent.until('lease_database_state{state="open"} 1.0')
        with BusyWriter(place.server, WRITERS[1]) as writer:
            one.process.send_signal(signal.SIGTERM)
            assert one.process.wait(30) == 0
            until = place.record().lease_until
            time.sleep(max(0, until - now()) / 1_000)
            writer.until_it_writes()
            assert place.record().lease_until > until


@MOSTLY_HERE
def test_killed_in_the_middle_of_anything_it_leaves_a_database_that_closes_in_time(
    place: Place,
) -> None:
    with place.agent() as agent:
        agent.until('lease_database_state{state="open"} 1.0')
        with BusyWriter(place.server, WRITERS[2]) as writer:
            writer.until_it_writes()
            os.kill(agent.process.pid, signal.SIGKILL)
            agent.process.wait()
            until = place.record().lease_until
            assert until - now() < 8_000
            time.sleep(max(0, until - now()) / 1_000)
            moment = now()
            time.sleep(1)
            assert writer.after(moment) == 0
    assert asked(place.server, "SELECT count(*) FROM fence.admitted()", user="superuser") == "0"


@BOTH
def test_a_wrong_setting_ends_it_with_a_line_for_each(place: Place) -> None:
    done = subprocess.run(
        place.command, env={"LEASE_TABLE": "x"}, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line)["message"] for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in lines] == [
        "PGHOST", "PGDATABASE", "PGUSER", "PGPASSWORD", "LEASE_TABLE", "LEASE_PLATFORM",
        "LEASE_REGION",
    ]  # fmt: skip
