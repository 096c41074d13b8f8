"""Steps as data: a goal, how to see that it holds, and how to make it hold."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bootstrap.locking import locked


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that is true after setup."""

    goal: str
    holds: Callable[[], str | None]
    """How the goal is met, in a few words; None when it is not. Changes nothing."""
    make: Callable[[Callable[[str], None]], str]
    """Meets the goal, telling its argument what takes long; returns what `holds` would."""
    lock: Path
    """Held while making, so that setups started at once do not disturb each other."""


def reach_all(
    steps: Iterable[Step],
    say: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Reach each step in turn and say, in one line, how it is met and how long that took.

    Raises SetupError at the first that cannot be reached.
    """
    for step in steps:
        began = clock()
        how = step.holds() or _made(step, say)
        say(f"{step.goal:<16} {how}  ({clock() - began:.1f} s)")


def _made(step: Step, say: Callable[[str], None]) -> str:
    with locked(step.lock, waiting=lambda: say(f"{step.goal:<16} … another setup is at work")):
        # Looked at again: whoever held the lock may have done it.
        return step.holds() or step.make(lambda line: say(f"{step.goal:<16} … {line}"))
