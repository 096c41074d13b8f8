"""Keys that services are told to encrypt with: they must exist, here, and be usable. One
rule for each service, because each has its own code for it."""

from __future__ import annotations

from dataclasses import dataclass

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import key_problem
from rehearsal.cloud.refusals.rule import Broken, Rule

DOCS = "https://docs.aws.amazon.com"


@dataclass(frozen=True)
class Use:
    """What a service encrypts, by which operations, with the key at which parameters."""

    what: str
    service: str
    operations: tuple[str, ...]
    paths: tuple[str, ...]
    code: str
    url: str


def _unusable(paths: tuple[str, ...]) -> Broken:
    def broken(call: Call) -> str | None:
        for path in paths:
            problem = key_problem(call, call.get(path))
            if problem:
                return problem
        return None

    return broken


USES = (
    Use(
        "a volume's default",
        "ec2",
        ("ModifyEbsDefaultKmsKeyId",),
        ("KmsKeyId",),
        "InvalidParameterValue",
        f"{DOCS}/AWSEC2/latest/APIReference/API_ModifyEbsDefaultKmsKeyId.html",
    ),
    Use(
        "a database's",
        "rds",
        ("CreateDBInstance", "CreateDBInstanceReadReplica", "CopyDBSnapshot"),
        ("KmsKeyId", "PerformanceInsightsKMSKeyId", "MasterUserSecretKmsKeyId"),
        "KMSKeyNotAccessibleFault",
        f"{DOCS}/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
    ),
    Use(
        "a log group's",
        "logs",
        ("CreateLogGroup", "AssociateKmsKey"),
        ("kmsKeyId",),
        "InvalidParameterException",
        f"{DOCS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
    Use(
        "a secret's",
        "secretsmanager",
        ("CreateSecret", "UpdateSecret"),
        ("KmsKeyId",),
        "EncryptionFailure",
        f"{DOCS}/secretsmanager/latest/userguide/security-encryption.html",
    ),
    Use(
        "a file system's",
        "efs",
        ("CreateFileSystem",),
        ("KmsKeyId",),
        "BadRequest",
        f"{DOCS}/efs/latest/ug/encryption-at-rest.html",
    ),
    Use(
        "a repository's",
        "ecr",
        ("CreateRepository",),
        ("encryptionConfiguration.kmsKey",),
        "KmsException",
        f"{DOCS}/AmazonECR/latest/userguide/encryption-at-rest.html",
    ),
    Use(
        "a topic's",
        "sns",
        ("CreateTopic",),
        ("Attributes.KmsMasterKeyId",),
        "KMSNotFound",
        f"{DOCS}/sns/latest/dg/sns-enable-encryption-for-topic.html",
    ),
    Use(
        "a trail's",
        "cloudtrail",
        ("CreateTrail", "UpdateTrail"),
        ("KmsKeyId",),
        "KmsKeyNotFoundException",
        f"{DOCS}/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
    ),
    Use(
        "a backup vault's",
        "backup",
        ("CreateBackupVault",),
        ("EncryptionKeyArn",),
        "InvalidParameterValueException",
        f"{DOCS}/aws-backup/latest/devguide/encryption.html",
    ),
    Use(
        "a table's",
        "dynamodb",
        ("CreateTable",),
        ("SSESpecification.KMSMasterKeyId",),
        "ValidationException",
        f"{DOCS}/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
    ),
)

RULES = tuple(
    Rule(
        name=f"{use.what} key exists in the region and is usable",
        service=use.service,
        operations=use.operations,
        code=use.code,
        url=use.url,
        broken=_unusable(use.paths),
    )
    for use in USES
)
