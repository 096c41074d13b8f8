"""The lease: one record per platform, how it changes, and why two regions never write at once.

The record lives in a table that is strongly consistent across regions and changes by comparing
and swapping the whole of it, so its history is one line that everybody agrees on. Two regions
share a platform; each runs agents, and each has a PostgreSQL with a guard inside (`guard.sql`).

**Claim.** Whenever a database of one region admits writers, the other's does not.

Let any two clocks differ by `clock_skew` at most, and let a database be closed within `margin`
of the moment at which its guard finds that it has to be.

1. An agent reads its clock, `w`, and only then swaps in `lease_until = w + duration`. Only after
   the swap has succeeded does it tell its database to stay open until `lease_until - margin`. This
   is an absolute time: an agent that was paused in between says something that is over, and the
   database refuses it.
2. The guard runs in the database server and needs no agent. At `lease_until - margin` by the
   database's clock it closes, so that at `lease_until` by that clock no writer is left. Agents that
   are dead, paused or cut off change nothing about that. A server that was down at that moment has
   no sessions, and lets in none: the writers' passwords end then (`passwords.sql`).
3. A take raises the epoch by swapping. A renewal of the old epoch that comes later compares with
   a record that is no more, and fails. So no `lease_until` that was ever handed to the old side's
   database is later than what the take found and kept as `previous_until`.
4. The new side's agents admit nobody before `previous_until + clock_skew` by their clock. By the
   old database's clock this is `previous_until` or later, when by (2) no writer is left.
5. Or the old side said that it is closed: `closed_epoch`. It says so only after its database
   has noted the higher epoch. From then on the database refuses every older one, also when a
   paused agent of that side wakes up and still holds a lease that would run on.
6. An epoch never falls: every change keeps it or adds one, and an agent or a database that has
   seen a higher one refuses a lower one. So a primary that returns stays closed.

Not covered, since nothing in this protocol can: a database server whose clock is off by more
than `clock_skew`, and a restart of the database server (which ends the guard) that is over before
the lease, while every agent of its region is dead or cut off from it. `docs/fence.md` has the table
of failures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Milliseconds = int
"""A duration, or a moment as milliseconds since 1970 (wall) or since some start (monotonic)."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """Who may write, and until when."""

    platform: str
    holder: str
    """Region that may write once it renews."""
    epoch: int
    """Counts the takes; from 1."""
    lease_until: Milliseconds
    """By the holder's wall clock; 0 while the holder has not renewed yet."""
    previous_until: Milliseconds = 0
    """The latest `lease_until` of all epochs before this one."""
    closed_epoch: int = 0
    """The last epoch whose side said that its database is closed and stays so."""

    @property
    def previous_is_closed(self) -> bool:
        """Whether the side before this epoch said that it is closed, or there was none."""
        return self.closed_epoch >= self.epoch - 1


def first(platform: str, holder: str) -> Lease:
    """The record of a platform that nobody has run yet."""
    return Lease(platform=platform, holder=holder, epoch=1, lease_until=0)


def opens_at(lease: Lease, clock_skew: Milliseconds) -> Milliseconds:
    """When the holder may let its writers in, by its wall clock; 0 means at once."""
    if lease.previous_is_closed:
        return 0
    return lease.previous_until + clock_skew


def renewed(lease: Lease, until: Milliseconds) -> Lease:
    """The holder's lease, longer; never shorter, since a replica's clock may be ahead."""
    return replace(lease, lease_until=max(lease.lease_until, until))


def taken(lease: Lease, region: str) -> Lease:
    """The next epoch, held by `region`. Raises ValueError when it already holds this one."""
    if lease.holder == region:
        raise ValueError(f"{region} already holds epoch {lease.epoch} of {lease.platform}")
    return replace(
        lease,
        holder=region,
        epoch=lease.epoch + 1,
        lease_until=0,
        previous_until=max(lease.lease_until, lease.previous_until),
    )


def declared_closed(lease: Lease) -> Lease:
    """What the side before this epoch swaps in once its database is closed for good."""
    return replace(lease, closed_epoch=lease.epoch - 1)


def to_wait(lease: Lease, now: Milliseconds, clock_skew: Milliseconds) -> Milliseconds:
    """How long a taker that holds `lease` has to wait before it may promote.

    `now` is the taker's wall clock, read once. Time the wait with a monotonic clock and read the
    record again now and then: the old side may say that it is closed.
    """
    return max(0, opens_at(lease, clock_skew) - now)
