"""Rows that databases hold, by RDS's lasting ID of the instance, and whose log a replica reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Rows:
    """Of both regions."""

    committed: dict[str, list[tuple[float, str]]] = field(
        default_factory=dict[str, "list[tuple[float, str]]"]
    )
    """When each row was committed, and what it is."""
    sources: dict[str, str] = field(default_factory=dict[str, str])

    def commit(self, instance: str, at: float, row: str) -> None:
        """A row, which is on the primary's disk from then on."""
        self.committed.setdefault(instance, []).append((at, row))

    def replica_of(self, source: str) -> str:
        """The ID of a new replica, which has everything that its source had when it began."""
        made = f"db-REPLICA-{len(self.sources) + 1}"
        self.sources[made] = source
        return made

    def of(self, instance: str, until: float | None = None) -> list[str]:
        """Rows in the instance; of a replica those that were committed until then."""
        if self.sources.get(instance):
            rows = self.committed.get(self.sources[instance], [])
            return [row for at, row in rows if until is None or at <= until]
        return [row for _, row in self.committed.get(instance, [])]

    def cut(self, instance: str, until: float) -> None:
        """The replica goes its own way, with what it has replayed until then."""
        rows = self.committed.get(self.sources.get(instance, ""), [])
        self.committed[instance] = [each for each in rows if each[0] <= until]
        self.sources[instance] = ""
