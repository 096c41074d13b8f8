"""What proves the rules about secrets and parameters."""

from __future__ import annotations

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

SECRET = recorded("aws:secretsmanager/secret:Secret")
STACKED = recorded("aws:secretsmanager/secret:Secret", asked="stack").but({"id": "arn:1"})


def _rotation(of: Any = "arn:1", **rules: Any) -> Described:
    return Described(
        type="aws:secretsmanager/secretRotation:SecretRotation",
        name="rotation",
        properties={"secretId": of, "rotationRules": rules},
    )


def _parameter(name: Any, type_: Any, value: Any = "x") -> Described:
    return Described(
        type="aws:ssm/parameter:Parameter",
        name="parameter",
        properties={"name": name, "type": type_, "value": value},
    )


CASES = {
    "secret-customer-key": Cases(
        failing=(
            fails(SECRET.but({"kmsKeyId": None}), at="kmsKeyId", wanted="customer managed key"),
            fails(SECRET.but({"kmsKeyId": "alias/aws/secretsmanager"}), at="kmsKeyId"),
            fails(
                SECRET.but({"kmsKeyId": None}),
                at="kmsKeyId",
                settings={"secrets_key": None},
                repairable=False,
            ),
        ),
        passing=(passes(SECRET), passes(SECRET.but({"kmsKeyId": "alias/own"}))),
        unknown=passes(SECRET.but({"kmsKeyId": UNKNOWN})),
        unknown_is="passing",
        secret=fails(SECRET.but({"kmsKeyId": secret(f"alias/aws/{PLAINTEXT}")}), at="kmsKeyId"),
    ),
    "secret-rotated": Cases(
        failing=(
            fails(STACKED, at="name", wanted="90 days"),
            fails(STACKED, _rotation(automaticallyAfterDays=91), at="name"),
            fails(STACKED, _rotation(automaticallyAfterDays=0), at="name"),
            fails(STACKED, _rotation("arn:2", automaticallyAfterDays=30), at="name"),
        ),
        passing=(
            passes(STACKED, _rotation(automaticallyAfterDays=90)),
            passes(STACKED, _rotation(scheduleExpression="rate(30 days)")),
        ),
        unknown=passes(STACKED, _rotation(automaticallyAfterDays=UNKNOWN)),
    ),
    "secret-in-both-regions": Cases(
        failing=(
            fails(SECRET.but({"replicas": None}), at="replicas", wanted="us-west-2"),
            fails(SECRET.but({"replicas": [{"region": "eu-west-1"}]}), at="replicas"),
        ),
        passing=(
            passes(SECRET.but({"replicas": [{"region": "eu-west-1"}, {"region": "us-west-2"}]})),
            passes(SECRET.but({"replicas": None}), role="standby"),
        ),
        unknown=passes(SECRET.but({"replicas": [{"region": UNKNOWN}]})),
    ),
    "parameter-secure": Cases(
        failing=(
            *(
                fails(_parameter(f"/app/DB_{word}", "String"), at="type", wanted="SecureString")
                for word in ("PASSWORD", "secret", "Token", "key", "credentials")
            ),
            fails(_parameter("/app/size", "String", secret(PLAINTEXT)), at="type"),
        ),
        passing=(
            passes(_parameter("/app/password", "SecureString")),
            passes(_parameter("/app/size", "String")),
        ),
        unknown=passes(_parameter("/app/password", UNKNOWN)),
        secret=fails(_parameter(secret("/app/password"), "String"), at="type"),
    ),
}
