"""Child processes: how much memory they take together, and how they end."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import psutil

MIB = 1024 * 1024
FRUGAL = {"MALLOC_ARENA_MAX": "2"}
"""Environment of Python processes with many threads: each would have a heap of its own, and keep
in it what it freed, though only one of them runs at a time."""


class PeakMemory:
    """Samples the memory of process trees while it is entered.

    Proportional set sizes are added up, so that what processes share counts once.
    """

    def __init__(self, *roots: int, every_seconds: float = 1.0) -> None:
        self._roots = roots
        self._every = every_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.mib = 0.0
        """The highest sum seen so far, in MiB."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(self._every):
            self.mib = max(self.mib, sum(_mib(one) for one in trees(self._roots)))


def trees(roots: Iterable[int]) -> list[psutil.Process]:
    """The processes with these IDs and all that descend from them, each once."""
    found: dict[int, psutil.Process] = {}
    for pid in roots:
        try:
            root = psutil.Process(pid)
            found |= {one.pid: one for one in (root, *root.children(recursive=True))}
        except psutil.NoSuchProcess:
            continue
    return list(found.values())


def stop(*pids: int, grace_seconds: float = 10.0) -> None:
    """End processes and all that descend from them: asked first, killed after the grace."""
    processes = trees(pids)
    for one in processes:
        _quietly(one.terminate)
    _, alive = psutil.wait_procs(processes, timeout=grace_seconds)
    for one in alive:
        _quietly(one.kill)
    psutil.wait_procs(alive, timeout=5)


def _mib(process: psutil.Process) -> float:
    try:
        full = process.memory_full_info()
        return float(getattr(full, "pss", full.rss)) / MIB
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def _quietly(end: object) -> None:
    try:
        if callable(end):
            end()
    except psutil.NoSuchProcess:
        pass
