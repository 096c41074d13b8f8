"""The shared file system."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.base import Site
from components.file_system import AccessPoint, FileSystem, FileSystemArgs
from tests.components.recorder import ACCOUNT, Recording, record

KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/data"


def files() -> FileSystemArgs:
    return FileSystemArgs(
        vpc_id="vpc-1",
        subnet_ids={"us-east-1a": "subnet-a", "us-east-1b": "subnet-b"},
        client_security_groups={"nodes": "sg-nodes"},
        key_arn=KEY_ARN,
        access_points={"vision": AccessPoint(path="/teams/vision", uid=10_000, gid=10_000)},
        infrequent_access_days=30,
        throughput="elastic",
    )


def built(site: Site, args: FileSystemArgs | None = None) -> Recording[FileSystem]:
    return record(lambda: FileSystem("files", args or files(), site))


def test_it_is_encrypted_with_the_customer_key_and_protected(site: Site) -> None:
    system = built(site).one("aws:efs/fileSystem:FileSystem")
    assert system.inputs["encrypted"] is True
    assert system.inputs["kmsKeyId"] == KEY_ARN
    assert system.protect
    assert system.inputs["creationToken"] == "mlops-platform-production-files-g1"
    assert system.tags["Name"] == "mlops-platform-production-files-g1"


def test_unread_files_become_cheaper_and_come_back_when_read(site: Site) -> None:
    system = built(site).one("aws:efs/fileSystem:FileSystem")
    assert system.inputs["lifecyclePolicies"] == [
        {"transitionToIa": "AFTER_30_DAYS"},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]
    assert system.inputs["throughputMode"] == "elastic"


def test_each_zone_has_a_mount_target_behind_the_security_group(site: Site) -> None:
    recording = built(site)
    targets = recording.all("aws:efs/mountTarget:MountTarget")
    assert [it.inputs["subnetId"] for it in targets] == ["subnet-a", "subnet-b"]
    group = recording.value(recording.result.security_group_id)
    assert all(it.inputs["securityGroups"] == [group] for it in targets)
    rule = recording.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (2049, 2049)
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"


def test_an_access_point_is_a_folder_with_one_user(site: Site) -> None:
    recording = built(site)
    point = recording.one("aws:efs/accessPoint:AccessPoint")
    assert point.inputs["posixUser"] == {"uid": 10_000, "gid": 10_000}
    assert point.inputs["rootDirectory"] == {
        "path": "/teams/vision",
        "creationInfo": {"ownerUid": 10_000, "ownerGid": 10_000, "permissions": "750"},
    }
    assert point.tags["mlops:id"].endswith(":files-point-vision")
    ids = recording.result.access_point_ids
    assert {name: recording.value(it) for name, it in ids.items()} == {
        "vision": "files-point-vision-id"
    }


def test_it_is_mounted_over_tls_through_access_points_only(site: Site) -> None:
    document = built(site).one("aws:efs/fileSystemPolicy:FileSystemPolicy").inputs["policy"]
    mount, plain = json.loads(document)["Statement"]
    assert "elasticfilesystem:ClientRootAccess" not in mount["Action"]
    assert mount["Condition"] == {
        "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
        "ArnLike": {
            "elasticfilesystem:AccessPointArn": (
                f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:access-point/*"
            )
        },
    }
    assert plain["Effect"] == "Deny"
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(("backup", "status"), [(True, "ENABLED"), (False, "DISABLED")])
def test_backups_are_a_choice(site: Site, *, backup: bool, status: str) -> None:
    policy = built(site, replace(files(), backup=backup)).one("aws:efs/backupPolicy:BackupPolicy")
    assert policy.inputs["backupPolicy"] == {"status": status}


def test_days_that_efs_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="infrequent_access_days: 31: expected one of 1, 7"):
        replace(files(), infrequent_access_days=31)
