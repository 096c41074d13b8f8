"""Tags of IAM's things: IAM has tagging operations of their own for every noun."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.resource import Aws
from rehearsal.providers.wire import Props


def retag(aws: Aws, noun: str, key: Mapping[str, str], old: Props, new: Props) -> None:
    """Bring the tags of a `noun` (`role`, `policy`, …), named by `key` as its operations
    want it, from `old` to `new`."""
    put, gone = tags.changes(aws, old, new)
    iam = aws.client("iam")
    if put:
        pairs = [{"Key": name, "Value": value} for name, value in put.items()]
        getattr(iam, f"tag_{noun}")(**key, Tags=pairs)
    if gone:
        getattr(iam, f"untag_{noun}")(**key, TagKeys=gone)
