"""Fixtures of the component tests: a site, and the recording engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from components.base import Site
from tests.components.recorder import ACCOUNT, REGION


@pytest.fixture(autouse=True)
def event_loop_of_its_own() -> Iterator[asyncio.AbstractEventLoop]:
    """Outputs need a current event loop, also when they are made before a recording."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda _loop, _context: None)  # raised by the recording itself
    yield loop
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def site() -> Site:
    """Production, as its stack file describes it."""
    return Site(
        environment="production",
        account_id=ACCOUNT,
        region=REGION,
        prefix="mlops-platform-production",
        tags={"Owner": "ml-platform", "CostCenter": "ml-1001", "Environment": "production"},
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/mlops/boundary",
    )
