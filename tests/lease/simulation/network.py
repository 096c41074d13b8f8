"""Links that delay, lose answers, and are cut for a while."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from tests.lease.simulation.loop import Loop, wait

T = TypeVar("T")
TIMEOUT = 3_000
"""Longest that a client waits, milliseconds."""
LOST = 0.02
"""Of the requests, and of the answers."""


class Link:
    """From one agent to one server."""

    def __init__(self, loop: Loop, draw: random.Random, cuts: list[tuple[int, int]]) -> None:
        self._loop = loop
        self._draw = draw
        self._cuts = cuts

    async def call(self, effect: Callable[[], T], failure: type[Exception]) -> T:
        """What `effect` returns when it happens at the server. Raises `failure` when no answer
        comes; the effect may have happened all the same."""
        await self._travel(failure)
        result = effect()
        await self._travel(failure)
        return result

    async def _travel(self, failure: type[Exception]) -> None:
        """One way, at times nearly as slow as the client waits."""
        slow = self._draw.random() < 0.05
        await wait(self._draw.randint(1, TIMEOUT // 2 if slow else 60))
        if self._draw.random() < LOST or any(a <= self._loop.now < b for a, b in self._cuts):
            await wait(TIMEOUT)
            raise failure("no answer in time")
