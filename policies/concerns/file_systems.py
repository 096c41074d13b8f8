"""File systems: encrypted, entered by access points, and there twice."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

DOCS = "https://docs.aws.amazon.com/efs/latest/ug"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
BACKUP = "aws:efs/backupPolicy:BackupPolicy"
REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration"


def _without_customer_key(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "encrypted", True)
    yield from must_have(one.properties, "kmsKeyId", "the ARN of a customer managed key")


def _entered_as_root(one: Subject) -> Iterator[Broken]:
    path = one.properties.text("rootDirectory.path")
    if path in ("", "/"):
        found = one.properties.shown("rootDirectory.path")
        yield Broken("rootDirectory.path", found, "a folder below the root")
    for key in ("posixUser.uid", "posixUser.gid"):
        if not one.properties.number(key):
            yield Broken(key, one.properties.shown(key), "a number above 0")


def _there_once(one: Subject, stack: Stack) -> Iterator[Broken]:
    backed_up = any(
        each.properties.text("backupPolicy.status") == "ENABLED"
        for each in stack.referring(one, "fileSystemId", BACKUP)
    )
    replicated = any(True for _ in stack.referring(one, "sourceFileSystemId", REPLICATION))
    if not (backed_up or replicated):
        yield Broken("id", "neither backed up nor replicated", "a backup policy or a replication")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=75,
        name="file-system-customer-key",
        because="The key that AWS manages cannot be revoked, nor audited apart.",
        fix="Set encrypted and kmsKeyId; a file system that exists is copied into a new one.",
        severity="high",
        reference=f"{DOCS}/encryption-at-rest.html",
        types=(FILE_SYSTEM,),
        broken=_without_customer_key,
    ),
    ResourceRule(
        number=76,
        name="access-point-confined",
        because="An access point at the root, or as the root user, is no fence.",
        fix="Set rootDirectory.path below the root and posixUser to numbers above 0.",
        severity="medium",
        reference=f"{DOCS}/efs-access-points.html",
        types=(ACCESS_POINT,),
        broken=_entered_as_root,
    ),
    StackRule(
        number=77,
        name="file-system-there-twice",
        because="A deleted file, or a lost region, takes the only copy.",
        fix="Give the file system a BackupPolicy that is ENABLED, or a replication.",
        severity="high",
        reference=f"{DOCS}/awsbackup.html",
        types=(FILE_SYSTEM,),
        broken=_there_once,
    ),
)
