"""Buckets among the subjects of a stack, with what is said of them inline or by a sibling."""

from __future__ import annotations

from collections.abc import Iterator

from policies.balancers import BALANCERS, is_application
from policies.properties import Properties
from policies.subject import Stack, Subject

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
LOGGING = "aws:s3/bucketLogging:BucketLogging"


def sibling(name: str) -> str:
    """Type of a sibling: `Versioning` → `aws:s3/bucketVersioning:BucketVersioning`."""
    return f"aws:s3/bucket{name}:Bucket{name}"


def siblings(one: Subject, stack: Stack, name: str) -> Iterator[Properties]:
    """Properties of what says `name` of the bucket."""
    return (each.properties for each in stack.referring(one, "bucket", sibling(name)))


def takes_delivered_logs(one: Subject, stack: Stack) -> bool:
    """Whether AWS delivers access logs into it, of buckets or of application load balancers:
    that takes neither a customer key nor an object lock.
    Source: S3 user guide, enabling server access logging; ELB user guide, access logs."""
    if any(True for _ in stack.referring(one, "targetBucket", LOGGING)):
        return True
    return any(
        is_application(each) for each in stack.referring(one, "accessLogs.bucket", *BALANCERS)
    )
