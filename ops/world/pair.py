"""Both regions of a platform, for runbooks that need both."""

from __future__ import annotations

from dataclasses import dataclass

from ops.world.site import SiteReads, SiteWorld


@dataclass(frozen=True, kw_only=True)
class PairReads:
    """Both regions, to look at."""

    home: SiteReads
    """Where the platform belongs: the production stack's region."""
    away: SiteReads
    """Where it fled to."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to, the same in both."""
        return self.home.account


@dataclass(frozen=True, kw_only=True)
class PairWorld:
    """Both regions, to change."""

    home: SiteWorld
    away: SiteWorld
