"""Lives of EFS file systems and of the container registry."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

FILES = (
    "aws:efs/fileSystem:FileSystem",
    {
        "creationToken": "features",
        "encrypted": True,
        "kmsKeyId": "{key}",
        "performanceMode": "generalPurpose",
        "throughputMode": "elastic",
        "lifecyclePolicies": [
            {"transitionToIa": "AFTER_30_DAYS"},
            {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ],
        "tags": {"Name": "features"},
    },
)
REPOSITORY = (
    "aws:ecr/repository:Repository",
    {
        "name": "models",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "{key}"}],
        "forceDelete": True,
        "tags": {"Name": "models"},
    },
)


def _document(effect: str, action: str) -> str:
    statement = {
        "Sid": "Here",
        "Effect": effect,
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": action,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _expiry(days: int) -> str:
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": days,
        },
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]})


def _repository(account: Account, id_: str) -> Any:
    return account("ecr").describe_repositories(repositoryNames=[id_])["repositories"][0]


LIVES = (
    Life(
        token=FILES[0],
        props=FILES[1],
        change={
            "lifecyclePolicies": [{"transitionToIa": "AFTER_60_DAYS"}],
            "tags": {"Name": "feature-store"},
        },
        look=lambda account, id_: account("efs").describe_lifecycle_configuration(FileSystemId=id_)[
            "LifecyclePolicies"
        ],
        shows=[{"TransitionToIA": "AFTER_60_DAYS"}],
        meddle=lambda account, id_: account("efs").put_lifecycle_configuration(
            FileSystemId=id_, LifecyclePolicies=[{"TransitionToIA": "AFTER_7_DAYS"}]
        ),
    ),
    Life(
        token="aws:efs/mountTarget:MountTarget",
        before={"files": FILES},
        props={
            "fileSystemId": "{before.files.id}",
            "subnetId": "{subnet_a}",
            "securityGroups": ["{group}"],
        },
        meddle=lambda account, id_: account("efs").delete_mount_target(MountTargetId=id_),
    ),
    Life(
        token="aws:efs/accessPoint:AccessPoint",
        before={"files": FILES},
        props={
            "fileSystemId": "{before.files.id}",
            "posixUser": {"uid": 1000, "gid": 1000},
            "rootDirectory": {
                "path": "/features",
                "creationInfo": {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"},
            },
            "tags": {"Name": "features"},
        },
        change={"tags": {"Name": "feast"}},
        look=lambda account, id_: account("efs").describe_access_points(AccessPointId=id_)[
            "AccessPoints"
        ][0]["Tags"],
        shows=[{"Key": "Name", "Value": "feast"}],
        meddle=lambda account, id_: account("efs").delete_access_point(AccessPointId=id_),
    ),
    Life(
        token="aws:efs/backupPolicy:BackupPolicy",
        before={"files": FILES},
        props={"fileSystemId": "{before.files.id}", "backupPolicy": {"status": "ENABLED"}},
        meddle=lambda account, id_: account("efs").put_backup_policy(
            FileSystemId=id_, BackupPolicy={"Status": "DISABLED"}
        ),
        stays=True,
    ),
    Life(
        token="aws:efs/fileSystemPolicy:FileSystemPolicy",
        before={"files": FILES},
        props={
            "fileSystemId": "{before.files.id}",
            "policy": _document("Allow", "elasticfilesystem:ClientMount"),
        },
        change={"policy": _document("Allow", "elasticfilesystem:ClientWrite")},
        look=lambda account, id_: account("efs").describe_file_system_policy(FileSystemId=id_)[
            "Policy"
        ],
        shows=_document("Allow", "elasticfilesystem:ClientWrite"),
        meddle=lambda account, id_: account("efs").put_file_system_policy(
            FileSystemId=id_, Policy=_document("Deny", "elasticfilesystem:ClientWrite")
        ),
    ),
    Life(
        token="aws:efs/replicationConfiguration:ReplicationConfiguration",
        before={"files": FILES},
        props={
            "sourceFileSystemId": "{before.files.id}",
            "destination": {"region": "us-west-2"},
        },
        meddle=lambda account, id_: account("efs").delete_replication_configuration(
            SourceFileSystemId=id_
        ),
    ),
    Life(
        token=REPOSITORY[0],
        props=REPOSITORY[1],
        change={
            "imageTagMutability": "MUTABLE",
            "imageScanningConfiguration": {"scanOnPush": False},
            "tags": {"Name": "images"},
        },
        look=lambda account, id_: [
            _repository(account, id_)["imageTagMutability"],
            _repository(account, id_)["imageScanningConfiguration"]["scanOnPush"],
        ],
        shows=["MUTABLE", False],
        meddle=lambda account, id_: account("ecr").put_image_tag_mutability(
            repositoryName=id_, imageTagMutability="IMMUTABLE"
        ),
    ),
    Life(
        token="aws:ecr/lifecyclePolicy:LifecyclePolicy",
        before={"repository": REPOSITORY},
        props={"repository": "models", "policy": _expiry(14)},
        change={"policy": _expiry(30)},
        look=lambda account, id_: account("ecr").get_lifecycle_policy(repositoryName=id_)[
            "lifecyclePolicyText"
        ],
        shows=_expiry(30),
        meddle=lambda account, id_: account("ecr").put_lifecycle_policy(
            repositoryName=id_, lifecyclePolicyText=_expiry(1)
        ),
    ),
    Life(
        token="aws:ecr/repositoryPolicy:RepositoryPolicy",
        before={"repository": REPOSITORY},
        props={"repository": "models", "policy": _document("Allow", "ecr:BatchGetImage")},
        change={"policy": _document("Allow", "ecr:PutImage")},
        look=lambda account, id_: account("ecr").get_repository_policy(repositoryName=id_)[
            "policyText"
        ],
        shows=_document("Allow", "ecr:PutImage"),
        meddle=lambda account, id_: account("ecr").set_repository_policy(
            repositoryName=id_, policyText=_document("Deny", "ecr:PutImage")
        ),
    ),
    Life(
        token="aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        props={
            "scanType": "ENHANCED",
            "rules": [
                {
                    "scanFrequency": "CONTINUOUS_SCAN",
                    "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
                }
            ],
        },
        change={"scanType": "BASIC", "rules": None},
        look=lambda account, _id: account("ecr").get_registry_scanning_configuration()[
            "scanningConfiguration"
        ]["scanType"],
        shows="BASIC",
        meddle=lambda account, _id: account("ecr").put_registry_scanning_configuration(
            scanType="ENHANCED", rules=[]
        ),
        stays=True,
    ),
    Life(
        token="aws:ecr/replicationConfiguration:ReplicationConfiguration",
        props={
            "replicationConfiguration": {
                "rules": [{"destinations": [{"region": "us-west-2", "registryId": "123456789012"}]}]
            }
        },
        meddle=lambda account, _id: account("ecr").put_replication_configuration(
            replicationConfiguration={"rules": []}
        ),
    ),
)
