"""What drills make, in memory: their own instances, beside the region's, which they only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ops.errors import Refused
from ops.world.database import AVAILABLE, Instance
from tests.ops.memory.clock import MemoryClock
from tests.ops.memory.databases import REPLICA_SECONDS, MemoryDatabases

PROMOTION_SECONDS = 400.0


@dataclass
class MemoryScratch:
    """Instances with a drill's tag, and names of drills that ended."""

    clock: MemoryClock
    databases: MemoryDatabases
    made: dict[str, Instance] = field(default_factory=dict[str, Instance])
    notes: list[str] = field(default_factory=list[str])
    missing: int = 0
    """Bytes of the standby's log that a new replica never gets."""

    def drilled(self) -> Sequence[str]:
        return sorted(self.made)

    def found(self, identifier: str) -> Instance | None:
        if identifier in self.databases.instances:
            raise Refused(f"{identifier}: no drill's")
        return self.made.get(identifier)

    def written(self, identifier: str) -> int | None:
        return 1 if self.made[identifier].writable else None

    def replayed(self, identifier: str) -> int | None:
        found = self.made[identifier]
        standby = next(each for each in self.databases.instances.values() if each.follows)
        has = self.databases.replayed(standby.identifier) or 0
        return has - self.missing if found.follows else None

    def finished(self, drill: str) -> bool:
        return drill in self.notes

    def copy(self, source: str, like: str, identifier: str) -> None:
        if identifier in self.made or identifier in self.databases.instances:
            raise Refused(f"DBInstanceAlreadyExists: {identifier}")
        model = self.databases.instances[like]
        then = replace(model, identifier=identifier, resource_id="db-DRILL", follows=source)
        self._in_between(then, "creating", REPLICA_SECONDS)

    def promote(self, identifier: str, backup_days: int) -> None:
        found = self._available(identifier)
        if found.follows is None:
            raise Refused(f"InvalidDBInstanceState: {identifier} is not a read replica")
        self._in_between(replace(found, follows=None), "modifying", PROMOTION_SECONDS)

    def remove(self, identifier: str) -> None:
        found = self._available(identifier)
        self.made[identifier] = replace(found, status="deleting")
        self.clock.after(300, lambda: self._forget(identifier))

    def finish(self, drill: str) -> None:
        self.notes.append(drill)

    def _forget(self, identifier: str) -> None:
        del self.made[identifier]

    def _available(self, identifier: str) -> Instance:
        found = self.made[identifier]
        if found.status != AVAILABLE:
            raise Refused(f"InvalidDBInstanceState: {identifier} is {found.status}")
        return found

    def _in_between(self, then: Instance, status: str, seconds: float) -> None:
        self.made[then.identifier] = replace(then, status=status)

        def done() -> None:
            self.made[then.identifier] = replace(then, status=AVAILABLE)

        self.clock.after(seconds, done)
