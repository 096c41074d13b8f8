"""EFS in memory, one region of two: file systems, whose copies they are, and who copies whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from ops.errors import Refused
from tests.ops.memory.clock import MemoryClock

FIRST_COPY_SECONDS = 200.0
BEHIND_SECONDS = 300.0


@dataclass
class MemoryFiles:
    """EFS of one region. Both ends know of a replication, and forget it by themselves."""

    clock: MemoryClock
    sources: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """Whose copy a file system is; None for one that takes writes."""
    deleting: set[str] = field(default_factory=set[str])
    targets: dict[str, str] = field(default_factory=dict[str, str])
    """What is a copy of it, as this end knows."""
    unprotected: set[str] = field(default_factory=set[str])
    began: dict[str, float] = field(default_factory=dict[str, float])
    first_copy: float = FIRST_COPY_SECONDS
    behind: float = BEHIND_SECONDS
    peer: MemoryFiles | None = None

    def replicates(self, file_system_id: str) -> str | None:
        if file_system_id not in self.sources:
            raise Refused(f"FileSystemNotFound: {file_system_id}")
        return self.sources[file_system_id]

    def copied_to(self, file_system_id: str) -> str | None:
        return self.targets.get(file_system_id)

    def takes_copies(self, file_system_id: str) -> bool:
        return file_system_id in self.unprotected

    def copied_at(self, file_system_id: str) -> float | None:
        if self.sources.get(file_system_id) is None:
            return None
        first = self.began.get(file_system_id, 0.0) + self.first_copy
        return self.clock.now() - self.behind if self.clock.now() >= first else None

    def detach(self, file_system_id: str) -> None:
        if self.replicates(file_system_id) is None:
            raise Refused(f"ReplicationNotFound: {file_system_id}")
        if file_system_id in self.deleting:
            return
        self.deleting.add(file_system_id)

        def finish() -> None:
            self.sources[file_system_id] = None
            self.deleting.discard(file_system_id)
            self.unprotected.add(file_system_id)

        self.clock.after(60, finish)

    def let_go(self, file_system_id: str) -> None:
        if file_system_id not in self.targets:
            raise Refused(f"ReplicationNotFound: {file_system_id}")

        def finish() -> None:
            self.targets.pop(file_system_id, None)

        self.clock.after(60, finish)

    def take_copies(self, file_system_id: str) -> None:
        if self.replicates(file_system_id) or file_system_id in self.targets:
            raise Refused(f"ReplicationAlreadyExists: {file_system_id}")
        self.unprotected.add(file_system_id)

    def refuse_copies(self, file_system_id: str) -> None:
        if self.replicates(file_system_id):
            raise Refused(f"ReplicationAlreadyExists: {file_system_id}")
        self.unprotected.discard(file_system_id)

    def copy_to(self, file_system_id: str, region: str, target_id: str) -> None:
        if self.replicates(file_system_id) or file_system_id in self.targets:
            raise Refused(f"ReplicationAlreadyExists: {file_system_id}")
        if self.peer is None or target_id not in self.peer.unprotected:
            raise Refused(f"ConflictException: {target_id} in {region} is protected")
        self.targets[file_system_id] = target_id
        self.peer.sources[target_id] = file_system_id
        self.peer.began[target_id] = self.clock.now()
