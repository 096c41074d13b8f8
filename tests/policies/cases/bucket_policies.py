"""What proves the rules about policies of buckets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.cases.buckets import BUCKET, INPUT, NAME, sibling
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

POLICY = recorded("aws:s3/bucketPolicy:BucketPolicy")


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [dict(one) for one in statements]})


def _policy(*statements: Mapping[str, Any], bucket: Any = NAME) -> Described:
    return sibling("Policy", bucket, policy=_document(*statements))


TLS: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
OPEN: dict[str, Any] = {
    "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*",
}  # fmt: skip
SHUT: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
AT = "policy.Statement[0]"


def _narrowed(operator: str, key: str, value: Any) -> Described:
    return _policy(OPEN | {"Condition": {operator: {key: value}}})


CASES = {
    "bucket-tls-only": Cases(
        failing=(
            fails(BUCKET, at="bucket", wanted="aws:SecureTransport = false"),
            fails(BUCKET, _policy(TLS, bucket="another"), at="bucket"),
            fails(BUCKET, _policy(TLS | {"Effect": "Allow"}), at="bucket"),
            fails(BUCKET, _policy(TLS | {"Action": "s3:GetObject"}), at="bucket"),
            fails(BUCKET, _policy(TLS | {"Resource": f"arn:aws:s3:::{NAME}/*"}), at="bucket"),
            fails(BUCKET, _policy(TLS | {"Principal": {"AWS": "123456789012"}}), at="bucket"),
            fails(
                BUCKET,
                _policy(TLS | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
                at="bucket",
            ),
        ),
        passing=(
            passes(BUCKET, _policy(TLS)),
            passes(BUCKET, _policy(OPEN, TLS | {"Principal": {"AWS": "*"}})),
            passes(BUCKET.but({"policy": _document(TLS)})),
        ),
        unknown=passes(BUCKET, sibling("Policy", policy=UNKNOWN)),
    ),
    "bucket-policy-not-public": Cases(
        failing=(
            fails(_policy(OPEN), at=f"{AT}.Principal", wanted="who is meant"),
            fails(_policy(OPEN | {"Principal": {"AWS": ["*"]}}), at=f"{AT}.Principal"),
            fails(
                _policy(
                    {k: v for k, v in OPEN.items() if k != "Principal"}
                    | {"NotPrincipal": {"AWS": "123456789012"}}
                ),
                at=f"{AT}.Principal",
            ),
            fails(_policy(TLS, OPEN), at="policy.Statement[1].Principal"),
            fails(_narrowed("StringEquals", "aws:UserAgent", "x"), at=f"{AT}.Principal"),
            fails(_narrowed("StringNotEquals", "aws:PrincipalOrgID", "o-1"), at=f"{AT}.Principal"),
            fails(_narrowed("StringLike", "aws:PrincipalOrgID", "*"), at=f"{AT}.Principal"),
            fails(INPUT.but({"policy": _document(OPEN)}), at=f"{AT}.Principal"),
        ),
        passing=(
            passes(POLICY),
            passes(INPUT),
            passes(_policy(TLS)),
            passes(_policy(OPEN | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}})),
            passes(_policy(OPEN | {"Principal": {"Service": "logging.s3.amazonaws.com"}})),
            passes(_narrowed("StringEquals", "aws:PrincipalOrgID", "o-1")),
            passes(
                _narrowed("ForAnyValue:StringLikeIfExists", "AWS:SourceAccount", "123456789012")
            ),
            passes(_narrowed("ArnLike", "aws:SourceArn", ["arn:aws:s3:::a"])),
        ),
        unknown=passes(sibling("Policy", policy=UNKNOWN)),
        secret=fails(
            sibling("Policy", policy=secret(_document(OPEN | {"Sid": PLAINTEXT}))),
            at=f"{AT}.Principal",
        ),
    ),
    "bucket-policy-keeps-owners-in": Cases(
        failing=(
            fails(_policy(SHUT), at=f"{AT}.Action", wanted="a condition"),
            fails(_policy(SHUT | {"Action": ["s3:GetObject", "*"]}), at=f"{AT}.Action"),
            fails(_policy(SHUT | {"Action": "s3:PutBucketPolicy"}), at=f"{AT}.Action"),
            fails(_policy(SHUT | {"Action": "s3:DeleteBucketPolicy"}), at=f"{AT}.Action"),
            fails(INPUT.but({"policy": _document(SHUT)}), at=f"{AT}.Action"),
        ),
        passing=(
            passes(POLICY),
            passes(_policy(TLS)),
            passes(_policy(SHUT | {"Action": "s3:DeleteObjectVersion"})),
            passes(_policy(SHUT | {"Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}})),
            passes(_policy(SHUT | {"Effect": "Allow"})),
        ),
        unknown=passes(sibling("Policy", policy=UNKNOWN)),
        secret=fails(
            sibling("Policy", policy=secret(_document(SHUT | {"Sid": PLAINTEXT}))),
            at=f"{AT}.Action",
        ),
    ),
}
