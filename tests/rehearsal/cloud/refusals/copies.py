"""Examples of refusals in S3 replication."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import KEY, Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
ROLE = "arn:aws:iam::123456789012:role/copies"
ON_TIME = {"Status": "Enabled", "Time": {"Minutes": 15}}
COUNTED = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
BY_KEY = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}


def buckets(a: Account, **more: Any) -> None:
    """`models` here and `models-copy` there, both with versions."""
    a.bucket("models", **more)
    there = a.there("us-west-2")
    place = {"CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}
    there.bucket("models-copy", **place, **more)
    for one, name in ((a, "models"), (there, "models-copy")):
        enabled(one, name)


def enabled(a: Account, name: str) -> None:
    a.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def rule(target: str = "models-copy", **more: Any) -> dict[str, Any]:
    """A rule for everything; `more` goes into its destination."""
    return {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{target}", **more},
    }


def put(*rules: dict[str, Any]) -> dict[str, Any]:
    """Parameters of PutBucketReplication."""
    return {
        "Bucket": "models",
        "ReplicationConfiguration": {"Role": ROLE, "Rules": list(rules)},
    }


@EXAMPLES.of("a replicated bucket keeps versions")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    a.bucket("models-copy")
    enabled(a, "models-copy")
    refused(a.s3.put_bucket_replication, **put(rule()))
    enabled(a, "models")
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("a replica's bucket exists")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    refused(a.s3.put_bucket_replication, **put(rule("nowhere")))
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("a replica's bucket keeps versions")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    enabled(a, "models")
    a.bucket("models-copy")
    refused(a.s3.put_bucket_replication, **put(rule()))
    enabled(a, "models-copy")
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("a bucket is not its own replica")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    refused(a.s3.put_bucket_replication, **put(rule("models")))
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("a locked bucket's replica is locked")
def _(a: Account, refused: Refused) -> None:
    buckets(a, ObjectLockEnabledForBucket=True)
    a.bucket("unlocked")
    enabled(a, "unlocked")
    refused(a.s3.put_bucket_replication, **put(rule("unlocked")))
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("replication in time comes with metrics")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    refused(a.s3.put_bucket_replication, **put(rule(ReplicationTime=ON_TIME)))
    a.s3.put_bucket_replication(**put(rule(ReplicationTime=ON_TIME, Metrics=COUNTED)))


@EXAMPLES.of("replication in time is 15 minutes")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    soon = {"Status": "Enabled", "Time": {"Minutes": 5}}
    refused(a.s3.put_bucket_replication, **put(rule(ReplicationTime=soon, Metrics=COUNTED)))
    a.s3.put_bucket_replication(**put(rule(ReplicationTime=ON_TIME, Metrics=COUNTED)))


@EXAMPLES.of("encrypted objects are selected and keyed together")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    keyed = rule(EncryptionConfiguration={"ReplicaKmsKeyID": KEY})
    refused(a.s3.put_bucket_replication, **put(keyed))
    refused(a.s3.put_bucket_replication, **put({**rule(), "SourceSelectionCriteria": BY_KEY}))
    a.s3.put_bucket_replication(**put({**keyed, "SourceSelectionCriteria": BY_KEY}))


@EXAMPLES.of("a filtered rule says what of delete markers")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    silent = {key: value for key, value in rule().items() if key != "DeleteMarkerReplication"}
    refused(a.s3.put_bucket_replication, **put(silent))
    a.s3.put_bucket_replication(**put(rule()))


@EXAMPLES.of("replication rules have priorities of their own")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    refused(a.s3.put_bucket_replication, **put(rule(), rule()))
    a.s3.put_bucket_replication(**put(rule(), {**rule(), "Priority": 2}))


BATCH = "batchoperations.s3.amazonaws.com"


def job(a: Account, role: str, bucket: str = "models", **changes: Any) -> dict[str, Any]:
    """A job over everything in the bucket that was never copied."""
    generator = {
        "SourceBucket": f"arn:aws:s3:::{bucket}",
        "EnableManifestOutput": False,
        "Filter": {"EligibleForReplication": True},
    }
    made: dict[str, Any] = {
        "AccountId": "123456789012",
        "ConfirmationRequired": False,
        "Operation": {"S3ReplicateObject": {}},
        "Report": {"Enabled": False},
        "ClientRequestToken": f"{role}-{bucket}"[-64:],
        "ManifestGenerator": {"S3JobManifestGenerator": generator},
        "Priority": 10,
        "RoleArn": role,
    }
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


@EXAMPLES.of("a batch job's role exists and trusts batch operations")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    refused(a.s3control.create_job, **job(a, "arn:aws:iam::123456789012:role/ghost"))
    refused(a.s3control.create_job, **job(a, a.role("nodes")))
    a.s3control.create_job(**job(a, a.role("batch", BATCH)))


@EXAMPLES.of("a batch job has one manifest, given or generated")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    role = a.role("batch", BATCH)
    refused(a.s3control.create_job, **job(a, role, ManifestGenerator=None))
    a.s3control.create_job(**job(a, role))


@EXAMPLES.of("the bucket of a generated manifest exists")
def _(a: Account, refused: Refused) -> None:
    buckets(a)
    role = a.role("batch", BATCH)
    refused(a.s3control.create_job, **job(a, role, "ghost"))
    a.s3control.create_job(**job(a, role))
