"""One bucket: what guards it, in which order, and what a destroy does with it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.base import Site
from components.bucket import Bucket, BucketArgs
from components.bucket_lifecycle import Ageing, Lifecycle
from tests.components.recorder import Recording, record

KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/data"
NAME = "mlops-platform-production-models-123456789012-g1"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
AGEING = Ageing(
    infrequent_access_days=90, glacier_days=180, noncurrent_days=30, abort_upload_days=7
)


def bucket_args() -> BucketArgs:
    return BucketArgs(
        purpose="models",
        lifecycle=Lifecycle(ageing=AGEING, archive="GLACIER_IR"),
        key_arn=KEY_ARN,
        access_logs="access-logs-bucket",
    )


def built(site: Site, args: BucketArgs | None = None) -> Recording[Bucket]:
    return record(lambda: Bucket("models", args or bucket_args(), site))


def test_its_name_carries_purpose_account_and_generation(site: Site) -> None:
    recording = built(replace(site, data_generation=2))
    bucket = recording.one("aws:s3/bucket:Bucket")
    assert bucket.inputs["bucket"] == "mlops-platform-production-models-123456789012-g2"
    assert bucket.tags["Name"] == bucket.inputs["bucket"]
    assert bucket.protect
    assert not bucket.retain
    assert "forceDestroy" not in bucket.inputs


def test_the_public_is_kept_out_four_ways(site: Site) -> None:
    block = built(site).one(BLOCK)
    ways = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block.inputs[way] for way in ways] == [True] * 4


def test_acls_have_no_effect(site: Site) -> None:
    rule = built(site).one(OWNERSHIP).inputs["rule"]
    assert rule == {"objectOwnership": "BucketOwnerEnforced"}


def test_objects_are_encrypted_with_the_customer_key_and_a_bucket_key(site: Site) -> None:
    (rule,) = built(site).one(ENCRYPTION).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": KEY_ARN,
    }
    assert rule["bucketKeyEnabled"] is True


def test_without_a_customer_key_s3_manages_it(site: Site) -> None:
    recording = built(site, replace(bucket_args(), key_arn=None))
    (rule,) = recording.one(ENCRYPTION).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}


def test_nothing_passes_without_current_tls(site: Site) -> None:
    policy = json.loads(built(site).one(POLICY).inputs["policy"])
    plain, old = policy["Statement"]
    for statement in (plain, old):
        assert statement["Effect"] == "Deny"
        assert statement["Resource"] == [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert old["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}


def test_further_statements_are_about_this_bucket(site: Site) -> None:
    statement = {"Sid": "More", "Effect": "Allow", "Resource": "{bucket}/logs/*"}
    recording = built(site, replace(bucket_args(), statements=[statement]))
    last = json.loads(recording.one(POLICY).inputs["policy"])["Statement"][-1]
    assert last["Resource"] == f"arn:aws:s3:::{NAME}/logs/*"


def test_old_objects_move_twice_and_leftovers_go(site: Site) -> None:
    (rule,) = built(site).one(LIFECYCLE).inputs["rules"]
    assert rule["transitions"] == [
        {"days": 90, "storageClass": "STANDARD_IA"},
        {"days": 180, "storageClass": "GLACIER_IR"},
    ]
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert rule["expiration"] == {"expiredObjectDeleteMarker": True}


def test_accesses_are_logged_under_its_purpose(site: Site) -> None:
    logging = built(site).one(LOGGING)
    assert logging.inputs["targetBucket"] == "access-logs-bucket"
    assert logging.inputs["targetPrefix"] == "s3/models/"
    assert not built(site, replace(bucket_args(), access_logs=None)).has(LOGGING)


def test_guards_come_in_the_order_that_s3_can_bear(site: Site) -> None:
    recording = built(site, replace(bucket_args(), lock_days=30))
    order = ((OWNERSHIP, BLOCK), (BLOCK, POLICY), (VERSIONING, LOCK), (LOCK, LIFECYCLE))
    for earlier, later in order:
        assert recording.waits_for(recording.one(later), recording.one(earlier))
    assert not recording.waits_for(recording.one(POLICY), recording.one(VERSIONING))


def test_versions_are_kept_before_they_are_aged(site: Site) -> None:
    recording = built(site)
    versioning = recording.one(VERSIONING)
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert recording.waits_for(recording.one(LIFECYCLE), versioning)


def test_a_locked_bucket_lets_nobody_delete_early(site: Site) -> None:
    recording = built(site, replace(bucket_args(), lock_days=30))
    assert recording.one("aws:s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    lock = recording.one(LOCK)
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}
    assert not built(site).has(LOCK)


@pytest.mark.parametrize("retain", [True, False])
def test_what_is_retained_keeps_all_its_guards(site: Site, *, retain: bool) -> None:
    recording = built(site, replace(bucket_args(), retain=retain, lock_days=30))
    assert {it.retain for it in recording.resources if it.custom} == {retain}
