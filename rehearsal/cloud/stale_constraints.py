"""Constraints in botocore's models that the services themselves do not hold to.

Each entry names the service, the shape, the kind of constraint and why it is skipped.
Without an entry, the model is believed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stale:
    """A constraint to skip; `detail` None means every value, else this member or value."""

    service: str
    shape: str
    constraint: str
    """`enum`, `pattern`, `min`, `max` or `required`."""
    because: str
    detail: str | None = None


STALE: tuple[Stale, ...] = (
    Stale(
        "efs",
        "KmsKeyId",
        "pattern",
        "moto's multi-region keys have dashes after `mrk-`, which those of KMS have not",
    ),
    Stale(
        "s3",
        "BucketCannedACL",
        "enum",
        "the ACL by which access logs were delivered before bucket policies did it",
        "log-delivery-write",
    ),
)

_BY_KEY: dict[tuple[str, str, str], Stale] = {
    (each.service, each.shape, each.constraint): each for each in STALE
}


def is_stale(service: str, shape: str, detail: str, constraint: str) -> bool:
    """Whether the constraint on `shape` is one that AWS does not enforce."""
    entry = _BY_KEY.get((service, shape, constraint))
    return entry is not None and entry.detail in (None, detail)
