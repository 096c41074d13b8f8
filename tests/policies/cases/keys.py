"""What proves the rules about encryption keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Cases,
    Described,
    fails,
    passes,
    recorded,
    secret,
)

KEY = recorded("aws:kms/key:Key", "keys-data")
ROOT = "arn:aws:iam::123456789012:root"
OPEN: dict[str, Any] = {
    "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*",
}  # fmt: skip
OWNED: dict[str, Any] = {
    "Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:Put*", "Resource": "*",
}  # fmt: skip


def _key(*statements: Mapping[str, Any], type_: str = KEY.type) -> Described:
    document = json.dumps({"Version": "2012-10-17", "Statement": [dict(one) for one in statements]})
    return Described(type=type_, name="key", properties={**KEY.properties, "policy": document})


def _region(name: str, multi: Any, type_: str = KEY.type) -> Described:
    return Described(type=type_, name=name, properties={"multiRegion": multi})


CASES = {
    "key-rotated": Cases(
        failing=(
            fails(KEY.but({"enableKeyRotation": False}), at="enableKeyRotation", wanted="true"),
            fails(KEY.but({"enableKeyRotation": None}), at="enableKeyRotation"),
            fails(
                KEY.but({"enableKeyRotation": None, "customerMasterKeySpec": "SYMMETRIC_DEFAULT"}),
                at="enableKeyRotation",
            ),
        ),
        passing=(
            passes(KEY),
            passes(KEY.but({"enableKeyRotation": None, "customerMasterKeySpec": "RSA_2048"})),
        ),
        unknown=passes(KEY.but({"enableKeyRotation": UNKNOWN})),
        secret=fails(KEY.but({"enableKeyRotation": secret(value=False)}), at="enableKeyRotation"),
    ),
    "key-policy-names-principals": Cases(
        failing=(
            fails(_key(OPEN), at="policy.Statement[0].Principal", wanted="who is meant"),
            fails(_key(OWNED, OPEN), at="policy.Statement[1].Principal"),
            fails(
                _key(OPEN, type_="aws:kms/replicaKey:ReplicaKey"),
                at="policy.Statement[0].Principal",
            ),
            fails(
                _key(OPEN, type_="aws:kms/keyPolicy:KeyPolicy"), at="policy.Statement[0].Principal"
            ),
        ),
        passing=(
            passes(KEY),
            passes(
                _key(OPEN | {"Condition": {"StringEquals": {"kms:CallerAccount": "123456789012"}}})
            ),
            passes(_key(OPEN | {"Effect": "Deny"})),
        ),
        unknown=passes(KEY.but({"policy": UNKNOWN})),
        secret=fails(
            KEY.but({"policy": secret(json.dumps({"Statement": OPEN | {"Sid": PLAINTEXT}}))}),
            at="policy.Statement.Principal",
        ),
    ),
    "key-policy-of-its-own": Cases(
        failing=(
            fails(KEY.but({"policy": None}), at="policy", wanted="a policy of its own"),
            fails(
                KEY.but({"bypassPolicyLockoutSafetyCheck": True}),
                at="bypassPolicyLockoutSafetyCheck",
                wanted="false",
            ),
            fails(_key(OPEN), at="policy", wanted="kms:PutKeyPolicy"),
            fails(_key(OWNED | {"Effect": "Deny"}), at="policy"),
            fails(_key(OWNED | {"Action": "kms:Get*"}), at="policy"),
            fails(
                _key(OWNED | {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}}), at="policy"
            ),
        ),
        passing=(
            passes(KEY),
            passes(_key(OWNED)),
            passes(_key(OWNED | {"Principal": {"AWS": "123456789012"}})),
            passes(_key(OWNED).but({"bypassPolicyLockoutSafetyCheck": None})),
        ),
        unknown=passes(KEY.but({"policy": UNKNOWN})),
        secret=fails(
            KEY.but({"policy": secret(json.dumps({"Statement": OPEN | {"Sid": PLAINTEXT}}))}),
            at="policy",
        ),
    ),
    "key-deleted-slowly": Cases(
        failing=(
            fails(KEY.but({"deletionWindowInDays": 29}), at="deletionWindowInDays", wanted="30"),
            fails(KEY.but({"deletionWindowInDays": 7}), at="deletionWindowInDays"),
        ),
        passing=(
            passes(KEY),
            # Thirty days are what AWS takes without being told.
            passes(KEY.but({"deletionWindowInDays": None})),
        ),
        unknown=passes(KEY.but({"deletionWindowInDays": UNKNOWN})),
        secret=fails(KEY.but({"deletionWindowInDays": secret(7)}), at="deletionWindowInDays"),
    ),
    "key-in-both-regions": Cases(
        failing=(
            fails(_region("keys-data", multi=False), at="multiRegion", wanted="true"),
            fails(_region("keys-secrets", multi=None), at="multiRegion"),
            fails(_region("data", multi=None), at="multiRegion"),
            fails(
                _region("keys-data", multi=None),
                at="multiRegion",
                others=[_region("keys-secrets", multi=True), _region("keys-data", multi=False)],
            ),
        ),
        passing=(
            passes(_region("keys-data", multi=True)),
            passes(_region("keys-logs", multi=False)),
            passes(_region("keys-metadata", multi=False)),
            passes(
                _region("keys-data", multi=None),
                others=[_region("keys-data", multi=True, type_="aws:kms/replicaKey:ReplicaKey")],
            ),
        ),
        unknown=passes(_region("keys-data", UNKNOWN)),
    ),
}
