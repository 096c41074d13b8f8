"""The shared file system as runbooks see it."""

from __future__ import annotations

from typing import Protocol


class FileSystemReads(Protocol):
    """Looking at file systems."""

    def replicates(self, file_system_id: str) -> str | None:
        """ID of the file system whose copy this one is; None for one that takes writes.
        Raises Refused where there is none of this ID."""
        ...


class FileSystemVerbs(FileSystemReads, Protocol):
    """Changing file systems."""

    def detach(self, file_system_id: str) -> None:
        """End the replication into it, in this region only, so that it takes writes."""
        ...
