"""The database side of the fence as the agent needs it, and what can go wrong with it."""

from __future__ import annotations

from typing import Protocol

from lease.protocol import Milliseconds


class DatabaseError(Exception):
    """The database did not do what was asked; its guard closes it in time all the same."""


class Barred(DatabaseError):
    """The database has seen a higher epoch, or the time is over: it stays closed."""


class Replica(DatabaseError):
    """A replica: nobody can write to it before it is promoted."""


class Database(Protocol):
    """One region's PostgreSQL; every call is safe to repeat. Each raises DatabaseError."""

    async def extend(self, epoch: int, until: Milliseconds) -> Milliseconds:
        """May stay open until then, by its wall clock, which is returned.

        Raises Barred, Replica."""
        ...

    async def guard(self) -> None:
        """See that a guard runs in it, which needs no agent from then on."""
        ...

    async def admit(self, epoch: int) -> None:
        """Let the writers in. Raises Barred, Replica."""
        ...

    async def shut(self, bars: int) -> None:
        """Let no writer in any more, and no epoch below `bars` ever. Raises Replica."""
        ...

    async def sweep(self) -> int:
        """End the writers' sessions; 0 when there were none and none can come."""
        ...

    async def watch(self) -> int | None:
        """What the guard does: close when the time is over. None while it is not, else as
        `sweep`. Raises Replica."""
        ...
