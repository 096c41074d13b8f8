"""Account-wide defaults: encrypted volumes, no public buckets, watched sharing."""

from __future__ import annotations

from components.access_analyzer import AccessAnalyzer, AccessAnalyzerArgs
from components.base import Site
from components.public_access_block import PublicAccessBlock, PublicAccessBlockArgs
from components.volume_encryption import VolumeEncryption, VolumeEncryptionArgs
from tests.components.recorder import record


def test_no_bucket_can_be_made_public_in_any_of_four_ways(site: Site) -> None:
    recording = record(lambda: PublicAccessBlock("public", PublicAccessBlockArgs(), site))
    block = recording.one("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock").inputs
    assert block == {
        "accountId": "123456789012",
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }


def test_every_new_volume_is_encrypted_with_the_platforms_key(site: Site) -> None:
    args = VolumeEncryptionArgs(key_arn="arn:aws:kms:us-east-1:123456789012:key/data")
    recording = record(lambda: VolumeEncryption("volumes", args, site))
    default = recording.one("aws:ebs/encryptionByDefault:EncryptionByDefault")
    assert default.inputs["enabled"] is True
    key = recording.one("aws:ebs/defaultKmsKey:DefaultKmsKey")
    assert key.inputs["keyArn"].endswith("key/data")


def test_sharing_beyond_the_account_is_watched(site: Site) -> None:
    recording = record(lambda: AccessAnalyzer("access", AccessAnalyzerArgs(), site))
    analyzer = recording.one("aws:accessanalyzer/analyzer:Analyzer").inputs
    assert analyzer["type"] == "ACCOUNT"
    assert analyzer["analyzerName"] == "mlops-platform-production-access"
