"""What the link stack is made of: copies of buckets, images and files in the other region."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.base import Site
from components.bucket_replication import BucketReplication, BucketReplicationArgs, CopiedBucket
from components.file_system_replication import FileSystemReplication, FileSystemReplicationArgs
from components.registry_replication import RegistryReplication, RegistryReplicationArgs
from tests.components.recorder import ACCOUNT, Recording, record

RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"
HERE = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-data"
THERE = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/mrk-data"
BUCKETS = BucketReplicationArgs(
    source_region="us-east-1",
    target_region="us-west-2",
    source_key_arn=HERE,
    target_key_arn=THERE,
    buckets={
        "models": CopiedBucket(
            source_arn="arn:aws:s3:::a-models", target_arn="arn:aws:s3:::b-models"
        ),
        "backups": CopiedBucket(
            source_arn="arn:aws:s3:::a-backups", target_arn="arn:aws:s3:::b-backups", locked=True
        ),
    },
)


def copied(site: Site) -> Recording[BucketReplication]:
    return record(lambda: BucketReplication("copies", BUCKETS, site))


def rule_of(recording: Recording[BucketReplication], purpose: str) -> dict[str, Any]:
    [rule] = recording.one(RULES, f"copies-{purpose}").inputs["rules"]
    return rule


def test_everything_is_copied_in_fifteen_minutes_and_counted(site: Site) -> None:
    recording = copied(site)
    rules = recording.one(RULES, "copies-models")
    assert rules.inputs["bucket"] == "a-models"
    assert rules.inputs["region"] == "us-east-1"
    rule = rule_of(recording, "models")
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
    destination = rule["destination"]
    assert destination["bucket"] == "arn:aws:s3:::b-models"
    assert destination["replicationTime"] == {"status": "Enabled", "time": {"minutes": 15}}
    assert destination["metrics"] == {"status": "Enabled", "eventThreshold": {"minutes": 15}}


def test_a_copy_is_under_the_key_of_its_region(site: Site) -> None:
    rule = rule_of(copied(site), "models")
    assert rule["destination"]["encryptionConfiguration"] == {"replicaKmsKeyId": THERE}
    assert rule["sourceSelectionCriteria"]["sseKmsEncryptedObjects"] == {"status": "Enabled"}


def test_what_is_locked_is_not_hidden_by_a_copied_marker(site: Site) -> None:
    recording = copied(site)
    assert rule_of(recording, "models")["deleteMarkerReplication"] == {"status": "Enabled"}
    assert rule_of(recording, "backups")["deleteMarkerReplication"] == {"status": "Disabled"}


def test_the_role_reads_one_end_and_writes_the_other(site: Site) -> None:
    document = json.loads(copied(site).one(POLICY, "copies-copies-permissions").inputs["policy"])
    by_sid = {one["Sid"]: one for one in document["Statement"]}
    assert by_sid["ReadVersions"]["Resource"] == [
        "arn:aws:s3:::a-models/*",
        "arn:aws:s3:::a-backups/*",
    ]
    assert by_sid["WriteCopies"]["Resource"] == [
        "arn:aws:s3:::b-models/*",
        "arn:aws:s3:::b-backups/*",
    ]
    assert by_sid["ReadEncrypted"]["Resource"] == [HERE]
    assert by_sid["WriteEncrypted"]["Resource"] == [THERE]
    assert by_sid["WriteEncrypted"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}
    }


def test_only_s3_for_this_account_takes_the_roles(site: Site) -> None:
    for role in copied(site).all(ROLE):
        [trusted] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert trusted["Principal"]["Service"].endswith("s3.amazonaws.com")
        assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_an_older_object_is_copied_by_a_role_that_only_starts_copies(site: Site) -> None:
    document = json.loads(copied(site).one(POLICY, "copies-backfill-permissions").inputs["policy"])
    by_sid = {one["Sid"]: one["Action"] for one in document["Statement"]}
    assert by_sid["Copy"] == ["s3:InitiateReplication"]


def test_nothing_to_copy_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to copy"):
        replace(BUCKETS, buckets={})


def test_images_below_the_namespace_are_copied(site: Site) -> None:
    args = RegistryReplicationArgs(
        source_region="us-east-1", target_region="us-west-2", namespace="mlops-platform"
    )
    recording = record(lambda: RegistryReplication("images", args, site))
    made = recording.one("aws:ecr/replicationConfiguration:ReplicationConfiguration")
    assert made.inputs["region"] == "us-east-1"
    [rule] = made.inputs["replicationConfiguration"]["rules"]
    assert rule["destinations"] == [{"region": "us-west-2", "registryId": ACCOUNT}]
    # The slash: without it mlops-platform-other would be copied as well.
    assert rule["repositoryFilters"] == [
        {"filter": "mlops-platform/", "filterType": "PREFIX_MATCH"}
    ]


def test_the_file_system_is_copied_over_the_standbys(site: Site) -> None:
    args = FileSystemReplicationArgs(
        source_region="us-east-1", target_region="us-west-2", source_id="fs-1", target_id="fs-2"
    )
    recording = record(lambda: FileSystemReplication("files", args, site))
    made = recording.one("aws:efs/replicationConfiguration:ReplicationConfiguration")
    assert made.inputs["sourceFileSystemId"] == "fs-1"
    assert made.inputs["destination"] == {"region": "us-west-2", "fileSystemId": "fs-2"}


@pytest.mark.parametrize(
    "make", [BucketReplicationArgs, RegistryReplicationArgs, FileSystemReplicationArgs]
)
def test_a_copy_beside_its_original_is_refused(make: Any) -> None:
    rest: dict[Any, dict[str, Any]] = {
        BucketReplicationArgs: {
            "source_key_arn": HERE, "target_key_arn": HERE, "buckets": BUCKETS.buckets
        },
        RegistryReplicationArgs: {"namespace": "mlops-platform"},
        FileSystemReplicationArgs: {"source_id": "fs-1", "target_id": "fs-2"},
    }  # fmt: skip
    with pytest.raises(ValueError, match="target_region: us-east-1: expected another region"):
        make(source_region="us-east-1", target_region="us-east-1", **rest[make])
