"""What can go wrong while a runbook runs, typed by what to do next."""

from __future__ import annotations


class RunbookError(Exception):
    """A runbook stopped; the message says at what, why, and what to do."""


class Refused(RunbookError):
    """Nothing was changed, and asking again as it is would be refused again."""


class Retryable(RunbookError):
    """Nothing was changed, and the same call may succeed in a moment."""


class UnknownOutcome(RunbookError):
    """The call may or may not have been carried out: only looking tells."""


class GoalNotReached(RunbookError):
    """The call was carried out, and its goal does not hold in the time that it may take."""
