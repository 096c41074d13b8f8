"""What can go wrong in setup, typed by what the reader can do next."""

from collections.abc import Sequence
from dataclasses import dataclass


class SetupError(Exception):
    """A step cannot be reached; the message says what was tried and what to do."""


class AttemptFailed(Exception):
    """One way did not work; the message is one line. Another way may follow."""


@dataclass(frozen=True)
class Attempt:
    """A way that was tried, and why it did not work."""

    way: str
    reason: str


def nothing_worked(wanted: str, attempts: Sequence[Attempt], advice: str) -> SetupError:
    """The error that lists every attempt in a line each, then what to do."""
    width = max(len(attempt.way) for attempt in attempts)
    tried = "\n".join(f"  {attempt.way:<{width}}  {attempt.reason}" for attempt in attempts)
    return SetupError(f"no {wanted} could be had. Tried:\n{tried}\nWhat to do: {advice}")
