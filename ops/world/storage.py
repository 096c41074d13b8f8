"""What runbooks over objects alone look at and change: no cluster, no state."""

from __future__ import annotations

from dataclasses import dataclass

from ops.world.objects import ObjectReads, ObjectVerbs


@dataclass(frozen=True, kw_only=True)
class StorageReads:
    """Buckets of a region, to look at."""

    account: str
    """The account that the credentials belong to."""
    objects: ObjectReads


@dataclass(frozen=True, kw_only=True)
class StorageWorld:
    """Buckets of a region, to change."""

    objects: ObjectVerbs
