"""The set of buckets: what each purpose needs, and who may deliver logs to which."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.base import Site
from components.buckets import Buckets, BucketsArgs
from tests.components.recorder import ACCOUNT, Recording, Registered, record
from tests.components.test_bucket import (
    AGEING,
    ENCRYPTION,
    LIFECYCLE,
    LOCK,
    LOGGING,
    POLICY,
    VERSIONING,
)

BUCKET = "aws:s3/bucket:Bucket"
KEYS = {purpose: f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{purpose}" for purpose in ("data", "logs")}


def built(site: Site, extra: tuple[str, ...] = ()) -> Recording[Buckets]:
    args = BucketsArgs(
        ageing=AGEING,
        data_key_arn=KEYS["data"],
        logs_key_arn=KEYS["logs"],
        lock_days=30,
        extra=extra,
    )
    return record(lambda: Buckets("buckets", args, site))


@pytest.fixture
def recording(site: Site) -> Recording[Buckets]:
    return built(site)


def part(recording: Recording[Buckets], type_: str, purpose: str) -> Registered:
    suffix = {POLICY: "policy", ENCRYPTION: "encryption", LIFECYCLE: "lifecycle", BUCKET: "bucket"}
    return recording.one(type_, f"buckets-{purpose}-{suffix[type_]}")


def statements(recording: Recording[Buckets], purpose: str) -> dict[str, Any]:
    policy = json.loads(part(recording, POLICY, purpose).inputs["policy"])
    return {it["Sid"]: it for it in policy["Statement"]}


def test_there_is_a_bucket_for_each_purpose(recording: Recording[Buckets]) -> None:
    assert [it.inputs["bucket"] for it in recording.all(BUCKET)] == [
        f"mlops-platform-production-{purpose}-{ACCOUNT}-g1"
        for purpose in ("access-logs", "models", "artifacts", "features", "backups", "logs")
    ]
    assert set(recording.result.by_purpose) == {
        "models",
        "artifacts",
        "features",
        "backups",
        "logs",
        "access-logs",
    }


def test_every_bucket_is_versioned_and_protected(recording: Recording[Buckets]) -> None:
    assert len(recording.all(VERSIONING)) == 6
    assert all(it.protect for it in recording.all(BUCKET))


def test_models_can_be_read_at_once_however_old(recording: Recording[Buckets]) -> None:
    classes = {
        purpose: part(recording, LIFECYCLE, purpose).inputs["rules"][0]["transitions"][-1]
        for purpose in ("models", "artifacts", "features", "backups", "logs")
    }
    assert {purpose: it["storageClass"] for purpose, it in classes.items()} == {
        "models": "GLACIER_IR",
        "artifacts": "GLACIER_IR",
        "features": "GLACIER_IR",
        "backups": "GLACIER",
        "logs": "GLACIER",
    }


def test_only_backups_and_logs_are_locked(recording: Recording[Buckets]) -> None:
    assert {it.name for it in recording.all(LOCK)} == {"buckets-backups-lock", "buckets-logs-lock"}


def test_locked_and_log_buckets_outlive_a_destroy(recording: Recording[Buckets]) -> None:
    kept = {it.name for it in recording.all(BUCKET) if it.retain}
    assert kept == {
        "buckets-backups-bucket",
        "buckets-logs-bucket",
        "buckets-access-logs-bucket",
    }


def test_logs_have_the_logs_key_data_the_data_key_and_access_logs_none(
    recording: Recording[Buckets],
) -> None:
    keys = {
        it.name: it.inputs["rules"][0]["applyServerSideEncryptionByDefault"].get("kmsMasterKeyId")
        for it in recording.all(ENCRYPTION)
    }
    assert keys["buckets-logs-encryption"] == KEYS["logs"]
    assert keys["buckets-backups-encryption"] == KEYS["data"]
    assert keys["buckets-models-encryption"] == KEYS["data"]
    assert keys["buckets-access-logs-encryption"] is None


def test_every_other_bucket_logs_its_accesses_once_it_may(recording: Recording[Buckets]) -> None:
    logging = recording.all(LOGGING)
    assert len(logging) == 5
    open_for_logs = part(recording, POLICY, "access-logs")
    for each in logging:
        assert each.inputs["targetBucket"] == f"mlops-platform-production-access-logs-{ACCOUNT}-g1"
        assert recording.waits_for(each, open_for_logs)


def test_the_audit_trail_writes_to_the_logs_bucket(recording: Recording[Buckets]) -> None:
    trails = statements(recording, "logs")["Trails"]
    assert trails["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    assert trails["Resource"].endswith(f"-logs-{ACCOUNT}-g1/cloudtrail/AWSLogs/{ACCOUNT}/*")


def test_what_needs_s3_managed_keys_or_no_lock_writes_to_access_logs(
    recording: Recording[Buckets],
) -> None:
    principals = {
        it["Principal"]["Service"]
        for it in statements(recording, "access-logs").values()
        if it["Effect"] == "Allow"
    }
    assert principals == {
        "config.amazonaws.com",
        "logdelivery.elasticloadbalancing.amazonaws.com",
        "logging.s3.amazonaws.com",
    }


@pytest.mark.parametrize("purpose", ["logs", "access-logs"])
def test_no_other_account_can_have_its_logs_delivered_here(
    recording: Recording[Buckets], purpose: str
) -> None:
    for sid, statement in statements(recording, purpose).items():
        if statement["Effect"] == "Allow":
            assert ACCOUNT in json.dumps(statement["Condition"]), sid


def test_data_buckets_admit_no_service(recording: Recording[Buckets]) -> None:
    assert {it["Effect"] for it in statements(recording, "models").values()} == {"Deny"}


def test_further_buckets_hold_data_like_the_others(site: Site) -> None:
    recording = built(site, ("teama",))
    bucket = part(recording, BUCKET, "teama")
    assert bucket.inputs["bucket"] == f"mlops-platform-production-teama-{ACCOUNT}-g1"
    assert bucket.protect
    assert not bucket.retain


@pytest.mark.parametrize("extra", [("logs",), ("teama", "teama")])
def test_a_further_bucket_needs_a_name_of_its_own(site: Site, extra: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="extra: "):
        built(site, extra)
