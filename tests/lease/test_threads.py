"""Clients that block are given up in time."""

from __future__ import annotations

import asyncio
import time

import pytest

from lease.protocol import Lease, first
from lease.table import Unreachable
from lease.threads import ThreadedTable


class SlowTable:
    def read(self) -> Lease | None:
        time.sleep(0.2)
        return first("mlops", "us-east-1")

    def swap(self, seen: Lease | None, new: Lease) -> None:
        time.sleep(0.2)


def test_an_answer_in_time_is_passed_on() -> None:
    assert asyncio.run(ThreadedTable(SlowTable(), 10_000).read()) == first("mlops", "us-east-1")


def test_an_answer_too_late_is_none() -> None:
    table = ThreadedTable(SlowTable(), 10)
    with pytest.raises(Unreachable, match=r"did not answer within 0.01 s"):
        asyncio.run(table.read())
    with pytest.raises(Unreachable):
        asyncio.run(table.swap(None, first("mlops", "us-east-1")))
