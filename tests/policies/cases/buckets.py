"""What proves the rules about buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.scene import (
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    root,
    secret,
)

BUCKET = recorded("aws:s3/bucket:Bucket", asked="stack").but(
    {"bucket": "mlops-platform-production-models-123456789012-g1",
     "loggings": None, "serverSideEncryptionConfiguration": None, "versioning": None,
     "lifecycleRules": None, "policy": None, "objectLockConfiguration": None}
)  # fmt: skip
NAME: str = BUCKET.properties["bucket"]
INPUT = recorded("aws:s3/bucket:Bucket")
BACKUPS = BUCKET.but({"bucket": "mlops-platform-production-backups-123456789012-g1"})
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
FOUR: dict[str, Any] = dict.fromkeys(BLOCKS, True)
KMS = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/a"}
COMMON = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
KEYED = {"applyServerSideEncryptionByDefault": KMS, "bucketKeyEnabled": True}


def sibling(name: str, bucket: Any = NAME, suffix: str = "", /, **properties: Any) -> Described:
    """What says `name` of a bucket."""
    return Described(
        type=f"aws:s3/bucket{name}{suffix}:Bucket{name}{suffix}",
        name=f"{name}-of-it",
        properties={"bucket": bucket, **properties},
    )


def _encrypted(*rules: Mapping[str, Any], bucket: Any = NAME, suffix: str = "") -> Described:
    return sibling(
        "ServerSideEncryptionConfiguration", bucket, suffix, rules=[dict(one) for one in rules]
    )


def _versioned(status: Any, bucket: Any = NAME, suffix: str = "") -> Described:
    return sibling("Versioning", bucket, suffix, versioningConfiguration={"status": status})


def _owned(by: Any, bucket: Any = NAME) -> Described:
    return sibling("OwnershipControls", bucket, rule={"objectOwnership": by})


def _life(bucket: Any = NAME, **changes: Any) -> Described:
    rule = {
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        **changes,
    }
    return sibling("LifecycleConfiguration", bucket, rules=[rule])


def _lock(bucket: Any = BACKUPS.properties["bucket"], **kept: Any) -> Described:
    return sibling("ObjectLockConfiguration", bucket, rule={"defaultRetention": kept})


def _balancer(type_: str | None, bucket: Any = NAME) -> Described:
    logs = {"bucket": bucket, "enabled": True}
    return Described(
        type="aws:lb/loadBalancer:LoadBalancer",
        name="balancer",
        properties={"accessLogs": logs, "loadBalancerType": type_},
    )


LOGGED = sibling("Logging", targetBucket="logs")
DELIVERED = sibling("Logging", "another", targetBucket=NAME)
ACCOUNT = Described(
    type="aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", name="block", properties=FOUR
)

CASES = {
    "bucket-public-access-blocked": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="blockPublicAcls, blockPublicPolicy"),
            fails(BUCKET, sibling("PublicAccessBlock", "another", **FOUR), at="bucket"),
            *(
                fails(BUCKET, sibling("PublicAccessBlock", **(FOUR | {key: False})), at="bucket")
                for key in FOUR
            ),
        ),
        passing=(
            passes(BUCKET, sibling("PublicAccessBlock", **FOUR)),
            passes(
                BUCKET,
                sibling("PublicAccessBlock", UNKNOWN, **FOUR).flowing("bucket", BUCKET),
            ),
        ),
        unknown=passes(
            BUCKET, sibling("PublicAccessBlock", **(FOUR | {"blockPublicAcls": UNKNOWN}))
        ),
        secret=fails(
            BUCKET,
            sibling("PublicAccessBlock", **(FOUR | {"blockPublicAcls": secret(value=False)})),
            at="bucket",
        ),
    ),
    "bucket-owner-enforced": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="BucketOwnerEnforced"),
            fails(BUCKET, _owned("ObjectWriter"), at="bucket"),
            fails(BUCKET, _owned("BucketOwnerEnforced", "another"), at="bucket"),
        ),
        passing=(
            passes(BUCKET, _owned("BucketOwnerEnforced")),
            passes(BUCKET, _owned("BucketOwnerEnforced", UNKNOWN).flowing("bucket", BUCKET)),
        ),
        unknown=passes(BUCKET, _owned(UNKNOWN)),
    ),
    "bucket-customer-key": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="aws:kms with a customer key"),
            fails(BUCKET, _encrypted(COMMON), at="bucket", wanted="aws:kms with a customer key"),
            fails(
                BUCKET,
                _encrypted({"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}),
                at="bucket",
            ),
            fails(
                BUCKET,
                _encrypted(KEYED | {"bucketKeyEnabled": False}),
                at="bucket",
                wanted="bucketKeyEnabled",
            ),
            fails(BUCKET, _encrypted(KEYED, bucket="another"), at="bucket"),
            fails(BUCKET, DELIVERED, at="bucket", wanted="AES256"),
            fails(BUCKET, _balancer("network"), _encrypted(COMMON), at="bucket"),
        ),
        passing=(
            passes(BUCKET, _encrypted(KEYED)),
            passes(BUCKET, _encrypted(KEYED, suffix="V2")),
            passes(BUCKET.but({"serverSideEncryptionConfiguration": {"rule": KEYED}})),
            passes(BUCKET.but({"serverSideEncryptionConfiguration": {"rules": [KEYED]}})),
            passes(
                BUCKET,
                _encrypted(
                    {
                        "applyServerSideEncryptionByDefault": KMS
                        | {"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyId": UNKNOWN},
                        "bucketKeyEnabled": True,
                    }
                ),
            ),
            passes(BUCKET, DELIVERED, _encrypted(COMMON)),
            passes(BUCKET, _balancer("application"), _encrypted(COMMON)),
            passes(BUCKET, _balancer(None), _encrypted(COMMON)),
        ),
        unknown=passes(
            BUCKET,
            _encrypted({"applyServerSideEncryptionByDefault": KMS | {"sseAlgorithm": UNKNOWN}}),
        ),
    ),
    "bucket-versioned": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="Enabled"),
            fails(BUCKET, _versioned("Suspended"), at="bucket"),
            fails(BUCKET, _versioned("Enabled", "another"), at="bucket"),
            fails(BUCKET.but({"versioning": {"enabled": False}}), at="bucket"),
        ),
        passing=(
            passes(BUCKET, _versioned("Enabled")),
            passes(BUCKET, _versioned("Enabled", suffix="V2")),
            passes(BUCKET.but({"versioning": {"enabled": True}})),
        ),
        unknown=passes(BUCKET, _versioned(UNKNOWN)),
    ),
    "bucket-logged": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="a bucket for them"),
            fails(BUCKET, sibling("Logging", "another", targetBucket="logs"), at="bucket"),
            fails(BUCKET, sibling("Logging", targetBucket=None), at="bucket"),
        ),
        passing=(
            passes(BUCKET, LOGGED),
            passes(BUCKET, DELIVERED),
            passes(BUCKET.but({"loggings": [{"targetBucket": "logs"}]})),
            passes(BUCKET.but({"logging": {"targetBucket": "logs"}})),
        ),
        unknown=passes(BUCKET, sibling("Logging", targetBucket=UNKNOWN)),
        unknown_is="passing",
    ),
    "bucket-lifecycle": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="aborts incomplete uploads"),
            fails(BUCKET, _life("another"), at="bucket"),
            fails(BUCKET, _life(status="Disabled"), at="bucket"),
            fails(BUCKET, _life(filter={"prefix": "a/"}), at="bucket"),
            fails(BUCKET, _life(prefix="a/"), at="bucket"),
            fails(BUCKET, _life(abortIncompleteMultipartUpload=None), at="bucket"),
            fails(
                BUCKET.but(
                    {
                        "lifecycleRules": [
                            {"enabled": False, "abortIncompleteMultipartUploadDays": 7}
                        ]
                    }
                ),
                at="bucket",
            ),
        ),
        passing=(
            passes(BUCKET, _life()),
            passes(BUCKET, _life(filter={})),
            passes(
                BUCKET.but(
                    {"lifecycleRules": [{"enabled": True, "abortIncompleteMultipartUploadDays": 7}]}
                )
            ),
        ),
        unknown=passes(BUCKET, _life(status=UNKNOWN)),
    ),
    "bucket-locked": Cases(
        failing=(
            fails(BACKUPS, at="bucket", wanted="default retention"),
            fails(BACKUPS, _lock(mode="GOVERNANCE"), at="bucket"),
            fails(BACKUPS, _lock(days=30), at="bucket"),
            fails(BACKUPS, _lock("another", mode="GOVERNANCE", days=30), at="bucket"),
            fails(BACKUPS.but({"bucket": "x-logs"}), at="bucket"),
            fails(BACKUPS.but({"bucket": "logs-x"}), at="bucket"),
        ),
        passing=(
            passes(BUCKET),
            passes(BUCKET.but({"bucket": "catalogs-1"})),
            passes(BACKUPS, _lock(mode="COMPLIANCE", days=30)),
            passes(BACKUPS, _lock(mode="GOVERNANCE", years=1)),
            passes(
                BACKUPS.but(
                    {
                        "objectLockConfiguration": {
                            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}
                        }
                    }
                )
            ),
            passes(
                BACKUPS.but({"bucket": "x-logs"}),
                sibling("Logging", "another", targetBucket="x-logs"),
            ),
        ),
        unknown=passes(BACKUPS, _lock(mode=UNKNOWN, days=30)),
    ),
    "bucket-kept-on-destroy": Cases(
        failing=(
            fails(INPUT.but({"forceDestroy": True}), at="forceDestroy", wanted="false"),
            fails(INPUT.but({"forceDestroy": "true"}), at="forceDestroy"),
        ),
        passing=(passes(INPUT), passes(INPUT.but({"forceDestroy": None}))),
        unknown=passes(INPUT.but({"forceDestroy": UNKNOWN})),
        secret=fails(INPUT.but({"forceDestroy": secret(value=True)}), at="forceDestroy"),
    ),
    "account-public-access-blocked": Cases(
        failing=(
            fails(root(), at="", wanted="account-wide"),
            *(fails(root(), ACCOUNT.but({key: False}), at="") for key in FOUR),
        ),
        passing=(passes(root(), ACCOUNT), passes(root(), role="standby")),
        unknown=passes(root(), ACCOUNT.but({"blockPublicAcls": UNKNOWN})),
    ),
    "bucket-acl-private": Cases(
        failing=(
            *(
                fails(INPUT.but({"acl": acl}), at="acl", wanted="private")
                for acl in ("public-read", "public-read-write", "authenticated-read", "website")
            ),
            fails(sibling("Acl", acl="public-read"), at="acl"),
            fails(sibling("Acl", NAME, "V2", acl="public-read"), at="acl"),
            *(
                fails(
                    sibling(
                        "Acl",
                        accessControlPolicy={
                            "grants": [
                                {
                                    "grantee": {
                                        "uri": f"http://acs.amazonaws.com/groups/global/{group}"
                                    }
                                }
                            ]
                        },
                    ),
                    at="accessControlPolicy.grants[0].grantee.uri",
                    wanted="no group of everybody",
                )
                for group in ("AllUsers", "AuthenticatedUsers")
            ),
        ),
        passing=(
            passes(INPUT),
            passes(sibling("Acl", acl="private")),
            passes(
                sibling(
                    "Acl",
                    accessControlPolicy={
                        "grants": [
                            {"grantee": {"uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}
                        ]
                    },
                )
            ),
        ),
        unknown=passes(sibling("Acl", acl=UNKNOWN)),
        secret=fails(sibling("Acl", acl=secret("public-read")), at="acl"),
    ),
}
