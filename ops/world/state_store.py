"""Where the state of all stacks lives: a bucket in the region that one flees to, its key, and a
copy in the other region. What holds the state cannot be in it, so a runbook makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Place:
    """A bucket in a region."""

    region: str
    bucket: str


@dataclass(frozen=True, kw_only=True)
class BucketFacts:
    """How a bucket is kept."""

    versioned: bool
    private: bool
    """No public access, whatever a policy says."""
    key: str | None
    """ARN of the key that it encrypts with by default; None for another kind of encryption."""
    tls_only: bool

    def safe(self, key: str) -> bool:
        """Whether it may hold the state, under that key."""
        return self.versioned and self.private and self.tls_only and self.key == key


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """A multi-region key in one of its regions."""

    arn: str
    rotates: bool


class StateReads(Protocol):
    """Looking at what holds the state."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        ...

    def key(self, region: str) -> KeyFacts | None:
        """The key behind the alias in the region, or None."""
        ...

    def bucket(self, place: Place) -> BucketFacts | None:
        """The bucket, or None. Raises Refused where it is another account's."""
        ...

    def role(self) -> str | None:
        """ARN of the role that copies, once it may; or None."""
        ...

    def copied_to(self, place: Place) -> str | None:
        """Bucket that the bucket's stacks are copied to, or None."""
        ...


class StateVerbs(StateReads, Protocol):
    """Making what holds the state. Each verb finds what it already made."""

    def make_key(self, region: str) -> None:
        """A multi-region key that rotates, under its alias."""
        ...

    def copy_key(self, source: str, region: str) -> None:
        """The same key in another region, under the same alias."""
        ...

    def make_bucket(self, place: Place) -> None:
        """An empty bucket."""
        ...

    def secure(self, place: Place, key: str) -> None:
        """Versions, no public access, encryption by the key, TLS alone."""
        ...

    def make_role(self, source: Place, source_key: str, copy: Place, copy_key: str) -> None:
        """The role that copies, which can do nothing else."""
        ...

    def copy(self, source: Place, copy: Place, role: str, key: str) -> None:
        """Copy what is written from now on; locks are left out: they are about one moment."""
        ...
