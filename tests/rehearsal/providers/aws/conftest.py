"""One simulated cloud and one provider for all tests of the `aws` provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.providers.aws.clients import Clients
from rehearsal.providers.aws.provider import AwsProvider
from rehearsal.providers.aws.registry import FUNCTIONS, RESOURCES
from tests.rehearsal.providers.aws.account import ACCOUNT, REGION, SESSION, Account
from tests.rehearsal.providers.aws.life import Living

START_SECONDS = 30


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a simulated cloud that ends with the tests."""
    ready = tmp_path_factory.mktemp("cloud") / "ready.json"
    command = [sys.executable, "-m", "rehearsal.cloud", "--ready-file", str(ready)]
    server = subprocess.Popen([*command, "--parent", str(os.getpid())], stdout=subprocess.DEVNULL)
    try:
        yield _url(ready, server)
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def clients(endpoint: str) -> Clients:
    """Clients for all tests: boto3 takes a tenth of a second to make one."""
    return Clients(REGION, endpoint, SESSION)


@pytest.fixture(scope="session")
def account(clients: Clients) -> Account:
    """The account through boto3, with what several tests need. It is not emptied between
    tests (that takes seconds): each clears up what it made."""
    return Account(clients)


@pytest.fixture(scope="session")
def provider(clients: Clients) -> AwsProvider:
    """The provider, set up for the same account."""
    made = AwsProvider(RESOURCES, FUNCTIONS, lambda _region: clients)
    made.configure({"region": REGION, "allowedAccountIds": [ACCOUNT]})
    return made


@pytest.fixture
def living(provider: AwsProvider, account: Account) -> Iterator[Living]:
    """Resources made through the provider, deleted after the test."""
    made = Living(provider, account)
    yield made
    made.clear()


def _url(ready: Path, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if ready.exists():
            return json.loads(ready.read_text())["url"]
        time.sleep(0.05)
    raise TimeoutError(f"the simulated cloud did not start within {START_SECONDS} s")
