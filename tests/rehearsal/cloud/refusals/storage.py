"""Examples of refusals in S3, Secrets Manager, EFS, ECR and AWS Backup."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.cloud.account import GHOST, ROOT, Account, allow, policy
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
MODELS = {"Bucket": "models"}
OBJECTS = "arn:aws:s3:::models/*"


@EXAMPLES.of("a bucket's name keeps to the rules")
def _(a: Account, refused: Refused) -> None:
    for name in ("Models", "10.0.0.1", "xn--models", "models-s3alias", "mo..dels", "models-"):
        refused(a.s3.create_bucket, Bucket=name)
    a.s3.create_bucket(Bucket="mlops.models-1")


def moves(*steps: tuple[int, str], **more: Any) -> dict[str, Any]:
    transitions = [{"Days": days, "StorageClass": kind} for days, kind in steps]
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": transitions, **more}
    return {"LifecycleConfiguration": {"Rules": [rule]}}


@EXAMPLES.of("objects move to infrequent access after 30 days at the earliest")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    put = a.s3.put_bucket_lifecycle_configuration
    refused(put, **MODELS, **moves((29, "STANDARD_IA")))
    put(**MODELS, **moves((30, "STANDARD_IA")))


@EXAMPLES.of("objects move down the storage classes, 30 days apart")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    put = a.s3.put_bucket_lifecycle_configuration
    refused(put, **MODELS, **moves((90, "GLACIER"), (180, "STANDARD_IA")))
    refused(put, **MODELS, **moves((90, "STANDARD_IA"), (100, "GLACIER_IR")))
    put(**MODELS, **moves((90, "STANDARD_IA"), (180, "GLACIER_IR")))


@EXAMPLES.of("objects expire after their last transition")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    put = a.s3.put_bucket_lifecycle_configuration
    refused(put, **MODELS, **moves((90, "STANDARD_IA"), Expiration={"Days": 60}))
    put(**MODELS, **moves((90, "STANDARD_IA"), Expiration={"Days": 120}))


@EXAMPLES.of("lifecycle rules have names of their own")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")

    def rules(*names: str) -> dict[str, Any]:
        one = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 60}}
        return {"LifecycleConfiguration": {"Rules": [{**one, "ID": name} for name in names]}}

    put = a.s3.put_bucket_lifecycle_configuration
    refused(put, **MODELS, **rules("old", "old"))
    put(**MODELS, **rules("old", "older"))


@EXAMPLES.of("a bucket's key is in the bucket's region")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")

    def encrypted(key: str) -> dict[str, Any]:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        rules = [{"ApplyServerSideEncryptionByDefault": default}]
        return {"ServerSideEncryptionConfiguration": {"Rules": rules}}

    refused(a.s3.put_bucket_encryption, **MODELS, **encrypted(a.there("us-west-2").key()))
    a.s3.put_bucket_encryption(**MODELS, **encrypted(a.key()))


@EXAMPLES.of("a public policy is blocked where public access is")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    block = {"BlockPublicPolicy": True}
    a.s3.put_public_access_block(**MODELS, PublicAccessBlockConfiguration=block)
    public = policy(allow("s3:GetObject", OBJECTS, Principal="*"))
    refused(a.s3.put_bucket_policy, **MODELS, Policy=public)
    a.s3.delete_public_access_block(**MODELS)
    a.s3.put_bucket_policy(**MODELS, Policy=public)


@EXAMPLES.of("a bucket's policy is about the bucket")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    owner = {"AWS": ROOT}
    wrong = policy(allow("s3:GetObject", "arn:aws:s3:::features/*", Principal=owner))
    refused(a.s3.put_bucket_policy, **MODELS, Policy=wrong)
    right = policy(allow("s3:GetObject", OBJECTS, Principal=owner))
    a.s3.put_bucket_policy(**MODELS, Policy=right)


@EXAMPLES.of("a bucket's policy names principals that exist")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")

    def readable_by(principal: str) -> str:
        return policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": principal}))

    refused(a.s3.put_bucket_policy, **MODELS, Policy=readable_by(GHOST))
    a.s3.put_bucket_policy(**MODELS, Policy=readable_by(a.role("reader")))


@EXAMPLES.of("a bucket whose owner is enforced has no ACL")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models", ObjectOwnership="BucketOwnerEnforced")
    a.bucket("legacy", ObjectOwnership="ObjectWriter")
    refused(a.s3.put_bucket_acl, **MODELS, ACL="public-read")
    a.s3.put_bucket_acl(Bucket="legacy", ACL="log-delivery-write")


@EXAMPLES.of("versioning stays on under object lock")
def _(a: Account, refused: Refused) -> None:
    a.bucket("logs", ObjectLockEnabledForBucket=True)
    a.bucket("models")
    off = {"VersioningConfiguration": {"Status": "Suspended"}}
    refused(a.s3.put_bucket_versioning, Bucket="logs", **off)
    a.s3.put_bucket_versioning(**MODELS, **off)


@EXAMPLES.of("access logs of a bucket may be written into their target")
def _(a: Account, refused: Refused) -> None:
    a.bucket("models")
    a.bucket("access-logs")
    target = {"TargetBucket": "access-logs", "TargetPrefix": "models/"}
    logging = {**MODELS, "BucketLoggingStatus": {"LoggingEnabled": target}}
    refused(a.s3.put_bucket_logging, **logging)
    service = {"Service": "logging.s3.amazonaws.com"}
    document = policy(allow("s3:PutObject", "arn:aws:s3:::access-logs/*", Principal=service))
    a.s3.put_bucket_policy(Bucket="access-logs", Policy=document)
    a.s3.put_bucket_logging(**logging)


@EXAMPLES.of("a secret's name keeps to its characters")
def _(a: Account, refused: Refused) -> None:
    refused(a.secretsmanager.create_secret, Name="a b", SecretString="x")
    a.secretsmanager.create_secret(Name="a/b_c+d=e.f@g-h", SecretString="x")


@EXAMPLES.of("a secret's replica has a key of its region")
def _(a: Account, refused: Refused) -> None:
    def replicated(key: str) -> list[dict[str, str]]:
        return [{"Region": "us-west-2", "KmsKeyId": key}]

    secret = {"Name": "database", "SecretString": "x"}
    create = a.secretsmanager.create_secret
    refused(create, **secret, AddReplicaRegions=replicated(a.key()))
    create(**secret, AddReplicaRegions=replicated(a.there("us-west-2").key()))


@EXAMPLES.of("a secret's policy is a policy and not public")
def _(a: Account, refused: Refused) -> None:
    a.secretsmanager.create_secret(Name="s", SecretString="x")
    put = a.secretsmanager.put_resource_policy
    read = "secretsmanager:GetSecretValue"
    refused(put, SecretId="s", ResourcePolicy=policy(allow(read, Principal="*")))
    put(SecretId="s", ResourcePolicy=policy(allow(read, Principal={"AWS": ROOT})))


@EXAMPLES.of("provisioned throughput has an amount")
def _(a: Account, refused: Refused) -> None:
    system = {"CreationToken": "t", "ThroughputMode": "provisioned"}
    refused(a.efs.create_file_system, **system)
    a.efs.create_file_system(**system, ProvisionedThroughputInMibps=64)


def file_system(a: Account, token: str = "t") -> str:
    return a.efs.create_file_system(CreationToken=token)["FileSystemId"]


@EXAMPLES.of("a replicated file system stays")
def _(a: Account, refused: Refused) -> None:
    system = file_system(a)
    west = [{"Region": "us-west-2"}]
    a.efs.create_replication_configuration(SourceFileSystemId=system, Destinations=west)
    refused(a.efs.delete_file_system, FileSystemId=system)
    a.efs.delete_replication_configuration(SourceFileSystemId=system)
    a.efs.delete_file_system(FileSystemId=system)


@EXAMPLES.of("a file system is replicated once")
def _(a: Account, refused: Refused) -> None:
    given = {"SourceFileSystemId": file_system(a), "Destinations": [{"Region": "us-west-2"}]}
    a.efs.create_replication_configuration(**given)
    refused(a.efs.create_replication_configuration, **given)


def expire(priority: int, status: str) -> dict[str, Any]:
    kept = {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 9}
    return {"rulePriority": priority, "selection": kept, "action": {"type": "expire"}}


def lifecycle(*rules: dict[str, Any]) -> dict[str, str]:
    return {"repositoryName": "models", "lifecyclePolicyText": json.dumps({"rules": rules})}


@EXAMPLES.of("a lifecycle policy of images has rules")
def _(a: Account, refused: Refused) -> None:
    a.ecr.create_repository(repositoryName="models")
    refused(
        a.ecr.put_lifecycle_policy, repositoryName="models", lifecyclePolicyText='{"a": []}' * 20
    )
    a.ecr.put_lifecycle_policy(**lifecycle(expire(1, "untagged")))


@EXAMPLES.of("a rule for any image is the last")
def _(a: Account, refused: Refused) -> None:
    a.ecr.create_repository(repositoryName="models")
    refused(a.ecr.put_lifecycle_policy, **lifecycle(expire(1, "any"), expire(2, "untagged")))
    a.ecr.put_lifecycle_policy(**lifecycle(expire(1, "untagged"), expire(2, "any")))


def plan(a: Account, **lifecycle: int) -> dict[str, Any]:
    if "vault" not in str(a.backup.list_backup_vaults()["BackupVaultList"]):
        a.backup.create_backup_vault(BackupVaultName="vault")
    rule: dict[str, Any] = {"RuleName": "daily", "TargetBackupVaultName": "vault"}
    if lifecycle:
        rule["Lifecycle"] = lifecycle
    return {"BackupPlan": {"BackupPlanName": "plan", "Rules": [rule]}}


def selection(role: str) -> dict[str, Any]:
    return {"BackupSelection": {"SelectionName": "all", "IamRoleArn": role, "Resources": ["*"]}}


@EXAMPLES.of("the role of a backup selection exists")
def _(a: Account, refused: Refused) -> None:
    made = a.backup.create_backup_plan(**plan(a))["BackupPlanId"]
    refused(a.backup.create_backup_selection, BackupPlanId=made, **selection(GHOST))
    role = a.role("backup", "backup.amazonaws.com")
    a.backup.create_backup_selection(BackupPlanId=made, **selection(role))


@EXAMPLES.of("a backup plan with selections stays")
def _(a: Account, refused: Refused) -> None:
    made = {"BackupPlanId": a.backup.create_backup_plan(**plan(a))["BackupPlanId"]}
    role = a.role("backup", "backup.amazonaws.com")
    chosen = a.backup.create_backup_selection(**made, **selection(role))["SelectionId"]
    refused(a.backup.delete_backup_plan, **made)
    a.backup.delete_backup_selection(**made, SelectionId=chosen)
    a.backup.delete_backup_plan(**made)


@EXAMPLES.of("a backup plan's vault exists")
def _(a: Account, refused: Refused) -> None:
    right = plan(a)
    wrong = json.loads(json.dumps(right).replace('"vault"', '"attic"'))
    refused(a.backup.create_backup_plan, **wrong)
    a.backup.create_backup_plan(**right)


@EXAMPLES.of("a cold backup is kept for 90 days more")
def _(a: Account, refused: Refused) -> None:
    cold = {"MoveToColdStorageAfterDays": 30}
    refused(a.backup.create_backup_plan, **plan(a, **cold, DeleteAfterDays=60))
    a.backup.create_backup_plan(**plan(a, **cold, DeleteAfterDays=120))
