"""Discrete-event simulation of a graph: when each operation runs, the makespan and the
critical path."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rehearsal.timeline.durations import Case, sample, seconds
from rehearsal.timeline.graph import BARRIER, Graph, Operation


@dataclass(frozen=True, kw_only=True)
class Timed:
    """An operation on the simulated clock; seconds."""

    operation: Operation
    start: float
    duration: float
    critical: bool

    @property
    def finish(self) -> float:
        """Seconds from the beginning of the run to the end of the operation."""
        return self.start + self.duration


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One run on the simulated clock; seconds."""

    case: Case
    parallelism: int
    operations: tuple[Timed, ...]
    """In order of their start; barriers are left out."""
    makespan: float
    critical_path: tuple[Timed, ...]
    """The longest chain of operations that wait for one another, each as early as it can be.
    Operations that take no time are left out."""
    critical_seconds: float
    """What the run would take with unlimited parallelism; never more than the makespan."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Makespan over many random days, in seconds."""

    samples: int
    median: float
    p90: float
    worst: float


def simulate(graph: Graph, parallelism: int, case: Case) -> Schedule:
    """Run `graph` with at most `parallelism` operations at a time, first come, first served.

    Raises ValueError when `parallelism` is below 1.
    """
    if parallelism < 1:
        raise ValueError(f"parallelism: 1 or more expected, not {parallelism}")
    durations = {each.key: seconds(each, case) for each in graph.operations}
    starts = _starts(graph, durations, parallelism)
    path, earliest = _critical_path(graph, durations)
    critical = frozenset(path)
    every = {
        each.key: Timed(
            operation=each,
            start=starts[each.key],
            duration=durations[each.key],
            critical=each.key in critical,
        )
        for each in graph.operations
        if each.kind != BARRIER
    }
    return Schedule(
        case=case,
        parallelism=parallelism,
        operations=tuple(sorted(every.values(), key=lambda one: one.start)),
        makespan=max((one.finish for one in every.values()), default=0.0),
        critical_path=_links(path, every, earliest),
        critical_seconds=max((earliest[key] + durations[key] for key in path), default=0.0),
    )


def spread(graph: Graph, parallelism: int, samples: int = 200) -> Spread:
    """The makespans of `samples` random days; the same in every run."""
    spans = sorted(_makespan(graph, parallelism, sample(seed)) for seed in range(samples))
    return Spread(
        samples=samples,
        median=spans[len(spans) // 2],
        p90=spans[min(len(spans) - 1, len(spans) * 9 // 10)],
        worst=spans[-1],
    )


def _makespan(graph: Graph, parallelism: int, case: Case) -> float:
    durations = {each.key: seconds(each, case) for each in graph.operations}
    starts = _starts(graph, durations, parallelism)
    return max((start + durations[key] for key, start in starts.items()), default=0.0)


@dataclass
class _Clock:
    """The engine's step executor: a queue of what is ready, and its workers."""

    durations: Mapping[str, float]
    waiting: dict[str, int]
    freed: Mapping[str, Sequence[str]]
    now: float = 0.0
    starts: dict[str, float] = field(default_factory=dict[str, float])
    ready: deque[str] = field(default_factory=deque[str])

    def release(self, keys: Iterable[str]) -> None:
        """Queue what waits for nothing more; what takes no time is over at once."""
        pending = deque(keys)
        while pending:
            key = pending.popleft()
            if self.durations[key]:
                self.ready.append(key)
            else:
                self.starts[key] = self.now
                pending.extend(self.freed_by(key))

    def freed_by(self, key: str) -> list[str]:
        """Operations for which `key` was the last to wait for."""
        for one in self.freed.get(key, ()):
            self.waiting[one] -= 1
        return [one for one in self.freed.get(key, ()) if not self.waiting[one]]


def _starts(graph: Graph, durations: Mapping[str, float], parallelism: int) -> dict[str, float]:
    """Start of every operation. What takes no time needs no worker.

    Operations that become ready at the same moment queue by their keys: the order in which
    the engine's threads happened to begin them differs from run to run.
    """
    clock = _clock(graph, durations)
    running: list[tuple[float, str]] = []
    clock.release(sorted(key for key, count in clock.waiting.items() if not count))
    while clock.ready or running:
        while clock.ready and len(running) < parallelism:
            key = clock.ready.popleft()
            clock.starts[key] = clock.now
            heapq.heappush(running, (clock.now + durations[key], key))
        clock.now, key = heapq.heappop(running)
        clock.release(clock.freed_by(key))
    return clock.starts


def _clock(graph: Graph, durations: Mapping[str, float]) -> _Clock:
    freed: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for each in graph.operations:
        needs = graph.needs.get(each.key, frozenset())
        waiting[each.key] = len(needs)
        for key in sorted(needs):
            freed.setdefault(key, []).append(each.key)
    return _Clock(durations, waiting, {key: sorted(those) for key, those in freed.items()})


def _critical_path(
    graph: Graph, durations: Mapping[str, float]
) -> tuple[list[str], dict[str, float]]:
    """Keys of the longest chain, and the earliest start of every operation."""
    earliest: dict[str, float] = {}
    held_up_by: dict[str, str] = {}
    for each in graph.operations:
        ends = {
            need: earliest[need] + durations[need]
            for need in sorted(graph.needs.get(each.key, frozenset()))
        }
        earliest[each.key] = max(ends.values(), default=0.0)
        if ends:
            held_up_by[each.key] = max(ends, key=ends.__getitem__)
    if not earliest:
        return [], {}
    path = [max(sorted(earliest), key=lambda key: earliest[key] + durations[key])]
    while path[0] in held_up_by:
        path.insert(0, held_up_by[path[0]])
    return path, earliest


def _links(
    path: Sequence[str], every: Mapping[str, Timed], earliest: Mapping[str, float]
) -> tuple[Timed, ...]:
    return tuple(
        Timed(
            operation=every[key].operation,
            start=earliest[key],
            duration=every[key].duration,
            critical=True,
        )
        for key in path
        if key in every and every[key].duration > 0
    )
