"""All that a runbook may look at in one region, and all that it may change there."""

from __future__ import annotations

from dataclasses import dataclass

from ops.clock import Clock, Now
from ops.world.cluster import ClusterReads, ClusterVerbs
from ops.world.database import DatabaseReads, DatabaseVerbs
from ops.world.declaration import DeclarationReads, DeclarationVerbs
from ops.world.fence import FenceReads, FenceVerbs
from ops.world.file_system import FileSystemReads, FileSystemVerbs
from ops.world.objects import ObjectReads, ObjectVerbs
from ops.world.traffic import ProbeReads, ProbeVerbs, TrafficReads, TrafficVerbs


@dataclass(frozen=True, kw_only=True)
class SiteReads:
    """A region, to look at. None of its types has a verb."""

    account: str
    """The account that the credentials belong to."""
    clock: Now
    fence: FenceReads
    database: DatabaseReads
    files: FileSystemReads
    cluster: ClusterReads
    traffic: TrafficReads
    probe: ProbeReads
    declaration: DeclarationReads
    objects: ObjectReads


@dataclass(frozen=True, kw_only=True)
class SiteWorld:
    """A region, to change."""

    clock: Clock
    fence: FenceVerbs
    database: DatabaseVerbs
    files: FileSystemVerbs
    cluster: ClusterVerbs
    traffic: TrafficVerbs
    probe: ProbeVerbs
    declaration: DeclarationVerbs
    objects: ObjectVerbs
