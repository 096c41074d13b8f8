"""Positions of a primary's and a replica's log, asked of the real PostgreSQL as the exporter."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest

from ops.errors import Retryable
from ops.live.log_positions import LogPositions
from tests.control_plane.postgres import Postgres
from tests.lease.fenced import fenced_server
from tests.lease.test_promotion import copy_of

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]


class Secrets:
    """Secrets Manager with one secret: the exporter's login."""

    def read(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        assert (service, operation) == ("secretsmanager", "get_secret_value")
        assert parameters == {"SecretId": "mlops-production-db-exporter"}
        return {"SecretString": json.dumps({"username": "exporter", "password": "unused"})}


@pytest.fixture(scope="module")
def primary() -> Generator[Postgres]:
    with fenced_server() as running:
        yield running


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_replica_reaches_what_its_primary_wrote_and_a_paused_one_does_not(
    primary: Postgres,
) -> None:
    positions = LogPositions(Secrets(), "mlops-production")
    with copy_of(primary) as copy:
        here, there = str(primary.socket), str(copy.socket)
        assert positions.replayed(here) is None
        assert positions.written(there) is None
        copy.psql("-c", "SELECT pg_wal_replay_pause()", user="superuser")
        primary.psql("-c", "CREATE TABLE late AS SELECT 1 AS row", user="superuser")
        written = positions.written(here)
        assert written is not None
        assert (positions.replayed(there) or 0) < written
        copy.psql("-c", "SELECT pg_wal_replay_resume()", user="superuser")
        _until(lambda: (positions.replayed(there) or 0) >= written)
        assert copy.psql("-c", "SELECT row FROM late", user="superuser").stdout == "1\n"
        copy.psql("-c", "SELECT pg_promote()", user="superuser")
        assert positions.replayed(there) is None
        assert (positions.written(there) or 0) >= written


def test_a_server_that_is_not_reached_is_told_with_what_to_do() -> None:
    positions = LogPositions(Secrets(), "mlops-production")
    with pytest.raises(Retryable, match="where the databases of both regions can be reached"):
        positions.written("/nowhere")
