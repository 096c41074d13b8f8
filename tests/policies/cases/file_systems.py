"""What proves the rules about file systems."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

FILES = recorded("aws:efs/fileSystem:FileSystem")
STACKED = recorded("aws:efs/fileSystem:FileSystem", asked="stack").but({"id": "fs-1"})
POINT = recorded("aws:efs/accessPoint:AccessPoint")


def _backup(status: Any, of: Any = "fs-1") -> Described:
    return Described(
        type="aws:efs/backupPolicy:BackupPolicy",
        name="backup",
        properties={"fileSystemId": of, "backupPolicy": {"status": status}},
    )


def _replication(of: Any) -> Described:
    return Described(
        type="aws:efs/replicationConfiguration:ReplicationConfiguration",
        name="replication",
        properties={"sourceFileSystemId": of},
    )


CASES = {
    "file-system-customer-key": Cases(
        failing=(
            fails(FILES.but({"encrypted": False}), at="encrypted", wanted="true"),
            fails(FILES.but({"encrypted": None}), at="encrypted"),
            fails(FILES.but({"kmsKeyId": None}), at="kmsKeyId", wanted="customer managed key"),
        ),
        passing=(passes(FILES), passes(FILES.but({"kmsKeyId": UNKNOWN}))),
        unknown=passes(FILES.but({"encrypted": UNKNOWN})),
        secret=fails(FILES.but({"encrypted": secret(value=False)}), at="encrypted"),
    ),
    "access-point-confined": Cases(
        failing=(
            fails(POINT.but({"rootDirectory.path": "/"}), at="rootDirectory.path", wanted="below"),
            fails(POINT.but({"rootDirectory": None}), at="rootDirectory.path"),
            fails(POINT.but({"posixUser.uid": 0}), at="posixUser.uid", wanted="above 0"),
            fails(POINT.but({"posixUser.gid": None}), at="posixUser.gid"),
        ),
        passing=(passes(POINT), passes(POINT.but({"posixUser.uid": 1}))),
        unknown=passes(POINT.but({"rootDirectory.path": UNKNOWN})),
        secret=fails(POINT.but({"rootDirectory.path": secret("/")}), at="rootDirectory.path"),
    ),
    "file-system-there-twice": Cases(
        failing=(
            fails(STACKED, at="id", wanted="a backup policy or a replication"),
            fails(STACKED, _backup("DISABLED"), at="id"),
            fails(STACKED, _backup("ENABLED", "fs-2"), _replication("fs-2"), at="id"),
        ),
        passing=(
            passes(STACKED, _backup("ENABLED")),
            passes(STACKED, _replication("fs-1")),
            passes(STACKED, _replication(UNKNOWN).flowing("sourceFileSystemId", STACKED)),
        ),
        unknown=passes(STACKED, _backup(UNKNOWN)),
    ),
}
