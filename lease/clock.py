"""Time as the agent sees it."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from lease.protocol import Milliseconds


class Clock(Protocol):
    """Two clocks: one to compare with others, one to time with."""

    def wall(self) -> Milliseconds:
        """Milliseconds since 1970; may jump when it is corrected."""
        ...

    def monotonic(self) -> Milliseconds:
        """Milliseconds since some start; never jumps, and goes on while the machine is frozen."""
        ...

    async def sleep(self, duration: Milliseconds) -> None:
        """Wait so long."""
        ...


class SystemClock:
    """This machine's."""

    def wall(self) -> Milliseconds:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> Milliseconds:
        # Linux stops CLOCK_MONOTONIC while the machine is suspended, and a lease runs on.
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    async def sleep(self, duration: Milliseconds) -> None:
        await asyncio.sleep(duration / 1_000)
