"""Types that keep what was before: policies, launch templates, buckets and keys."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.providers.plugin import PluginError
from tests.rehearsal.providers.aws.life import Living
from tests.rehearsal.providers.aws.lives.buckets import BUCKET, LOCKED, NAME
from tests.rehearsal.providers.aws.lives.identities import POLICY, allowing
from tests.rehearsal.providers.aws.lives.keys import KEY, PRIMARY, trusting

TEMPLATE = (
    "aws:ec2/launchTemplate:LaunchTemplate",
    {"name": "compute-g1", "metadataOptions": {"httpTokens": "required"}},
)


def test_a_policy_keeps_five_versions_and_drops_the_oldest(living: Living) -> None:
    made = living.make(*POLICY)
    for action in ("a", "b", "c", "d", "e", "f"):
        living.deploy({"policy": allowing(f"s3:Get{action}")})
    versions = living.account("iam").list_policy_versions(PolicyArn=made.found.id)["Versions"]
    kept = {one["VersionId"]: one["IsDefaultVersion"] for one in versions}
    assert len(kept) == 5
    assert "v1" not in kept
    assert kept["v7"]


def test_a_template_keeps_its_older_versions_and_its_default(living: Living) -> None:
    living.make(*TEMPLATE)
    living.deploy({"metadataOptions": {"httpTokens": "optional"}})
    outputs = living.made["it"].found.outputs
    assert (outputs["latestVersion"], outputs["defaultVersion"]) == (2, 1)
    living.deploy({"defaultVersion": 2})
    assert living.made["it"].found.outputs["defaultVersion"] == 2


def test_new_tags_make_no_new_version_of_a_template(living: Living) -> None:
    living.make(*TEMPLATE)
    living.deploy({"tags": {"Name": "compute"}})
    assert living.made["it"].found.outputs["latestVersion"] == 1


def _uploaded(living: Living, versions: int) -> Any:
    s3 = living.account("s3")
    for _ in range(versions):
        s3.put_object(Bucket=NAME, Key="model.onnx", Body=b"weights")
    return s3


def test_a_bucket_that_holds_something_is_not_deleted(living: Living) -> None:
    living.make(*BUCKET)
    s3 = _uploaded(living, 1)
    with pytest.raises(PluginError, match="BucketNotEmpty"):
        living.delete()
    s3.delete_object(Bucket=NAME, Key="model.onnx")


def test_a_bucket_told_to_be_emptied_loses_every_version(living: Living) -> None:
    living.make(BUCKET[0], {**BUCKET[1], "forceDestroy": True})
    enabled = {"bucket": "{before.it.id}", "versioningConfiguration": {"status": "Enabled"}}
    living.make("aws:s3/bucketVersioning:BucketVersioning", enabled, "versioning")
    s3 = _uploaded(living, 3)
    s3.delete_object(Bucket=NAME, Key="model.onnx")
    living.delete()
    assert living.refreshed() is None


def test_a_bucket_knows_that_it_locks_objects(living: Living) -> None:
    made = living.make(*LOCKED)
    found = living.refreshed()
    assert found is not None
    assert found.inputs == made.inputs
    assert found.inputs["objectLockEnabled"] is True


def test_a_bucket_is_made_in_its_own_region(living: Living) -> None:
    made = living.make(BUCKET[0], {"bucket": "dr-123456789012", "region": "us-west-2"})
    name = made.found.outputs["bucketRegionalDomainName"]
    assert name == "dr-123456789012.s3.us-west-2.amazonaws.com"
    where = living.account("s3").get_bucket_location(Bucket="dr-123456789012")
    assert where["LocationConstraint"] == "us-west-2"


def test_a_deleted_key_waits_for_its_end(living: Living) -> None:
    made = living.make(*KEY)
    living.delete()
    key = living.account("kms").describe_key(KeyId=made.found.id)["KeyMetadata"]
    assert key["KeyState"] == "PendingDeletion"
    assert living.refreshed() is None


def test_a_replica_has_its_own_policy(living: Living) -> None:
    living.make(*PRIMARY, "primary")
    own = trusting("kms:*", "kms:Decrypt")
    replica = {"primaryKeyArn": "{before.primary.arn}", "policy": own}
    made = living.make("aws:kms/replicaKey:ReplicaKey", replica)
    asked = {"KeyId": made.found.id, "PolicyName": "default"}
    here = living.account("kms").get_key_policy(**asked)["Policy"]
    there = living.account("kms", "us-west-2").get_key_policy(**asked)["Policy"]
    assert (here, there) == (own, PRIMARY[1]["policy"])
