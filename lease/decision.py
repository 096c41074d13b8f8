"""What an agent does about what the table says; pure, so that every case can be shown in a test.

When the table says nothing there is nothing to decide: the database stays open until the time
that it was given, and closes then.
"""

from __future__ import annotations

from dataclasses import dataclass

from lease.budget import Budget
from lease.protocol import Lease, Milliseconds, declared_closed, opens_at, renewed


@dataclass(frozen=True, kw_only=True)
class Renew:
    """Swap this in; then the database may stay open, or open, until then."""

    lease: Lease
    open_until: Milliseconds
    """By the wall clock."""


@dataclass(frozen=True, kw_only=True)
class Close:
    """Close the database, or keep it closed."""

    reason: str
    declare: Lease | None = None
    """Swap this in once the database is closed."""


def decide(
    region: str, lease: Lease | None, *, seen: int, now: Milliseconds, budget: Budget
) -> Renew | Close:
    """What `region`'s agent does about `lease`.

    `seen` is the highest epoch that it saw before; `now` the wall clock, read before the table was
    asked, so that whatever time passes in between shortens the lease.
    """
    if lease is None:
        return Close(reason="the table has no lease of this platform")
    if lease.epoch < seen:
        return Close(reason=f"the table fell from epoch {seen} to {lease.epoch}")
    if lease.holder != region:
        return Close(
            reason=f"{lease.holder} holds epoch {lease.epoch}",
            declare=None if lease.previous_is_closed else declared_closed(lease),
        )
    wait = opens_at(lease, budget.clock_skew) - now
    if wait > 0:
        return Close(reason=f"an earlier lease may run for another {wait} ms")
    until = now + budget.duration
    return Renew(lease=renewed(lease, until), open_until=until - budget.margin)
