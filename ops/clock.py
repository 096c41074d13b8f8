"""Time as runbooks see it; tests have one that never waits."""

from __future__ import annotations

import time
from typing import Protocol


class Now(Protocol):
    """What time it is."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...


class Clock(Now, Protocol):
    """Time that can be waited for."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
