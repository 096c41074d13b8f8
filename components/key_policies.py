"""Who may use which customer key: the statements of key policies, per purpose.

A key policy names only the account's root: it hands the decision to IAM and pins it by
conditions, because a policy that names a role is refused before the role exists. Services that
act without a caller are named as services and pinned to the account.
Source: AWS KMS developer guide, key policies and condition keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from components.base import Site

Purpose: TypeAlias = Literal["data", "secrets", "logs"]
PURPOSES: tuple[Purpose, ...] = ("data", "secrets", "logs")

Statement: TypeAlias = dict[str, object]

USED_THROUGH: Mapping[Purpose, tuple[str, ...]] = {
    "data": (
        "backup",
        "dynamodb",
        "ec2",
        "ecr",
        "elasticache",
        "elasticfilesystem",
        "rds",
        "s3",
    ),
    "secrets": ("eks", "secretsmanager", "ssm"),
    "logs": ("cloudtrail", "logs", "s3", "sns"),
}
"""Services through which anybody in the account may use the key, if IAM lets them."""

ALERT_PUBLISHERS = (
    "budgets.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "costalerts.amazonaws.com",
    "events.amazonaws.com",
)
"""Services that publish to encrypted topics with no caller's permissions."""

_ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:Create*",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Get*",
    "kms:List*",
    "kms:Put*",
    "kms:ReplicateKey",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
)
_USE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
)


def key_policy(site: Site, purpose: Purpose) -> str:
    """The policy of the site's key for a purpose, as JSON."""
    statements = [*_for_everyone(site, purpose)]
    if purpose == "logs":
        statements += _log_services(site)
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _for_everyone(site: Site, purpose: Purpose) -> Sequence[Statement]:
    caller = {"kms:CallerAccount": site.account_id}
    through = [f"{service}.{site.region}.amazonaws.com" for service in USED_THROUGH[purpose]]
    roles = f"arn:aws:iam::{site.account_id}:role{site.role_path}*"
    return (
        # Without conditions: AWS refuses a policy that could lock everybody out of its key.
        _allow("AdministrationByIam", _root(site), _ADMINISTER, {}),
        _allow(
            "UseThroughServices",
            _root(site),
            _USE,
            {"StringEquals": {**caller, "kms:ViaService": through}},
        ),
        _allow(
            "UseByRolesOfThePlatform",
            _root(site),
            _USE,
            {"StringEquals": caller, "ArnLike": {"aws:PrincipalArn": roles}},
        ),
        _allow(
            "GrantsToServices",
            _root(site),
            ("kms:CreateGrant",),
            {"StringEquals": caller, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    )


def _log_services(site: Site) -> Sequence[Statement]:
    account = {"StringEquals": {"aws:SourceAccount": site.account_id}}
    groups = f"arn:aws:logs:{site.region}:{site.account_id}:log-group:*"
    trails = f"arn:aws:cloudtrail:*:{site.account_id}:trail/*"
    return (
        _allow(
            "LogGroupsOfTheAccount",
            {"Service": f"logs.{site.region}.amazonaws.com"},
            _USE,
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        ),
        _allow(
            "TrailsOfTheAccount",
            {"Service": "cloudtrail.amazonaws.com"},
            ("kms:GenerateDataKey*",),
            {
                "ArnLike": {"aws:SourceArn": trails},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": trails},
            },
        ),
        _allow(  # apart, because describing a key has no encryption context
            "TrailsFindTheirKey",
            {"Service": "cloudtrail.amazonaws.com"},
            ("kms:DescribeKey",),
            {"ArnLike": {"aws:SourceArn": trails}},
        ),
        _allow(
            "LogDeliveryToBuckets",
            {"Service": "delivery.logs.amazonaws.com"},
            _USE,
            account,
        ),
        _allow(
            "AlertsToTopics",
            {"Service": list(ALERT_PUBLISHERS)},
            ("kms:Decrypt", "kms:GenerateDataKey*"),
            account,
        ),
    )


def _root(site: Site) -> dict[str, object]:
    return {"AWS": site.root_arn}


def _allow(
    sid: str,
    principal: Mapping[str, object],
    actions: Sequence[str],
    conditions: Mapping[str, Mapping[str, object]],
) -> Statement:
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": dict(principal),
        "Action": list(actions),
        "Resource": "*",  # in a key policy: this key
    }
    return {**statement, "Condition": conditions} if conditions else statement
