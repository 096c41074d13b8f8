"""Objects of a bucket, with their versions and checksums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of an object, or the marker of its deletion. `written_at`: seconds since 1970."""

    id: str
    written_at: float
    deleted: bool
    latest: bool


class ObjectReads(Protocol):
    """Looking at objects."""

    def keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """Keys below `prefix`, in order."""
        ...

    def deleted_keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """Keys below `prefix` whose latest version is a deletion, in order."""
        ...

    def versions(self, bucket: str, key: str) -> Sequence[Version]:
        """Versions of one object, the newest first."""
        ...

    def text(self, bucket: str, key: str) -> str:
        """The content, as text. Raises Refused where there is none."""
        ...

    def sha256(self, bucket: str, key: str, version: str | None = None) -> str:
        """Hexadecimal digest of the content, which is read for it; of the latest version by
        default. Raises Refused without it."""
        ...

    def stored_sha256(self, bucket: str, key: str) -> str | None:
        """Hexadecimal digest that S3 keeps of the whole object, or None where it keeps none.
        Raises Refused without an object."""
        ...

    def backlog(self, source: str, bucket: str) -> float | None:
        """Operations on the bucket `source`, of another region, that were not copied to this
        `bucket` yet, as last measured within some minutes; None unmeasured."""
        ...


class ObjectVerbs(ObjectReads, Protocol):
    """Changing objects."""

    def bring_back(self, bucket: str, key: str, version: str) -> None:
        """Make an older version the latest: a copy of it on top, so that nothing is removed."""
        ...
