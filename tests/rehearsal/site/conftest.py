"""A platform's surroundings in both regions of an empty account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.live.aws import Aws
from rehearsal.engine.cloud_process import CloudProcess
from rehearsal.providers.kubernetes.objects import Objects
from rehearsal.site.control import Control
from tests.rehearsal.cloud.account import Account

HERE, THERE = "us-east-1", "us-west-2"


@dataclass(frozen=True)
class Surroundings:
    """What the site is made of."""

    account: Account
    control: Control
    objects: Objects

    @property
    def client(self) -> Callable[[str, str], Any]:
        return lambda service, region: self.account.there(region).client(service)


@pytest.fixture
def around(cloud: CloudProcess, tmp_path: Path) -> Surroundings:
    """Nothing yet; its clock is driven."""
    account = Account(cloud.endpoint)
    account.control("POST", "reset")
    control = Control(cloud.endpoint)
    control.advance(0)
    return Surroundings(account, control, Objects(tmp_path / "objects.db"))


@pytest.fixture
def reach(cloud: CloudProcess) -> Callable[[str, str | None], Aws]:
    """Makes a runbook's way to a region."""

    def made(region: str, lost_region: str | None) -> Aws:
        session = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
        return Aws(region, lost_region, session=session, endpoint=cloud.endpoint)

    return made
