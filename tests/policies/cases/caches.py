"""What proves the rules about caches."""

from __future__ import annotations

from tests.policies.scene import UNKNOWN, Cases, fails, passes, recorded, secret

GROUP = recorded("aws:elasticache/replicationGroup:ReplicationGroup")
FLAGS = ("atRestEncryptionEnabled", "transitEncryptionEnabled")
SURVIVING = ("automaticFailoverEnabled", "multiAzEnabled")

CASES = {
    "cache-encrypted-and-authenticated": Cases(
        failing=(
            *(fails(GROUP.but({key: False}), at=key, wanted="true") for key in FLAGS),
            *(fails(GROUP.but({key: None}), at=key) for key in FLAGS),
            fails(GROUP.but({"userGroupIds": None}), at="userGroupIds", wanted="authToken"),
        ),
        passing=(
            passes(GROUP),
            passes(GROUP.but({"userGroupIds": None, "authToken": secret("x" * 16)})),
            passes(GROUP.but({"userGroupIds": UNKNOWN})),
        ),
        unknown=passes(GROUP.but({"transitEncryptionEnabled": UNKNOWN})),
        secret=fails(
            GROUP.but({"transitEncryptionEnabled": secret(value=False)}),
            at="transitEncryptionEnabled",
        ),
    ),
    "cache-survives": Cases(
        failing=(
            *(fails(GROUP.but({key: False}), at=key, wanted="true") for key in SURVIVING),
            fails(GROUP.but({"snapshotRetentionLimit": 0}), at="snapshotRetentionLimit"),
            fails(
                GROUP.but({"snapshotRetentionLimit": None}),
                at="snapshotRetentionLimit",
                wanted="1 days",
            ),
        ),
        passing=(passes(GROUP), passes(GROUP.but({"snapshotRetentionLimit": 1}))),
        unknown=passes(GROUP.but({"multiAzEnabled": UNKNOWN})),
        secret=fails(GROUP.but({"snapshotRetentionLimit": secret(0)}), at="snapshotRetentionLimit"),
    ),
}
