"""Databases that a drill makes beside the standby's: tagged, and the only ones it may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ops.world.database import Instance
from ops.world.site import SiteReads


class ScratchReads(Protocol):
    """Looking at what drills made and noted."""

    def drilled(self) -> Sequence[str]:
        """Identifiers of all instances that carry a drill's tag, in order."""
        ...

    def found(self, identifier: str) -> Instance | None:
        """One of them, or None."""
        ...

    def written(self, identifier: str) -> int | None:
        """How far one of them has written a log of its own, in bytes; None for a replica."""
        ...

    def replayed(self, identifier: str) -> int | None:
        """How far one of them has replayed its source's log, in bytes; None for one that follows
        nobody."""
        ...

    def finished(self, drill: str) -> bool:
        """Whether the drill came to its end."""
        ...


class ScratchVerbs(ScratchReads, Protocol):
    """Making and removing. Each raises Refused for an instance without a drill's tag."""

    def copy(self, source: str, like: str, identifier: str) -> None:
        """Begin a replica of the instance with the ARN `source`, in the network and with the class
        and key of the instance `like`, unprotected."""
        ...

    def promote(self, identifier: str, backup_days: int) -> None:
        """Make it take writes, of which there are none: no client knows it."""
        ...

    def remove(self, identifier: str) -> None:
        """Begin to delete it, without a snapshot."""
        ...

    def finish(self, drill: str) -> None:
        """Note that the drill came to its end."""
        ...


@dataclass(frozen=True, kw_only=True)
class DrillReads:
    """The standby's region and what drills make in it, to look at."""

    site: SiteReads
    scratch: ScratchReads

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        return self.site.account


@dataclass(frozen=True, kw_only=True)
class DrillWorld:
    """The same; only what a drill made can be changed."""

    site: SiteReads
    scratch: ScratchVerbs
