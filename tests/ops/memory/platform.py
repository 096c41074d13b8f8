"""Both regions of a platform in memory, some time after a failover: the old region is back and
closed, the other one is the primary. A writer never stops while any database lets it in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ops.backups.verify import Backups
from ops.failback.target import Away, CopiedBucket, Failback
from ops.failover.target import MLFLOW
from ops.step import Target
from ops.world.cluster import Replicas
from ops.world.fence import Fence
from ops.world.pair import PairReads, PairWorld
from tests.ops.memory.clock import START, MemoryClock
from tests.ops.memory.databases import MemoryDatabases
from tests.ops.memory.faults import Faults
from tests.ops.memory.files import MemoryFiles
from tests.ops.memory.parts import MemoryDeclaration, MemoryFence
from tests.ops.memory.region import (
    ACCOUNT,
    DATABASE,
    FILES,
    LOST,
    PLATFORM,
    STANDBY,
    Region,
    replica,
    wanted,
)
from tests.ops.memory.rows import Rows

HOME_DATABASE, HOME_FILES = f"{PLATFORM}-mlflow-g1", "fs-source"
AWAY_BACKUPS = Backups(bucket="backups", database=DATABASE)
EPOCH = 5
STANDBY_NODES = {"system-1": 2, "gpu-1": 0}


@dataclass
class Writer:
    """A client that takes a row for kept once the database said so."""

    platform: Platform
    acknowledged: list[str] = field(default_factory=list[str])
    paused: bool = False

    def write(self) -> None:
        """A row into each database that lets it in: there is never more than one."""
        for region, databases, identifier in self.platform.sides():
            found = databases.instance(identifier)
            if self.paused or found is None or not found.writable:
                continue
            if self.platform.fence.admits(region):
                row = f"row {len(self.acknowledged)}"
                self.platform.rows.commit(found.resource_id, self.platform.clock.now(), row)
                self.acknowledged.append(row)


class Platform:
    """The pair, which shares clock, fence and faults."""

    def __init__(self, account: str = ACCOUNT, clock: MemoryClock | None = None) -> None:
        self.clock, self.faults, self.rows = clock or MemoryClock(), Faults(), Rows()
        self.home = Region(self.clock, self.faults, account)
        self.away = Region(self.clock, self.faults, account)
        self.fence = MemoryFence(self.clock, _held_away(), {LOST, STANDBY})
        self.home.fence = self.away.fence = self.fence
        self._databases()
        self._files()
        self._clusters()
        self.away.traffic.published, self.away.traffic.schedule = START, True
        self.away.traffic.here = True
        self.home.traffic.switch_of = self.away.traffic
        self.home.objects.waiting = {"models-home": 0.0}
        self.writer = Writer(self)
        self.clock.always.append(self.writer.write)
        self.fence.on_take.append(self.writer.write)

    def __setattr__(self, name: str, value: Any) -> None:
        """Faults are the same in both regions, whoever sets them."""
        super().__setattr__(name, value)
        if name == "faults" and hasattr(self, "away"):
            self.home.faults = self.away.faults = value

    def sides(self) -> list[tuple[str, MemoryDatabases, str]]:
        """Each region with its databases, and the identifier that its clients know."""
        return [
            (LOST, self.home.database, HOME_DATABASE),
            (STANDBY, self.away.database, DATABASE),
        ]

    def lost_rows(self, region: str) -> list[str]:
        """Rows that were acknowledged and are not in the region's database."""
        ((databases, identifier),) = [each[1:] for each in self.sides() if each[0] == region]
        there = set(databases.seen(databases.instances[identifier]))
        return [row for row in self.writer.acknowledged if row not in there]

    def reads(self) -> PairReads:
        """Both, to look at."""
        return PairReads(home=self.home.reads(), away=self.away.reads())

    def world(self) -> PairWorld:
        """Both, to change."""
        return PairWorld(home=self.home.world(), away=self.away.world())

    def state(self) -> dict[str, object]:
        """Everything that a verb could have changed."""
        both = {"home": self.home, "away": self.away}
        return {
            f"{name}.{part}": value
            for name, region in both.items()
            for part, value in region.state().items()
        }

    def _databases(self) -> None:
        arn = replica().follows or ""
        old = replace(
            replica(), identifier=HOME_DATABASE, arn=arn, resource_id="db-OLD", follows=None
        )
        databases = {HOME_DATABASE: replace(old, encryption_key="key-home")}
        self.home.database = MemoryDatabases(self.clock, databases, rows=self.rows)
        present = {DATABASE: replace(replica(), resource_id="db-PRESENT", follows=None)}
        taken = self.away.database.taken
        self.away.database = MemoryDatabases(self.clock, present, taken, rows=self.rows)
        self.home.database.peer = self.away.database
        self.away.database.peer = self.home.database
        self.rows.commit("db-OLD", START - 900, "a row that only the lost region had")
        self.home.declaration = MemoryDeclaration(
            self.home.database, HOME_DATABASE, "primary", None, "primary", "db-OLD"
        )
        self.away.declaration = MemoryDeclaration(
            self.away.database, DATABASE, "primary", None, "primary", "db-PRESENT"
        )

    def _files(self) -> None:
        self.home.files = MemoryFiles(self.clock, {HOME_FILES: None}, targets={HOME_FILES: FILES})
        self.away.files = MemoryFiles(self.clock, {FILES: None}, unprotected={FILES})
        self.home.files.peer, self.away.files.peer = self.away.files, self.home.files

    def _clusters(self) -> None:
        serving = Replicas(wanted=3, ready=3)
        self.away.cluster.workloads = {MLFLOW: serving}
        for group in STANDBY_NODES:
            found = self.away.cluster.groups[group]
            self.away.cluster.groups[group] = replace(found, desired=found.desired + 2)


def returning(**changes: Any) -> Failback:
    """What a failback makes of the platform."""
    target = Target(stack="dr", account_id=ACCOUNT, region=LOST, platform=PLATFORM, holder=LOST)
    home = wanted(
        target=target, lost_region=STANDBY, database=HOME_DATABASE, file_system=HOME_FILES
    )
    given: dict[str, Any] = {
        "home": home,
        "away": Away(
            stack="dr",
            region=STANDBY,
            database=DATABASE,
            file_system=FILES,
            pools=STANDBY_NODES,
        ),
        "buckets": (CopiedBucket(source="models-away", target="models-home"),),
    }
    return Failback(**{**given, **changes})


def _held_away() -> Fence:
    return Fence(holder=STANDBY, epoch=EPOCH, lease_until=START, previous_until=START - 3_600)
