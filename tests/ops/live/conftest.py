"""The simulated cloud, and the standby's region in it, as the live world reaches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from ops.live.aws import Aws
from rehearsal.engine import cloud_process
from rehearsal.engine.cloud_process import CloudProcess
from tests.rehearsal.cloud.account import Account

LOST, STANDBY = "us-east-1", "us-west-2"
Reach = Callable[..., Aws]


class Told:
    """What PostgreSQL would tell of its log: a replica has all of it."""

    def written(self, host: str) -> int | None:
        return 1_000

    def replayed(self, host: str) -> int | None:
        return 1_000


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """A simulated cloud that ends with the test session."""
    running = cloud_process.start(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def clients() -> dict[object, object]:
    """boto3 clients, made once: that costs more than their calls."""
    return {}


@pytest.fixture
def standby(cloud: CloudProcess, clients: dict[Any, Any]) -> Account:
    """The standby's region of an empty account."""
    fresh = Account(cloud.endpoint, STANDBY, known=clients)
    fresh.control("POST", "reset")
    return fresh


@pytest.fixture
def reach(cloud: CloudProcess) -> Reach:
    """Makes the live world's way to a region."""

    def made(region: str = STANDBY, lost_region: str | None = LOST) -> Aws:
        session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
        return Aws(region, lost_region, session=session, endpoint=cloud.endpoint)

    return made
