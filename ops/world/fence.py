"""The fence: which region's platform may write, and since when. A table in three regions, with
strong consistency, read and written in the region that one works in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Fence:
    """Who holds it. Times are seconds since 1970."""

    holder: str
    """Region that may write, once its agents renew the lease."""
    epoch: int
    """Grows with each change of the holder."""
    lease_until: float
    """Until then the holder writes without asking again; 0 before it first renewed."""
    opens_at: float = 0.0
    """When the holder before has stopped for certain: its lease and the clocks' skew are over; 0
    where it said so itself."""
    previous_until: float = 0.0
    """The end of all leases before this epoch: the side before has written nothing since."""


class FenceReads(Protocol):
    """Looking at the fence."""

    def current(self) -> Fence | None:
        """The fence; None before the first primary took it."""
        ...


class FenceVerbs(FenceReads, Protocol):
    """Taking the fence."""

    def take(self, holder: str, after: Fence | None) -> None:
        """Make `holder` the holder, at the epoch after `after`; from then on the holder before
        cannot renew its lease. Raises Refused where the fence is no longer `after`."""
        ...
