"""Seconds of one operation: from the catalogue, and in the typical, the slow or a sampled case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from catalog import timings
from rehearsal.timeline.engine import Step
from rehearsal.timeline.work import work

if TYPE_CHECKING:
    from rehearsal.timeline.graph import Operation

_VERBS = {"create-replacement": "create", "import-replacement": "read", "import": "read",
          "read-replacement": "read", "delete-replaced": "delete"}  # fmt: skip
_FREE = frozenset({"same"})


@dataclass(frozen=True)
class Case:
    """How fast the cloud is: `typical`, `slow`, or a random mixture by `seed`."""

    name: str
    seed: int | None = None


TYPICAL = Case("typical")
SLOW = Case("slow")


def sample(seed: int) -> Case:
    """A random day of the cloud; the same seed is the same day."""
    return Case("sample", seed)


def timed(step: Step) -> tuple[float, float]:
    """Typical and slow seconds of a step; none for what calls no cloud: components,
    unchanged resources, and resources that are only forgotten."""
    if not step.custom or step.op in _FREE or step.retained:
        return 0.0, 0.0
    verb = _VERBS.get(step.op, step.op)
    done = work(step.type, verb, step.before, step.after)
    timing = timings.seconds(step.type, done.operation, done.variant)
    return timing.typical * done.times, timing.slow * done.times


def seconds(operation: Operation, case: Case) -> float:
    """Seconds of `operation` in `case`.

    A sample lies between typical and slow, most likely near typical (triangular, its peak at
    typical), and hangs on the seed and the operation alone: a resource more leaves all others
    as they were.
    """
    if case.seed is None:
        return operation.slow if case == SLOW else operation.typical
    if not operation.slow:
        return 0.0
    digest = hashlib.sha256(f"{case.seed} {operation.key}".encode()).digest()
    even = int.from_bytes(digest[:8]) / 2**64
    return operation.typical + (operation.slow - operation.typical) * (1 - sqrt(1 - even))
