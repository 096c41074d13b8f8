"""When a region was out of service: what was under way in it then did not end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A region out of service, in seconds since 1970 by the simulated clock."""

    region: str
    since: float
    until: float | None
    """None while it lasts."""

    def hit(self, region: str, began: float, ends: float) -> bool:
        """Whether it began in the region within that time."""
        return self.region == region and began <= self.since < ends
