"""RDS in memory, one region of two: instances, snapshots, and the rows of a replicated table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ops.errors import Refused
from ops.world.database import AVAILABLE, Instance, Lag, Snapshot, Source
from tests.ops.memory.clock import MemoryClock
from tests.ops.memory.rows import Rows

REPLICA_SECONDS = 1_300.0


@dataclass
class MemoryDatabases:
    """RDS of one region."""

    clock: MemoryClock
    instances: dict[str, Instance] = field(default_factory=dict[str, Instance])
    taken: dict[str, list[Snapshot]] = field(default_factory=dict[str, list[Snapshot]])
    behind: float | None = 4.0
    """Seconds; None where nothing measures it."""
    measured_ago: float = 0.0
    rows: Rows = field(default_factory=Rows)
    """Shared by both regions, as the primaries of replicas are."""
    peer: MemoryDatabases | None = None
    """The other region's."""

    def instance(self, identifier: str) -> Instance | None:
        return self.instances.get(identifier)

    def lag(self, identifier: str) -> Lag | None:
        found = self.instances.get(identifier)
        measured = found is not None and found.follows and self.behind is not None
        lag = Lag(seconds=self.behind or 0.0, age=self.measured_ago)
        return lag if measured else None

    def snapshots(self, identifier: str) -> Sequence[Snapshot]:
        return self.taken.get(identifier, [])

    def written(self, identifier: str) -> int | None:
        found = self.instances.get(identifier)
        return len(self.rows.of(found.resource_id)) if found and found.writable else None

    def replayed(self, identifier: str) -> int | None:
        found = self.instances.get(identifier)
        if found is None or found.follows is None or found.status != AVAILABLE:
            return None
        return len(self.seen(found))

    def seen(self, instance: Instance) -> list[str]:
        """Rows in an instance now: a replica has those that are older than its lag."""
        return self.rows.of(instance.resource_id, self.clock.now() - (self.behind or 0.0))

    def promote(self, identifier: str, backup_days: int) -> None:
        found = self._available(identifier)
        if found.follows is None:
            raise Refused(f"InvalidDBInstanceState: {identifier} is not a read replica")
        self.rows.cut(found.resource_id, self.clock.now() - (self.behind or 0.0))
        self._in_between(replace(found, follows=None), "modifying", 300)
        nightly = Snapshot(
            name=f"rds:{found.resource_id}",
            status=AVAILABLE,
            taken_at=self.clock.now(),
            encrypted=True,
        )
        self.taken.setdefault(identifier, []).append(nightly)

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

    def discard(self, snapshot: str) -> None:
        for known in self.taken.values():
            known[:] = [each for each in known if each.name != snapshot]

    def restore(self, source: Source, like: str, identifier: str) -> None:
        model = self._free(identifier, like)
        made = replace(
            model,
            identifier=identifier,
            resource_id=f"db-{identifier.upper()}",
            restored_from=source.label,
            follows=None,
        )
        self._in_between(made, "creating", 480)

    def replicate(self, source: str, like: str, identifier: str) -> None:
        model = self._free(identifier, like)
        origin = self._of_peer(source)
        made = replace(
            model,
            identifier=identifier,
            arn=f"{model.arn.rpartition(':')[0]}:{identifier}",
            resource_id=self.rows.replica_of(origin.resource_id),
            restored_from=None,
            follows=source,
        )
        self._in_between(made, "creating", REPLICA_SECONDS)

    def rename(self, identifier: str, name: str) -> None:
        found = self._available(identifier)
        if name in self.instances:
            raise Refused(f"DBInstanceAlreadyExists: {name}")
        del self.instances[identifier]
        arn = f"{found.arn.rpartition(':')[0]}:{name}"
        self._in_between(replace(found, identifier=name, arn=arn), "renaming", 120)

    def retire(self, identifier: str, snapshot: str) -> None:
        found = self._available(identifier)
        if any(each.name == snapshot for taken in self.taken.values() for each in taken):
            raise Refused(f"DBSnapshotAlreadyExists: {snapshot}")
        self.instances[identifier] = replace(found, status="deleting")
        last = Snapshot(name=snapshot, status=AVAILABLE, taken_at=self.clock.now(), encrypted=True)
        self.taken.setdefault(identifier, []).append(last)

        def finish() -> None:
            del self.instances[identifier]

        self.clock.after(300, finish)

    def _free(self, identifier: str, like: str) -> Instance:
        if identifier in self.instances:
            raise Refused(f"DBInstanceAlreadyExists: {identifier}")
        return self._available(like)

    def _of_peer(self, arn: str) -> Instance:
        known = self.peer.instances.values() if self.peer else ()
        for each in known:
            if each.arn == arn and each.writable:
                return each
        raise Refused(f"DBInstanceNotFound: {arn}")

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
