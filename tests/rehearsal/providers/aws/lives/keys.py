"""Lives of KMS keys and what is said about them."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import ACCOUNT, Account
from tests.rehearsal.providers.aws.life import Life


def trusting(*actions: str) -> str:
    """A key policy for the account's root."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": [*actions],
                    "Resource": "*",
                }
            ],
        }
    )


KEY = (
    "aws:kms/key:Key",
    {
        "description": "data",
        "multiRegion": True,
        "enableKeyRotation": True,
        "deletionWindowInDays": 7,
        "policy": trusting("kms:*"),
        "tags": {"Name": "data"},
    },
)
PRIMARY = (KEY[0], {**KEY[1], "region": "us-west-2"})


def _key(account: Account, id_: str) -> Any:
    kms = account("kms")
    return [
        kms.describe_key(KeyId=id_)["KeyMetadata"]["Description"],
        kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"],
        kms.list_resource_tags(KeyId=id_)["Tags"],
    ]


LIVES = (
    Life(
        token=KEY[0],
        props=KEY[1],
        change={
            "description": "all data",
            "enableKeyRotation": False,
            "policy": trusting("kms:*", "kms:Encrypt"),
            "tags": {"Name": "all"},
        },
        look=_key,
        shows=["all data", False, [{"TagKey": "Name", "TagValue": "all"}]],
        meddle=lambda account, id_: account("kms").disable_key(KeyId=id_),
    ),
    Life(
        token="aws:kms/replicaKey:ReplicaKey",
        before={"primary": PRIMARY},
        props={
            "primaryKeyArn": "{before.primary.arn}",
            "description": "replica",
            "policy": trusting("kms:*", "kms:Decrypt"),
            "deletionWindowInDays": 7,
            "tags": {"Name": "replica"},
        },
        change={"description": "the replica", "tags": {"Name": "it"}},
        look=lambda account, id_: [
            account("kms").describe_key(KeyId=id_)["KeyMetadata"]["Description"],
            account("kms", "us-west-2").describe_key(KeyId=id_)["KeyMetadata"]["Description"],
        ],
        shows=["the replica", "data"],
        meddle=lambda account, id_: account("kms").put_key_policy(
            KeyId=id_, PolicyName="default", Policy=trusting("kms:Encrypt", "kms:*")
        ),
    ),
    Life(
        token="aws:kms/alias:Alias",
        before={"key": KEY, "other": KEY},
        props={"name": "alias/mlops/data", "targetKeyId": "{before.key.arn}"},
        change={"targetKeyId": "{before.other.id}"},
        look=lambda account, id_: account("kms").describe_key(KeyId=id_)["KeyMetadata"][
            "MultiRegion"
        ],
        shows=True,
        meddle=lambda account, id_: account("kms").update_alias(
            AliasName=id_, TargetKeyId=account.key
        ),
    ),
    Life(
        token="aws:kms/grant:Grant",
        before={"key": KEY},
        props={
            "name": "scaling",
            "keyId": "{before.key.arn}",
            "granteePrincipal": "{node_role}",
            "operations": ["Encrypt", "Decrypt", "CreateGrant"],
            "constraints": [{"encryptionContextEquals": {"team": "ml"}}],
        },
        meddle=lambda account, id_: account("kms").revoke_grant(
            KeyId=id_.partition(":")[0], GrantId=id_.partition(":")[2]
        ),
    ),
)
