"""Examples of refusals in KMS, and of keys that other services are told to use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.rehearsal.cloud.account import GHOST, KEY, ROOT, Account, allow, policy
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
OWNER = allow("kms:*", Principal={"AWS": ROOT})


@EXAMPLES.of("a key policy is a policy")
def _(a: Account, refused: Refused) -> None:
    refused(a.kms.create_key, Policy='{"Statement": [')
    a.kms.create_key(Policy=policy(OWNER))


@EXAMPLES.of("a key policy names principals that exist")
def _(a: Account, refused: Refused) -> None:
    wrong = allow("kms:Decrypt", Principal={"AWS": GHOST})
    refused(a.kms.create_key, Policy=policy(OWNER, wrong))
    right = allow("kms:Decrypt", Principal={"AWS": a.role("reader")})
    a.kms.create_key(Policy=policy(OWNER, right))


@EXAMPLES.of("a key policy lets its account change it")
def _(a: Account, refused: Refused) -> None:
    service = allow("kms:*", Principal={"Service": "logs.us-east-1.amazonaws.com"})
    reader = allow("kms:Decrypt", Principal={"AWS": ROOT})
    refused(a.kms.create_key, Policy=policy(service, reader))
    a.kms.create_key(Policy=policy(service, OWNER))


@EXAMPLES.of("aliases under alias/aws are AWS's")
def _(a: Account, refused: Refused) -> None:
    key = a.key()
    refused(a.kms.create_alias, AliasName="alias/aws/mine", TargetKeyId=key)
    a.kms.create_alias(AliasName="alias/mine", TargetKeyId=key)


@EXAMPLES.of("a key waits 7 to 30 days for its deletion")
def _(a: Account, refused: Refused) -> None:
    key = a.key()
    for days in (6, 31):
        refused(a.kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=days)
    a.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)


@EXAMPLES.of("a key that waits for its deletion is not used")
def _(a: Account, refused: Refused) -> None:
    refused(a.kms.encrypt, KeyId=a.retired_key(), Plaintext=b"x")
    a.kms.encrypt(KeyId=a.key(), Plaintext=b"x")


@EXAMPLES.of("a grant's principal exists")
def _(a: Account, refused: Refused) -> None:
    grant = {"KeyId": a.key(), "Operations": ["Decrypt"]}
    refused(a.kms.create_grant, **grant, GranteePrincipal=GHOST)
    a.kms.create_grant(**grant, GranteePrincipal=a.role("reader"))


@EXAMPLES.of("only a multi-region key is replicated")
def _(a: Account, refused: Refused) -> None:
    refused(a.kms.replicate_key, KeyId=a.key(), ReplicaRegion="us-west-2")
    a.kms.replicate_key(KeyId=name(a.key(MultiRegion=True)), ReplicaRegion="us-west-2")


@EXAMPLES.of("a key has one replica in a region")
def _(a: Account, refused: Refused) -> None:
    key = name(a.key(MultiRegion=True))
    a.kms.replicate_key(KeyId=key, ReplicaRegion="us-west-2")
    refused(a.kms.replicate_key, KeyId=key, ReplicaRegion="us-west-2")
    refused(a.kms.replicate_key, KeyId=key, ReplicaRegion="us-east-1")


def name(arn: str) -> str:
    return arn.rpartition("/")[2]


def encrypts(what: str, use: Callable[[Account, str, str], Any]) -> None:
    """The example for one service: a key that does not exist, one that is about to go, one
    of another region, and one that is usable."""

    @EXAMPLES.of(f"{what} key exists in the region and is usable")
    def _(a: Account, refused: Refused) -> None:
        refused(use, a, "absent", KEY)
        refused(use, a, "retired", a.retired_key())
        refused(use, a, "elsewhere", a.there("us-west-2").key())
        use(a, "usable", a.key())


encrypts("a volume's default", lambda a, _, k: a.ec2.modify_ebs_default_kms_key_id(KmsKeyId=k))
encrypts("a database's", lambda a, n, k: a.database(n, StorageEncrypted=True, KmsKeyId=k))
encrypts("a log group's", lambda a, n, k: a.logs.create_log_group(logGroupName=n, kmsKeyId=k))
encrypts(
    "a secret's",
    lambda a, n, k: a.secretsmanager.create_secret(Name=n, SecretString="x", KmsKeyId=k),
)
encrypts(
    "a file system's",
    lambda a, n, k: a.efs.create_file_system(CreationToken=n, Encrypted=True, KmsKeyId=k),
)
encrypts(
    "a repository's",
    lambda a, n, k: a.ecr.create_repository(
        repositoryName=n, encryptionConfiguration={"encryptionType": "KMS", "kmsKey": k}
    ),
)
encrypts("a topic's", lambda a, n, k: a.sns.create_topic(Name=n, Attributes={"KmsMasterKeyId": k}))


def trail(a: Account, trail_name: str, key: str) -> None:
    bucket = f"trail-{trail_name}-bucket"
    service = {"Service": "cloudtrail.amazonaws.com"}
    a.bucket(bucket)
    a.s3.put_bucket_policy(
        Bucket=bucket,
        Policy=policy(
            allow("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", Principal=service),
            allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*", Principal=service),
        ),
    )
    a.cloudtrail.create_trail(Name=trail_name, S3BucketName=bucket, KmsKeyId=key)


encrypts("a trail's", trail)
encrypts(
    "a backup vault's",
    lambda a, n, k: a.backup.create_backup_vault(BackupVaultName=n, EncryptionKeyArn=k),
)
encrypts(
    "a table's",
    lambda a, n, k: a.dynamodb.create_table(
        TableName=n,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": k},
    ),
)
