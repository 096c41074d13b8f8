"""Simulated time: coroutines that only ever wait for a while, in the order of their moments."""

from __future__ import annotations

import heapq
import types
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field


@types.coroutine
def wait(duration: int) -> Generator[int]:
    """Let so many milliseconds pass."""
    yield duration


@dataclass
class Process:
    """A coroutine that may be paused or killed at any of its waits."""

    coroutine: Coroutine[int, None, None]
    pauses: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """It does nothing between these moments."""
    alive: bool = True

    def kill(self) -> None:
        """It does nothing from now on."""
        if self.alive:
            self.alive = False
            self.coroutine.close()

    def runs_at(self, moment: int) -> int:
        """The first moment from `moment` on at which it is not paused."""
        for begin, end in self.pauses:
            if begin <= moment < end:
                return self.runs_at(end)
        return moment


class Loop:
    """Runs processes until a moment, and looks at the world after each step."""

    def __init__(self, look: Callable[[], None]) -> None:
        self.now = 0
        self._look = look
        self._due: list[tuple[int, int, Process]] = []
        self._steps = 0

    def start(
        self,
        coroutine: Coroutine[int, None, None],
        at: int = 0,
        pauses: list[tuple[int, int]] | None = None,
    ) -> Process:
        """A process that begins at `at`, or now if that is over."""
        process = Process(coroutine, pauses or [])
        self._put(process, max(at, self.now))
        return process

    def run(self, until: int) -> None:
        """Advance to `until`."""
        while self._due and self._due[0][0] <= until:
            self.run_one()
        self.now = until

    def run_one(self) -> None:
        """The next step of whichever process is due first."""
        self.now, _, process = heapq.heappop(self._due)
        if process.alive:
            self._step(process)
            self._look()

    def end(self) -> None:
        """Kill what is not finished."""
        for _, _, process in self._due:
            process.kill()

    def _step(self, process: Process) -> None:
        try:
            duration = process.coroutine.send(None)
        except StopIteration:
            process.alive = False
        else:
            self._put(process, self.now + duration)

    def _put(self, process: Process, moment: int) -> None:
        self._steps += 1
        heapq.heappush(self._due, (process.runs_at(moment), self._steps, process))
