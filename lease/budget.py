"""The figures of the fence, and what they must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lease.protocol import Milliseconds

MISSED_RENEWALS = 3
"""So many renewals in a row fit in before a lease that is not renewed closes the database."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """All in milliseconds. The same figures hold in both regions and for the taker."""

    renew_every: Milliseconds = 5_000
    """Between two renewals."""
    duration: Milliseconds = 30_000
    """Of a lease, from the moment at which its renewal began."""
    clock_skew: Milliseconds = 1_000
    """Most by which two clocks differ. Amazon Time Sync keeps instances within milliseconds."""
    margin: Milliseconds = 8_000
    """Before the lease's end: closing begins, and has that long to end the last session."""
    request_timeout: Milliseconds = 3_000
    """Longest that one request to the table, the database or the cluster takes."""

    @property
    def good_for(self) -> Milliseconds:
        """From the start of a renewal until closing begins."""
        return self.duration - self.margin

    @property
    def longest_wait(self) -> Milliseconds:
        """Most that a taker waits for a side that says nothing any more, by its own clock."""
        return self.duration + 2 * self.clock_skew


class BudgetError(ValueError):
    """Figures that contradict each other; a line each."""


def checked(budget: Budget) -> Budget:
    """The budget itself. Raises BudgetError naming every figure that does not fit."""
    wrong = list(contradictions(budget))
    if wrong:
        raise BudgetError("\n".join(wrong))
    return budget


def contradictions(budget: Budget) -> Iterator[str]:
    """`key: expected …, not <value>` for each; nothing when all figures fit."""
    for key in ("renew_every", "duration", "margin", "request_timeout"):
        if getattr(budget, key) <= 0:
            yield _wrong(budget, key, "more than 0 ms")
    if budget.clock_skew < 0:
        yield _wrong(budget, "clock_skew", "0 ms or more")
    if 2 * budget.request_timeout > budget.margin:
        yield _wrong(
            budget,
            "request_timeout",
            f"at most half of margin ({budget.margin} ms): closing takes a request that may hang "
            "and one that does it",
        )
    needed = MISSED_RENEWALS * budget.renew_every + budget.margin + budget.clock_skew
    if budget.duration < needed:
        yield _wrong(
            budget,
            "duration",
            f"at least {needed} ms: {MISSED_RENEWALS} times renew_every + margin + clock_skew, or "
            "a missed renewal closes the database",
        )


def _wrong(budget: Budget, key: str, expected: str) -> str:
    return f"{key}: expected {expected}, not {getattr(budget, key)} ms"
