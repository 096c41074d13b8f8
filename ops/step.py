"""A runbook as plain data: steps with goals, checks before the first of them, and a plan.

What a step reads has a type without verbs, so that planning cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from catalog.timings import Timing

Reads = TypeVar("Reads")
World = TypeVar("World")

Kind = Literal["software", "wait"]
"""Whether a step's time is ours, or that of something that is waited for."""


@dataclass(frozen=True, kw_only=True)
class Step(Generic[Reads, World]):
    """One goal, how to see that it holds, and how to make it hold."""

    name: str
    """A short word, unique in its runbook: journals and reports know the step by it."""
    goal: str
    """What is true afterwards."""
    holds: Callable[[Reads], bool]
    """Cannot write: the type has no verb."""
    make: Callable[[World], None]
    """Begins what makes the goal true, and does nothing where that is under way: it may come
    again after a lost answer. The executor waits for the goal."""
    takes: Timing
    """Typical and slow seconds, of the catalogue."""
    kind: Kind = "software"
    irreversible: str | None = None
    """Name of the resource that the operator must type, for what cannot be undone."""
    began_by: str | None = None
    """An earlier step that already set this goal in motion, so that both take time at once."""
    interrupts: bool = False
    """Whether service is away from its beginning on; in a runbook without such a step it is away
    when the run begins."""
    restores: bool = True
    """Whether service is back only after it: declarations that follow are not part of an RTO."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check found."""

    check: str
    says: str
    refuses: bool = False
    fix: str = ""
    """What to do about one that refuses."""


@dataclass(frozen=True, kw_only=True)
class Check(Generic[Reads]):
    """Something that must be so before a runbook may change anything."""

    name: str
    judge: Callable[[Reads], Finding]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a runbook works on; a journal of another target is refused."""

    stack: str
    account_id: str
    region: str
    platform: str
    """Prefix of the production stack: all regions of one platform share it."""
    holder: str
    """Who the fence's holder is to be: a region."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """Where the fence stands; (0, "") where a platform has none."""

    epoch: int = 0
    holder: str = ""


@dataclass(frozen=True, kw_only=True)
class Runbook(Generic[Reads, World]):
    """A command of an operator."""

    name: str
    target: Target
    steps: Sequence[Step[Reads, World]]
    checks: Sequence[Check[Reads]] = ()
    stamp: Callable[[Reads], Stamp] = lambda _: Stamp()
    facts: Callable[[Reads], dict[str, float]] = lambda _: {}
    """Figures that are only known before the first step, such as the seconds of writes at risk."""

    def __post_init__(self) -> None:
        """Journals know steps by their names."""
        names = [step.name for step in self.steps]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: steps: expected different names, not {names}")


def plan(steps: Iterable[Step[Reads, World]], reads: Reads) -> list[Step[Reads, World]]:
    """The steps whose goal does not hold."""
    return [step for step in steps if not step.holds(reads)]


def findings(checks: Iterable[Check[Reads]], reads: Reads) -> list[Finding]:
    """What every check found, those that refuse among them."""
    return [check.judge(reads) for check in checks]
