"""The time at which simulated things are made, and a clock that can be moved ahead.

While somebody drives it, what takes long in AWS takes as long by this clock (`ready_at`); else
everything is ready at once.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from catalog.timings import Timing


class Clock:
    """Real time, and the seconds by which it was moved ahead."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = timedelta()
        self.driven = False
        """Whether somebody moves it, and so waits for what is not ready yet."""

    def exact(self) -> datetime:
        """The time by this clock."""
        return datetime.now(UTC) + self._ahead

    def drive(self, seconds: float) -> None:
        """Move it ahead. Raises ValueError for a negative number."""
        if seconds < 0:
            raise ValueError(f"advance: expected seconds from 0 on, not {seconds:g}")
        with self._lock:
            self._ahead += timedelta(seconds=seconds)
            self.driven = True

    def rest(self) -> None:
        """Nobody drives any more: what begins from now on is ready at once. The time stays."""
        with self._lock:
            self.driven = False

    def reset(self) -> None:
        """Real time again, and nobody drives."""
        with self._lock:
            self._ahead, self.driven = timedelta(), False


CLOCK = Clock()


def now() -> datetime:
    """Now, in UTC and whole seconds, as AWS reports times."""
    return CLOCK.exact().replace(microsecond=0)


def ready_at(timing: Timing) -> datetime:
    """When something that begins now is over: at once, unless the clock is driven."""
    return CLOCK.exact() + timedelta(seconds=timing.typical if CLOCK.driven else 0)


def is_over(moment: datetime) -> bool:
    """Whether a moment has come."""
    return CLOCK.exact() >= moment
