"""The parts of a region in memory. They refuse what AWS refuses, and take time as it does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ops.errors import Refused
from ops.world.cluster import NodeGroup, Outcome, Replicas, Workload
from ops.world.fence import Fence
from ops.world.objects import Version
from tests.ops.memory.clock import MemoryClock
from tests.ops.memory.databases import MemoryDatabases

SKEW_SECONDS = 5.0


CLOSING_SECONDS = 3.0
"""From a take until the agents of the side before have closed its database and said so."""
LEASE_SECONDS = 30.0


@dataclass
class MemoryFence:
    """The table, shared by both regions, and the lease agents of those in `alive`."""

    clock: MemoryClock
    record: Fence | None = None
    alive: set[str] = field(default_factory=set[str])
    on_take: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """What happens at the very moment of a take, while the side before is still open."""
    closing: str = ""

    def current(self) -> Fence | None:
        found = self.record
        if found is None or found.holder not in self.alive or self.clock.now() < found.opens_at:
            return found
        return replace(found, lease_until=self.clock.now() + LEASE_SECONDS)

    def take(self, holder: str, after: Fence | None) -> None:
        now = self.current()
        if (after and (after.epoch, after.holder)) != (now and (now.epoch, now.holder)):
            raise Refused("fence: it was taken by somebody else")
        until = 0.0 if now is None else max(self.clock.now(), now.lease_until)
        self.record = Fence(
            holder=holder,
            epoch=1 if now is None else now.epoch + 1,
            lease_until=0,
            opens_at=until + SKEW_SECONDS if now else 0.0,
            previous_until=until,
        )
        if now is not None and now.holder in self.alive:
            self.closing = now.holder
            self.clock.after(CLOSING_SECONDS, self.declare)
        for happens in self.on_take:
            happens()

    def declare(self) -> None:
        """The side before says that it is closed."""
        self.closing = ""
        if self.record is not None:
            self.record = replace(self.record, opens_at=0.0)

    def admits(self, region: str) -> bool:
        """Whether the agents of the region have its database open."""
        found = self.record
        if found is None or region not in self.alive:
            return False
        ours = found.holder == region and self.clock.now() >= found.opens_at
        return ours or self.closing == region


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
    switch_of: MemoryTraffic | None = None
    """In the primary's region: the standby's switch, which turns the names here too."""

    def platform_answers(self) -> bool:
        return self.primary_alive or self.here

    def moved(self) -> bool:
        return self.published is not None

    def kept_moved(self) -> bool:
        return self.schedule

    def arrived(self) -> bool:
        return self.here if self.switch_of is None else not self.switch_of.here

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
    last: str = "up"

    def deployed_last(self) -> bool:
        return self.last == "up"

    def known_database(self) -> str | None:
        return self.adopted

    def adopt_database(self, resource_id: str) -> None:
        self.adopted = resource_id
        self.refresh()

    def declared_role(self) -> str:
        return self.role

    def deployed_role(self) -> str:
        return self.deployed

    def known_source(self) -> str | None:
        return self.source

    def declare_primary(self) -> None:
        self.role = "primary"

    def declare_standby(self) -> None:
        self.role = "standby"

    def refresh(self) -> None:
        self.last = "refresh"
        found = self.databases.instance(self.database)
        self.source = found.follows if found else None

    def deploy(self) -> None:
        if (self.source is None) != (self.role == "primary"):
            raise Refused("the engine would replace the database")
        self.deployed, self.last = self.role, "up"


@dataclass
class MemoryObjects:
    """Buckets: every object's versions, the newest last; None is a deletion."""

    content: dict[tuple[str, str], list[bytes | None]] = field(
        default_factory=dict[tuple[str, str], "list[bytes | None]"]
    )
    waiting: dict[str, float] = field(default_factory=dict[str, float])
    """Operations that are not copied yet, by the bucket that they are copied to."""

    def backlog(self, source: str, bucket: str) -> float | None:
        return self.waiting.get(bucket)

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
