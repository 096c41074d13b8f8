"""S3 batch jobs that copy older objects, and images that only one region's registry has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Job:
    """A batch job. `status` in S3's words; `failed`: objects that it could not copy."""

    id: str
    status: str
    objects: int
    failed: int


class BackfillReads(Protocol):
    """Looking at both regions."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        ...

    def jobs(self, region: str, bucket: str) -> Sequence[Job]:
        """Batch jobs that copied objects of the bucket, the newest first, of the last 90 days."""
        ...

    def lone_images(self, region: str, other: str, namespace: str) -> Sequence[str]:
        """Images below the namespace, as `repository@digest`, that only `region` has."""
        ...


class BackfillVerbs(BackfillReads, Protocol):
    """Copying."""

    def copy(self, region: str, bucket: str, role_arn: str, number: int) -> None:
        """Begin the bucket's batch job with this number; once more is the same job."""
        ...
