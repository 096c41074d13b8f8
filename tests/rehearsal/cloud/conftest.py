"""One simulated cloud for these tests, empty at the start of each."""

from __future__ import annotations

import pytest

from rehearsal.engine.cloud_process import CloudProcess
from tests.rehearsal.cloud.account import Account


@pytest.fixture(scope="session")
def clients(cloud: CloudProcess) -> dict[object, object]:
    """boto3 clients, made once: that costs more than their calls."""
    return {}


@pytest.fixture
def account(cloud: CloudProcess, clients: dict[object, object]) -> Account:
    """The account, emptied."""
    fresh = Account(cloud.endpoint, known=clients)
    fresh.control("POST", "reset")
    return fresh
