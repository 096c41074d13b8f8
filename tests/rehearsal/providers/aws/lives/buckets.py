"""Lives of S3 buckets and everything that is set on them."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

BUCKET = ("aws:s3/bucket:Bucket", {"bucket": "models-123456789012"})
LOCKED = (BUCKET[0], {"bucket": "backups-123456789012", "objectLockEnabled": True})
LOGS = (BUCKET[0], {"bucket": "access-logs-123456789012"})
NAME = "models-123456789012"
SHUT = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)
KMS_RULE = {
    "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "{key}"},
    "bucketKeyEnabled": True,
}
ARCHIVE = {
    "id": "archive",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "transitions": [
        {"days": 90, "storageClass": "STANDARD_IA"},
        {"days": 180, "storageClass": "GLACIER_IR"},
    ],
    "noncurrentVersionExpiration": {"noncurrentDays": 30},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
}
SCRATCH = {
    "id": "scratch",
    "status": "Enabled",
    "filter": {"and": {"prefix": "tmp/", "tags": {"Kind": "scratch"}}},
    "expiration": {"days": 7},
}
UPLOADS = {
    "id": "uploads",
    "queueArn": "{before.queue.arn}",
    "events": ["s3:ObjectCreated:*"],
    "filterPrefix": "incoming/",
    "filterSuffix": ".onnx",
}


COPY = ("aws:s3/bucket:Bucket", {"bucket": "models-copy-123456789012"})
VERSIONED = "aws:s3/bucketVersioning:BucketVersioning"


def versioned(bucket: str) -> tuple[str, dict[str, Any]]:
    """Versions for one of the buckets made before."""
    kept = {"bucket": f"{{before.{bucket}.id}}", "versioningConfiguration": {"status": "Enabled"}}
    return VERSIONED, kept


def copied(markers: str) -> list[dict[str, Any]]:
    """Replication of everything, in time and under a key."""
    return [
        {
            "id": "everything",
            "priority": 1,
            "status": "Enabled",
            "filter": {"prefix": ""},
            "deleteMarkerReplication": {"status": markers},
            "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
            "destination": {
                "bucket": "{before.copy.arn}",
                "encryptionConfiguration": {"replicaKmsKeyId": "{key}"},
                "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
                "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
            },
        }
    ]


def _markers(account: Account, bucket: str) -> Any:
    found = account("s3").get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    return [rule["DeleteMarkerReplication"]["Status"] for rule in found["Rules"]]


def tls_only(effect: str = "Deny") -> str:
    """A bucket policy about requests without TLS."""
    statement = {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _rules(account: Account, bucket: str) -> Any:
    found = account("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return [rule["ID"] for rule in found]


def _lock(account: Account, bucket: str) -> Any:
    found = account("s3").get_object_lock_configuration(Bucket=bucket)
    retention = found["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    return [retention["Mode"], retention["Days"]]


LIVES = (
    Life(
        token="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        before={
            "bucket": BUCKET,
            "copy": COPY,
            "versions": versioned("bucket"),
            "copy_versions": versioned("copy"),
        },
        props={"bucket": "{before.bucket.id}", "role": "{role}", "rules": copied("Enabled")},
        change={"rules": copied("Disabled")},
        look=_markers,
        shows=["Disabled"],
        meddle=lambda account, name: account("s3").delete_bucket_replication(Bucket=name),
    ),
    Life(
        token=BUCKET[0],
        props={**BUCKET[1], "forceDestroy": True, "tags": {"Name": "models"}},
        change={"tags": {"Name": "all", "team": "ml"}},
        look=lambda account, name: account("s3").get_bucket_tagging(Bucket=name)["TagSet"],
        shows=[{"Key": "Name", "Value": "all"}, {"Key": "team", "Value": "ml"}],
        meddle=lambda account, name: account("s3").delete_bucket_tagging(Bucket=name),
    ),
    Life(
        token="aws:s3/bucketVersioning:BucketVersioning",
        before={"bucket": BUCKET},
        props={"bucket": "{before.bucket.id}", "versioningConfiguration": {"status": "Enabled"}},
        change={"versioningConfiguration": {"status": "Suspended"}},
        look=lambda account, name: account("s3").get_bucket_versioning(Bucket=name)["Status"],
        shows="Suspended",
        meddle=lambda account, name: account("s3").put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Enabled"}
        ),
        stays=True,
    ),
    Life(
        token=(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        ),
        before={"bucket": BUCKET},
        props={"bucket": "{before.bucket.id}", "rules": [KMS_RULE]},
        change={"rules": [{**KMS_RULE, "bucketKeyEnabled": False}]},
        look=lambda account, name: account("s3").get_bucket_encryption(Bucket=name)[
            "ServerSideEncryptionConfiguration"
        ]["Rules"][0]["BucketKeyEnabled"],
        shows=False,
        meddle=lambda account, name: account("s3").put_bucket_encryption(
            Bucket=name,
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        ),
    ),
    Life(
        token="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        before={"bucket": BUCKET},
        props={
            "bucket": "{before.bucket.id}",
            "rule": {"objectOwnership": "BucketOwnerPreferred"},
        },
        change={"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        look=lambda account, name: account("s3").get_bucket_ownership_controls(Bucket=name)[
            "OwnershipControls"
        ]["Rules"],
        shows=[{"ObjectOwnership": "BucketOwnerEnforced"}],
        meddle=lambda account, name: account("s3").put_bucket_ownership_controls(
            Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
    ),
    Life(
        token="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        before={"bucket": BUCKET},
        props={"bucket": "{before.bucket.id}", **SHUT, "blockPublicAcls": False},
        change={"blockPublicAcls": True},
        look=lambda account, name: account("s3").get_public_access_block(Bucket=name)[
            "PublicAccessBlockConfiguration"
        ]["BlockPublicAcls"],
        shows=True,
        meddle=lambda account, name: account("s3").delete_public_access_block(Bucket=name),
    ),
    Life(
        token="aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        props={**SHUT, "blockPublicAcls": False},
        change={"blockPublicAcls": True},
        look=lambda account, id_: account("s3control").get_public_access_block(AccountId=id_)[
            "PublicAccessBlockConfiguration"
        ]["BlockPublicAcls"],
        shows=True,
        meddle=lambda account, id_: account("s3control").put_public_access_block(
            AccountId=id_, PublicAccessBlockConfiguration={"BlockPublicAcls": False}
        ),
    ),
    Life(
        token="aws:s3/bucketPolicy:BucketPolicy",
        before={"bucket": BUCKET},
        props={"bucket": "{before.bucket.id}", "policy": tls_only()},
        change={"policy": tls_only("Allow")},
        look=lambda account, name: account("s3").get_bucket_policy(Bucket=name)["Policy"],
        shows=tls_only("Allow"),
        meddle=lambda account, name: account("s3").delete_bucket_policy(Bucket=name),
    ),
    Life(
        token="aws:s3/bucketLogging:BucketLogging",
        before={
            "bucket": BUCKET,
            "logs": LOGS,
            "policy": (
                "aws:s3/bucketPolicy:BucketPolicy",
                {
                    "bucket": "{before.logs.id}",
                    "policy": json.dumps(
                        {
                            "Version": "2012-10-17",
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Principal": {"Service": "logging.s3.amazonaws.com"},
                                    "Action": "s3:PutObject",
                                    "Resource": "arn:aws:s3:::access-logs-123456789012/*",
                                }
                            ],
                        }
                    ),
                },
            ),
        },
        props={
            "bucket": "{before.bucket.id}",
            "targetBucket": "{before.logs.id}",
            "targetPrefix": "models/",
        },
        change={"targetPrefix": "all/"},
        look=lambda account, name: account("s3").get_bucket_logging(Bucket=name)["LoggingEnabled"][
            "TargetPrefix"
        ],
        shows="all/",
        meddle=lambda account, name: account("s3").put_bucket_logging(
            Bucket=name, BucketLoggingStatus={}
        ),
    ),
    Life(
        token="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        before={"bucket": BUCKET},
        props={"bucket": "{before.bucket.id}", "rules": [ARCHIVE]},
        change={"rules": [ARCHIVE, SCRATCH]},
        look=_rules,
        shows=["archive", "scratch"],
        meddle=lambda account, name: account("s3").put_bucket_lifecycle_configuration(
            Bucket=name,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "archive",
                        "Status": "Disabled",
                        "Filter": {"Prefix": ""},
                        "Expiration": {"Days": 1},
                    }
                ]
            },
        ),
    ),
    Life(
        token="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        before={"bucket": LOCKED},
        props={
            "bucket": "{before.bucket.id}",
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
        },
        change={"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 60}}},
        look=_lock,
        shows=["COMPLIANCE", 60],
        meddle=lambda account, name: account("s3").put_object_lock_configuration(
            Bucket=name,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
            },
        ),
        stays=True,
    ),
    Life(
        token=(
            "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
        ),
        before={"bucket": BUCKET},
        props={
            "bucket": "{before.bucket.id}",
            "name": "features",
            "filter": {"prefix": "features/", "tags": {"Kind": "cold"}},
            "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 90}],
        },
        change={"tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 125}]},
        look=lambda account, id_: account("s3").get_bucket_intelligent_tiering_configuration(
            Bucket=NAME, Id="features"
        )["IntelligentTieringConfiguration"]["Tierings"],
        shows=[{"AccessTier": "ARCHIVE_ACCESS", "Days": 125}],
        meddle=lambda account, id_: account("s3").delete_bucket_intelligent_tiering_configuration(
            Bucket=NAME, Id="features"
        ),
    ),
    Life(
        token="aws:s3/bucketNotification:BucketNotification",
        before={"bucket": BUCKET, "queue": ("aws:sqs/queue:Queue", {"name": "uploads"})},
        props={
            "bucket": "{before.bucket.id}",
            "queues": [UPLOADS],
        },
        change={"queues": [{**UPLOADS, "filterPrefix": "arriving/"}]},
        look=lambda account, name: account("s3").get_bucket_notification_configuration(Bucket=name)[
            "QueueConfigurations"
        ][0]["Filter"]["Key"]["FilterRules"],
        shows=[{"Name": "prefix", "Value": "arriving/"}, {"Name": "suffix", "Value": ".onnx"}],
        meddle=lambda account, name: account("s3").put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={}
        ),
    ),
)
