"""A region in memory as runbooks get it, and everything in it that can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, cast

from ops.backups.verify import Backups
from ops.failover.target import FEAST, MLFLOW, Failover, GpuNeed
from ops.step import Target
from ops.world.cluster import ClusterReads, NodeGroup, Replicas
from ops.world.database import AVAILABLE, DatabaseReads, Instance, Snapshot
from ops.world.declaration import DeclarationReads
from ops.world.experiments import ExperimentReads, ExperimentVerbs
from ops.world.fence import Fence, FenceReads
from ops.world.file_system import FileSystemReads
from ops.world.objects import ObjectReads
from ops.world.pending import PendingReads, PendingVerbs
from ops.world.scratch import DrillReads, DrillWorld, ScratchReads, ScratchVerbs
from ops.world.site import SiteReads, SiteWorld
from ops.world.state_store import StateReads, StateVerbs
from ops.world.storage import StorageReads
from ops.world.traffic import ProbeReads, TrafficReads
from tests.ops.memory.clock import START, MemoryClock
from tests.ops.memory.databases import MemoryDatabases
from tests.ops.memory.experiments import MemoryExperiments
from tests.ops.memory.faults import Faults, Part
from tests.ops.memory.files import MemoryFiles
from tests.ops.memory.parts import (
    MemoryCluster,
    MemoryDeclaration,
    MemoryFence,
    MemoryObjects,
    MemoryProbe,
    MemoryTraffic,
)
from tests.ops.memory.pending import MemoryPending
from tests.ops.memory.scratch import MemoryScratch
from tests.ops.memory.state_store import MemoryStateStore

ACCOUNT = "123456789012"
PLATFORM, LOST, STANDBY = "mlops-production", "us-east-1", "us-west-2"
DATABASE = "mlops-dr-mlflow-g1"
FILES = "fs-0123456789abcdef0"
NIGHT = "2027/01/15/060000"
"""Two hours before the clock begins."""
BACKUPS = Backups(bucket="backups", database=DATABASE)
NAMES: dict[str, type] = {
    "fence": FenceReads,
    "database": DatabaseReads,
    "files": FileSystemReads,
    "cluster": ClusterReads,
    "traffic": TrafficReads,
    "probe": ProbeReads,
    "declaration": DeclarationReads,
    "objects": ObjectReads,
}
UNSEEN = {"clock", "databases", "rows", "peer", "on_take", "switch_of"}
"""What a part knows of others."""


@dataclass
class Region:
    """The standby, whose primary has just been lost."""

    clock: MemoryClock = field(default_factory=MemoryClock)
    faults: Faults = field(default_factory=Faults)
    account: str = ACCOUNT

    def __post_init__(self) -> None:
        """Healthy, and behind by four seconds."""
        self.fence = MemoryFence(self.clock, _lapsed())
        self.database = MemoryDatabases(self.clock, {DATABASE: replica()})
        self.database.taken[DATABASE] = [_snapshot()]
        self.files = MemoryFiles(self.clock, {FILES: "fs-source"})
        self.cluster = _cluster(self.clock)
        self.traffic = MemoryTraffic(self.clock)
        self.probe = MemoryProbe()
        self.declaration = MemoryDeclaration(self.database, DATABASE)
        self.objects = MemoryObjects()
        self.store = MemoryStateStore(self.account)
        self.operations = MemoryPending(self.account)
        self.scratch = MemoryScratch(self.clock, self.database)
        self.experiments = MemoryExperiments(self.account)
        self.dump(NIGHT)

    def dump(self, night: str, data: bytes = b"rows") -> None:
        """A night's dump, with its checksums."""
        folder = f"postgres/{night}/"
        self.objects.put("backups", f"{folder}mlflow.dump", data)
        sums = f"{hashlib.sha256(b'rows').hexdigest()}  mlflow.dump\n"
        self.objects.put("backups", f"{folder}SHA256SUMS", sums.encode())

    def reads(self) -> SiteReads:
        """To look at: whatever is no reading fails the test."""
        parts = self._parts(None)
        return SiteReads(account=self.account, clock=self.clock, **parts)

    def storage(self) -> StorageReads:
        """The buckets alone, to look at."""
        return StorageReads(account=self.account, objects=self.reads().objects)

    def world(self) -> SiteWorld:
        """To change, with the faults that are in force."""
        return SiteWorld(clock=self.clock, **self._parts(self.faults))

    def state_reads(self) -> StateReads:
        """What holds the state, to look at."""
        return cast("StateReads", Part(self.store, "store", StateReads, None))

    def state_world(self) -> StateVerbs:
        """What holds the state, to change."""
        return cast("StateVerbs", Part(self.store, "store", StateReads, self.faults))

    def pending_reads(self) -> PendingReads:
        """A stack's pending operations, to look at."""
        return cast("PendingReads", Part(self.operations, "operations", PendingReads, None))

    def pending_world(self) -> PendingVerbs:
        """A stack's pending operations, to settle."""
        return cast("PendingVerbs", Part(self.operations, "operations", PendingReads, self.faults))

    def drill_reads(self) -> DrillReads:
        """What a drill may look at."""
        part = cast("ScratchReads", Part(self.scratch, "scratch", ScratchReads, None))
        return DrillReads(site=self.reads(), scratch=part)

    def drill_world(self) -> DrillWorld:
        """What a drill may change."""
        part = cast("ScratchVerbs", Part(self.scratch, "scratch", ScratchReads, self.faults))
        return DrillWorld(site=self.reads(), scratch=part)

    def experiment_reads(self) -> ExperimentReads:
        """MLflow's runs, to look at."""
        return cast("ExperimentReads", Part(self.experiments, "experiments", ExperimentReads, None))

    def experiment_world(self) -> ExperimentVerbs:
        """MLflow's runs, to mark."""
        part = Part(self.experiments, "experiments", ExperimentReads, self.faults)
        return cast("ExperimentVerbs", part)

    def state(self) -> dict[str, object]:
        """Everything that a verb could have changed, by part and what it keeps."""
        return {
            f"{name}.{kept}": value
            for name in (*NAMES, "store", "operations", "scratch", "experiments")
            for kept, value in cast("dict[str, object]", vars(getattr(self, name))).items()
            if kept not in UNSEEN
        }

    def _parts(self, faults: Faults | None) -> Any:
        return {name: Part(getattr(self, name), name, NAMES[name], faults) for name in NAMES}


def wanted(**changes: Any) -> Failover:
    """What a failover makes of the region."""
    given: dict[str, Any] = {
        "target": Target(
            stack="dr", account_id=ACCOUNT, region=STANDBY, platform=PLATFORM, holder=STANDBY
        ),
        "lost_region": LOST,
        "database": DATABASE,
        "backup_days": 7,
        "file_system": FILES,
        "pools": {"system-1": 3, "gpu-1": 2},
        "gpu": GpuNeed(quota_code="L-DB2E81BA", vcpus=8),
        "workloads": {MLFLOW: 3, FEAST: 3},
        "models": ("churn",),
        "rpo_seconds": 900.0,
        "rto_seconds": 1800.0,
        "features_seconds": 3600.0,
    }
    return Failover(**{**given, **changes})


def _lapsed() -> Fence:
    return Fence(holder=LOST, epoch=4, lease_until=START - 30)


def replica() -> Instance:
    """The standby's database, before a failover."""
    return Instance(
        identifier=DATABASE,
        arn=f"arn:aws:rds:us-west-2:{ACCOUNT}:db:{DATABASE}",
        status=AVAILABLE,
        endpoint=f"{DATABASE}.rds",
        engine_version="17.6",
        instance_class="db.r5.large",
        storage_gib=100,
        encryption_key="key",
        resource_id="db-FIRST",
        follows=f"arn:aws:rds:us-east-1:{ACCOUNT}:db:{PLATFORM}-mlflow-g1",
    )


def _snapshot() -> Snapshot:
    return Snapshot(name="rds:nightly", status=AVAILABLE, taken_at=START - 36_000, encrypted=True)


def _cluster(clock: MemoryClock) -> MemoryCluster:
    return MemoryCluster(
        clock,
        groups={
            "system-1": NodeGroup(name="system-1", desired=2, largest=6),
            "gpu-1": NodeGroup(name="gpu-1", desired=0, largest=8),
        },
        ready={"system-1": 2},
        workloads={one: Replicas(wanted=0, ready=0) for one in (MLFLOW, FEAST)},
        quotas={"L-DB2E81BA": 64.0},
    )
