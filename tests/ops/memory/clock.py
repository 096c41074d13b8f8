"""A clock that jumps instead of waiting, and tells what is due."""

from __future__ import annotations

from collections.abc import Callable

START = 1_800_000_000.0


class MemoryClock:
    """Seconds pass when somebody sleeps."""

    def __init__(self) -> None:
        self._now = START
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.always: list[Callable[[], None]] = []
        """What happens whenever time has passed."""

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        for due in [each for each in self._due if each[0] <= self._now]:
            self._due.remove(due)
            due[1]()
        for happens in self.always:
            happens()

    def after(self, seconds: float, happens: Callable[[], None]) -> None:
        """Have something happen when that much time has passed."""
        self._due.append((self._now + seconds, happens))
