"""Lives of secrets, their values, policies and rotation."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.life import Life

SECRET = (
    "aws:secretsmanager/secret:Secret",
    {
        "name": "mlflow-database",
        "description": "Connection of MLflow",
        "kmsKeyId": "{key}",
        "recoveryWindowInDays": 0,
        "replicas": [{"region": "us-west-2"}],
        "tags": {"Name": "mlflow"},
    },
)

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
VALUE = {"secretId": "{before.secret.id}", "secretString": "first"}


def _policy(effect: str) -> str:
    statement = {
        "Effect": effect,
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _stored_policy(account: Any, id_: str) -> Any:
    return account("secretsmanager").get_resource_policy(SecretId=id_)["ResourcePolicy"]


LIVES = (
    Life(
        token=SECRET[0],
        props=SECRET[1],
        change={"description": "Of MLflow", "replicas": [], "tags": {"Name": "tracking"}},
        look=lambda account, id_: [
            account("secretsmanager").describe_secret(SecretId=id_).get(member)
            for member in ("Description", "ReplicationStatus", "Tags")
        ],
        shows=["Of MLflow", None, [{"Key": "Name", "Value": "tracking"}]],
        meddle=lambda account, id_: account("secretsmanager").update_secret(
            SecretId=id_, Description="somebody's"
        ),
    ),
    Life(
        token="aws:secretsmanager/secretVersion:SecretVersion",
        before={"secret": SECRET},
        props={
            "secretId": "{before.secret.id}",
            "secretString": "first",
            "versionStages": ["AWSCURRENT"],
        },
        change={"versionStages": ["AWSCURRENT", "blue"]},
        look=lambda account, id_: account("secretsmanager").get_secret_value(
            SecretId=id_.split("|")[0], VersionStage="blue"
        )["SecretString"],
        shows="first",
        meddle=lambda account, id_: account("secretsmanager").put_secret_value(
            SecretId=id_.split("|")[0], SecretString="second"
        ),
        stays=True,
    ),
    Life(
        token="aws:secretsmanager/secretPolicy:SecretPolicy",
        before={"secret": SECRET},
        props={"secretArn": "{before.secret.id}", "policy": _policy("Allow")},
        change={"policy": _policy("Deny")},
        look=_stored_policy,
        shows=_policy("Deny"),
        meddle=lambda account, id_: account("secretsmanager").put_resource_policy(
            SecretId=id_, ResourcePolicy=_policy("Allow")
        ),
    ),
    Life(
        token="aws:secretsmanager/secretRotation:SecretRotation",
        before={"secret": SECRET, "value": (VERSION, VALUE)},
        props={"secretId": "{before.secret.id}", "rotationRules": {"automaticallyAfterDays": 30}},
        change={"rotationRules": {"automaticallyAfterDays": 60}},
        look=lambda account, id_: account("secretsmanager").describe_secret(SecretId=id_)[
            "RotationRules"
        ]["AutomaticallyAfterDays"],
        shows=60,
        meddle=lambda account, id_: account("secretsmanager").cancel_rotate_secret(SecretId=id_),
    ),
)
