"""The shared file system as runbooks see it."""

from __future__ import annotations

from typing import Protocol


class FileSystemReads(Protocol):
    """Looking at file systems."""

    def replicates(self, file_system_id: str) -> str | None:
        """ID of the file system whose copy this one is; None for one that takes writes.
        Raises Refused where there is none of this ID."""
        ...

    def copied_to(self, file_system_id: str) -> str | None:
        """ID of the file system that is its copy, as far as this region knows."""
        ...

    def takes_copies(self, file_system_id: str) -> bool:
        """Whether a replication may overwrite it, or does."""
        ...

    def copied_at(self, file_system_id: str) -> float | None:
        """Of a copy: all that its source had at that moment is in it, in seconds since 1970; None
        before the first time."""
        ...


class FileSystemVerbs(FileSystemReads, Protocol):
    """Changing file systems."""

    def detach(self, file_system_id: str) -> None:
        """End the replication into it, in this region only, so that it takes writes."""
        ...

    def let_go(self, file_system_id: str) -> None:
        """End the replication from it, in this region only."""
        ...

    def take_copies(self, file_system_id: str) -> None:
        """Allow that a replication overwrites it."""
        ...

    def refuse_copies(self, file_system_id: str) -> None:
        """Protect it against being overwritten by a replication."""
        ...

    def copy_to(self, file_system_id: str, region: str, target_id: str) -> None:
        """Begin to replicate it into a file system of another region, which is overwritten."""
        ...
