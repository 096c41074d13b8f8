"""Clocks that differ, and are corrected now and then."""

from __future__ import annotations

import random
from bisect import bisect_right

from lease.protocol import Milliseconds
from tests.lease.simulation.loop import Loop, wait

START: Milliseconds = 1_800_000_000_000
"""Wall time when a simulation begins."""


class SimulatedClock:
    """Within half of `skew` of the true time, so that two of them are within `skew`."""

    def __init__(self, loop: Loop, draw: random.Random, skew: Milliseconds, until: int) -> None:
        self._loop = loop
        self._started = draw.randrange(1_000_000)
        self._moments = [0, *sorted(draw.randrange(until) for _ in range(3))]
        half = skew // 2
        self._offsets = [draw.randint(-half, half) for _ in self._moments]

    def wall(self) -> Milliseconds:
        piece = bisect_right(self._moments, self._loop.now) - 1
        return START + self._loop.now + self._offsets[piece]

    def monotonic(self) -> Milliseconds:
        return self._started + self._loop.now

    async def sleep(self, duration: Milliseconds) -> None:
        await wait(duration)
