"""PostgreSQL as runbooks see it: instances, snapshots and the name that clients use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

AVAILABLE = "available"
FAILED = "failed"
"""Of a snapshot that holds nothing, and never will."""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance of this region."""

    identifier: str
    arn: str
    status: str
    endpoint: str
    engine_version: str
    instance_class: str
    storage_gib: int
    encryption_key: str
    resource_id: str = ""
    """What RDS calls it for good: a new identifier does not change it."""
    restored_from: str | None = None
    """The label of the source that it was restored from by a runbook; None for all others."""
    follows: str | None = None
    """ARN or name of the instance that it replicates; None for one that takes writes."""

    @property
    def writable(self) -> bool:
        """Whether it takes writes now."""
        return self.follows is None and self.status == AVAILABLE


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A snapshot of an instance. `taken_at`: seconds since 1970."""

    name: str
    status: str
    taken_at: float
    encrypted: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """What an instance is restored from: a snapshot, or a moment of another instance."""

    snapshot: str | None = None
    moment: float | None = None
    """Seconds since 1970; of the instance that the restored one is to be like, by default."""

    @property
    def label(self) -> str:
        """The source in a word, as the restored instance carries it."""
        return self.snapshot or f"moment-{self.moment or 0:.0f}"


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How far a replica was behind when it was last measured."""

    seconds: float
    age: float = 0.0
    """Seconds that passed since then, at most."""


class DatabaseReads(Protocol):
    """Looking at databases."""

    def instance(self, identifier: str) -> Instance | None:
        """The instance, or None."""
        ...

    def lag(self, identifier: str) -> Lag | None:
        """How far a replica is behind, as last measured within some minutes; None unmeasured."""
        ...

    def snapshots(self, identifier: str) -> Sequence[Snapshot]:
        """Snapshots of the instance, oldest first."""
        ...

    def written(self, identifier: str) -> int | None:
        """How far a primary has written its log, in bytes; None where it does not tell."""
        ...

    def replayed(self, identifier: str) -> int | None:
        """How far a replica has replayed its source's log, in the source's bytes; None where it
        does not tell, and for one that follows nobody."""
        ...


class DatabaseVerbs(DatabaseReads, Protocol):
    """Changing databases."""

    def promote(self, identifier: str, backup_days: int) -> None:
        """Make a replica take writes, for good."""
        ...

    def snapshot(self, identifier: str, name: str) -> None:
        """Begin a snapshot."""
        ...

    def discard(self, snapshot: str) -> None:
        """Delete a snapshot that somebody asked for; RDS deletes its own by itself."""
        ...

    def restore(self, source: Source, like: str, identifier: str) -> None:
        """Begin an instance `identifier` from `source`, with the network, class, parameters and
        protection of the instance `like`; it carries the source's label."""
        ...

    def replicate(self, source: str, like: str, identifier: str) -> None:
        """Begin a replica `identifier` of the instance with the ARN `source`, in another region,
        with the network, class, parameters, key and protection of the instance `like`."""
        ...

    def retire(self, identifier: str, snapshot: str) -> None:
        """Begin to delete an instance, whatever protects it, with `snapshot` as its last."""
        ...

    def rename(self, identifier: str, name: str) -> None:
        """Begin to give an instance another identifier, and so its endpoint another name. Every
        connection ends."""
        ...
