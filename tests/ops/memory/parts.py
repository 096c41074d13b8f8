"""The parts of a region in memory. They refuse what AWS refuses, and take time as it does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ops.errors import Refused
from ops.world.cluster import NodeGroup, Outcome, Replicas, Workload
from ops.world.database import AVAILABLE, Instance, Snapshot, Source
from ops.world.fence import Fence
from ops.world.objects import Version
from tests.ops.memory.clock import MemoryClock

SKEW_SECONDS = 5.0


@dataclass
class MemoryFence:
    """The table, shared by both regions."""

    clock: MemoryClock
    record: Fence | None = None

    def current(self) -> Fence | None:
        return self.record

    def take(self, holder: str, after: Fence | None) -> None:
        if after != self.record:
            raise Refused("fence: it was taken by somebody else")
        over = 0.0 if after is None else max(self.clock.now(), after.lease_until) + SKEW_SECONDS
        epoch = 1 if after is None else after.epoch + 1
        self.record = Fence(holder=holder, epoch=epoch, lease_until=0, opens_at=over)


@dataclass
class MemoryDatabases:
    """RDS of one region."""

    clock: MemoryClock
    instances: dict[str, Instance] = field(default_factory=dict[str, Instance])
    taken: dict[str, list[Snapshot]] = field(default_factory=dict[str, list[Snapshot]])
    lag: float | None = 4.0

    def instance(self, identifier: str) -> Instance | None:
        return self.instances.get(identifier)

    def lag_seconds(self, identifier: str) -> float | None:
        found = self.instances.get(identifier)
        return self.lag if found is not None and found.follows else None

    def snapshots(self, identifier: str) -> Sequence[Snapshot]:
        return self.taken.get(identifier, [])

    def promote(self, identifier: str, backup_days: int) -> None:
        found = self._available(identifier)
        if found.follows is None:
            raise Refused(f"InvalidDBInstanceState: {identifier} is not a read replica")
        self._in_between(replace(found, follows=None), "modifying", 300)

    def snapshot(self, identifier: str, name: str) -> None:
        self._available(identifier)
        known = self.taken.setdefault(identifier, [])
        if any(each.name == name for each in known):
            raise Refused(f"DBSnapshotAlreadyExists: {name}")
        made = Snapshot(name=name, status="creating", taken_at=self.clock.now(), encrypted=True)
        known.append(made)

        def finish() -> None:
            known[known.index(made)] = replace(made, status=AVAILABLE)

        self.clock.after(200, finish)

    def restore(self, source: Source, like: str, identifier: str) -> None:
        if identifier in self.instances:
            raise Refused(f"DBInstanceAlreadyExists: {identifier}")
        model = self._available(like)
        made = replace(
            model,
            identifier=identifier,
            resource_id=f"db-{identifier.upper()}",
            restored_from=source.label,
            follows=None,
        )
        self._in_between(made, "creating", 480)

    def rename(self, identifier: str, name: str) -> None:
        found = self._available(identifier)
        if name in self.instances:
            raise Refused(f"DBInstanceAlreadyExists: {name}")
        del self.instances[identifier]
        self._in_between(replace(found, identifier=name), "renaming", 120)

    def _available(self, identifier: str) -> Instance:
        found = self.instances.get(identifier)
        if found is None:
            raise Refused(f"DBInstanceNotFound: {identifier}")
        if found.status != AVAILABLE:
            raise Refused(f"InvalidDBInstanceState: {identifier} is {found.status}")
        return found

    def _in_between(self, then: Instance, status: str, seconds: float) -> None:
        name = then.identifier
        self.instances[name] = replace(then, status=status)

        def finish() -> None:
            self.instances[name] = replace(then, status=AVAILABLE)

        self.clock.after(seconds, finish)


@dataclass
class MemoryFiles:
    """EFS of one region: file systems, and whose copies they are."""

    clock: MemoryClock
    sources: dict[str, str | None] = field(default_factory=dict[str, str | None])
    deleting: set[str] = field(default_factory=set[str])

    def replicates(self, file_system_id: str) -> str | None:
        if file_system_id not in self.sources:
            raise Refused(f"FileSystemNotFound: {file_system_id}")
        return self.sources[file_system_id]

    def detach(self, file_system_id: str) -> None:
        if self.replicates(file_system_id) is None:
            raise Refused(f"ReplicationNotFound: {file_system_id}")
        if file_system_id in self.deleting:
            return
        self.deleting.add(file_system_id)
        self.clock.after(60, lambda: self.sources.update({file_system_id: None}))


@dataclass
class MemoryCluster:
    """Node groups and workloads; pods need nodes, and both take time."""

    clock: MemoryClock
    groups: dict[str, NodeGroup] = field(default_factory=dict[str, NodeGroup])
    ready: dict[str, int] = field(default_factory=dict[str, int])
    workloads: dict[Workload, Replicas] = field(default_factory=dict[Workload, Replicas])
    quotas: dict[str, float] = field(default_factory=dict[str, float])
    jobs: dict[Workload, Outcome] = field(default_factory=dict[Workload, Outcome])
    backups: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    ends_as: Outcome = "succeeded"

    def node_group(self, name: str) -> NodeGroup | None:
        return self.groups.get(name)

    def ready_nodes(self, group: str) -> int:
        return self.ready.get(group, 0)

    def replicas(self, workload: Workload) -> Replicas | None:
        return self.workloads.get(workload)

    def quota_vcpus(self, code: str) -> float:
        return self.quotas.get(code, 0.0)

    def job(self, job: Workload) -> Outcome | None:
        return self.jobs.get(job)

    def backup(self, name: str) -> Outcome | None:
        return self.backups.get(name)

    def start_job(self, cron_job: Workload, name: str) -> None:
        job = Workload(namespace=cron_job.namespace, name=name)
        if job in self.jobs:
            raise Refused(f"AlreadyExists: {job}")
        self.jobs[job] = "running"
        self.clock.after(60, lambda: self.jobs.update({job: self.ends_as}))

    def start_backup(self, schedule: str, name: str) -> None:
        if name in self.backups:
            raise Refused(f"AlreadyExists: {schedule}: {name}")
        self.backups[name] = "running"
        self.clock.after(60, lambda: self.backups.update({name: self.ends_as}))

    def resize(self, group: str, desired: int) -> None:
        found = self.groups[group]
        self.groups[group] = replace(found, desired=desired, largest=max(desired, found.largest))
        self.clock.after(90, lambda: self.ready.update({group: desired}))

    def scale(self, workload: Workload, replicas: int) -> None:
        found = self.workloads[workload]
        self.workloads[workload] = replace(found, wanted=replicas)
        done = Replicas(wanted=replicas, ready=replicas)
        self.clock.after(30, lambda: self.workloads.update({workload: done}))


@dataclass
class MemoryTraffic:
    """The switch of one region and where the names lead."""

    clock: MemoryClock
    primary_alive: bool = False
    published: float | None = None
    schedule: bool = False
    here: bool = False

    def platform_answers(self) -> bool:
        return self.primary_alive or self.here

    def moved(self) -> bool:
        return self.published is not None

    def kept_moved(self) -> bool:
        return self.schedule

    def arrived(self) -> bool:
        return self.here

    def move(self) -> None:
        self.published, self.schedule = self.clock.now(), True
        self.clock.after(120, lambda: setattr(self, "here", True))

    def move_back(self) -> None:
        self.published, self.schedule = None, False
        self.clock.after(120, lambda: setattr(self, "here", False))


@dataclass
class MemoryProbe:
    """Models that are broken, and epochs in which a run was logged."""

    broken: set[str] = field(default_factory=set[str])
    runs: list[int] = field(default_factory=list[int])

    def unready_models(self, names: Sequence[str]) -> Sequence[str]:
        return [name for name in names if name in self.broken]

    def passed(self, epoch: int) -> bool:
        return epoch in self.runs

    def log_run(self, epoch: int) -> None:
        self.runs.append(epoch)


@dataclass
class MemoryDeclaration:
    """The stack file's role and what the state knows."""

    databases: MemoryDatabases
    database: str
    role: str = "standby"
    source: str | None = "source"
    deployed: str = "standby"
    adopted: str = "db-FIRST"

    def known_database(self) -> str | None:
        return self.adopted

    def adopt_database(self, resource_id: str) -> None:
        self.adopted = resource_id

    def declared_role(self) -> str:
        return self.role

    def deployed_role(self) -> str:
        return self.deployed

    def known_source(self) -> str | None:
        return self.source

    def declare_primary(self) -> None:
        self.role = "primary"

    def refresh(self) -> None:
        found = self.databases.instance(self.database)
        self.source = found.follows if found else None

    def deploy(self) -> None:
        if self.source is not None:
            raise Refused("the engine would replace the database")
        self.deployed = self.role


@dataclass
class MemoryObjects:
    """Buckets: every object's versions, the newest last; None is a deletion."""

    content: dict[tuple[str, str], list[bytes | None]] = field(
        default_factory=dict[tuple[str, str], "list[bytes | None]"]
    )

    def put(self, bucket: str, key: str, data: bytes | None) -> None:
        """For tests: a new version."""
        self.content.setdefault((bucket, key), []).append(data)

    def keys(self, bucket: str, prefix: str) -> Sequence[str]:
        return self._latest(bucket, prefix, deleted=False)

    def deleted_keys(self, bucket: str, prefix: str) -> Sequence[str]:
        return self._latest(bucket, prefix, deleted=True)

    def versions(self, bucket: str, key: str) -> Sequence[Version]:
        kept = self.content.get((bucket, key), [])
        numbered = [
            Version(
                id=f"v{place}",
                written_at=float(place),
                deleted=data is None,
                latest=place == len(kept) - 1,
            )
            for place, data in enumerate(kept)
        ]
        return numbered[::-1]

    def text(self, bucket: str, key: str) -> str:
        return self._data(bucket, key).decode()

    def sha256(self, bucket: str, key: str, version: str | None = None) -> str:
        if version is None:
            return hashlib.sha256(self._data(bucket, key)).hexdigest()
        kept = self.content[bucket, key][int(version.removeprefix("v"))]
        return hashlib.sha256(kept or b"").hexdigest()

    def stored_sha256(self, bucket: str, key: str) -> str | None:
        return self.sha256(bucket, key)

    def bring_back(self, bucket: str, key: str, version: str) -> None:
        kept = self.content[bucket, key]
        kept.append(kept[int(version.removeprefix("v"))])

    def _data(self, bucket: str, key: str) -> bytes:
        kept = self.content.get((bucket, key)) or [None]
        if kept[-1] is None:
            raise Refused(f"NoSuchKey: s3://{bucket}/{key}")
        return kept[-1]

    def _latest(self, bucket: str, prefix: str, *, deleted: bool) -> list[str]:
        return sorted(
            key
            for (held, key), kept in self.content.items()
            if held == bucket and key.startswith(prefix) and (kept[-1] is None) == deleted
        )
