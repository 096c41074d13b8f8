"""What proves the rules about permissions."""

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

INLINE = recorded("aws:iam/rolePolicy:RolePolicy")
ROLE = recorded("aws:iam/role:Role")
ATTACHMENT = recorded("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
LIMIT = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}
AT = "policy.Statement[0]"


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [dict(one) for one in statements]})


def _policy(*statements: Mapping[str, Any]) -> Described:
    return INLINE.but({"policy": _document(*statements)})


def _allowed(*actions: str, on: Any = "*", **more: Any) -> Described:
    return _policy({"Effect": "Allow", "Action": list(actions), "Resource": on, **more})


def _of_role(*statements: Mapping[str, Any]) -> Described:
    return ROLE.but({"inlinePolicies": [{"name": "a", "policy": _document(*statements)}]})


def _hidden(*actions: str) -> Described:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", "Sid": PLAINTEXT}
    return INLINE.but({"policy": secret(_document(statement))})


UNSEEN = INLINE.but({"policy": UNKNOWN})
RISING = (
    ("iam:CreatePolicyVersion",), ("iam:SetDefaultPolicyVersion",), ("iam:AttachRolePolicy",),
    ("iam:AttachUserPolicy",), ("iam:AttachGroupPolicy",), ("iam:PutRolePolicy",),
    ("iam:PutUserPolicy",), ("iam:PutGroupPolicy",), ("iam:AddUserToGroup",),
    ("iam:UpdateAssumeRolePolicy",), ("iam:CreateAccessKey",), ("iam:CreateLoginProfile",),
    ("iam:UpdateLoginProfile",), ("iam:DeleteRolePermissionsBoundary",),
    ("iam:PassRole", "ec2:RunInstances"),
    ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
    ("iam:PassRole", "cloudformation:CreateStack"),
    ("iam:PassRole", "eks:CreatePodIdentityAssociation"),
)  # fmt: skip

CASES = {
    "permissions-not-everything": Cases(
        failing=(
            fails(_policy(ALL), at=f"{AT}.Action", wanted="actions by name"),
            fails(_policy(ALL | {"Action": ["s3:GetObject", "*:*"]}), at=f"{AT}.Action"),
            fails(
                _policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
                at=f"{AT}.Action",
            ),
            fails(
                _policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::a"}),
                at=f"{AT}.Action",
            ),
            fails(_of_role(ALL), at="inlinePolicies[0].policy.Statement[0].Action"),
            fails(
                Described(
                    type="aws:iam/policy:Policy", name="a", properties={"policy": _document(ALL)}
                ),
                at=f"{AT}.Action",
            ),
        ),
        passing=(
            passes(INLINE),
            passes(ROLE),
            passes(_policy(ALL | {"Effect": "Deny"})),
            passes(_policy(ALL | {"Action": "s3:*"})),
            passes(_policy(ALL | {"Resource": "arn:aws:s3:::a"})),
        ),
        unknown=passes(UNSEEN),
        secret=fails(_hidden("*"), at=f"{AT}.Action"),
    ),
    "no-administrator-policy": Cases(
        failing=(
            *(
                fails(
                    ATTACHMENT.but({"policyArn": f"arn:aws:iam::aws:policy/{name}"}),
                    at="policyArn",
                    wanted="what is needed",
                )
                for name in ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
            ),
            fails(
                ROLE.but({"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
                at="managedPolicyArns",
            ),
        ),
        passing=(
            passes(ATTACHMENT),
            passes(ROLE),
            passes(ATTACHMENT.but({"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})),
        ),
        unknown=passes(ATTACHMENT.but({"policyArn": UNKNOWN})),
        secret=fails(
            ATTACHMENT.but(
                {"policyArn": secret(f"arn:aws:iam::aws:policy/{PLAINTEXT}/AdministratorAccess")}
            ),
            at="policyArn",
        ),
    ),
    "no-way-up-or-out": Cases(
        failing=(
            *(
                fails(_allowed(*actions), at=f"{AT}.Action", wanted="these give any right")
                for actions in RISING
            ),
            fails(_allowed("iam:Put*"), at=f"{AT}.Action"),
            *(
                fails(_allowed(action), at=f"{AT}.Resource", wanted="carry data out")
                for action in (
                    "s3:GetObject",
                    "secretsmanager:GetSecretValue",
                    "ssm:GetParameter",
                    "ssm:GetParameters",
                    "ssm:GetParametersByPath",
                    "rds:CopyDBSnapshot",
                    "dynamodb:Scan",
                    "s3:*",
                )
            ),
        ),
        passing=(
            passes(INLINE),
            passes(_allowed("iam:PutRolePolicy", on="arn:aws:iam::123456789012:role/a")),
            passes(_allowed("iam:PutRolePolicy", **LIMIT)),
            passes(_allowed("iam:PassRole", "lambda:CreateFunction")),
            passes(_allowed("s3:ListAllMyBuckets")),
            # Refused by the rule about everything.
            passes(_policy(ALL)),
        ),
        unknown=passes(UNSEEN),
        secret=fails(_hidden("iam:PutRolePolicy"), at=f"{AT}.Action"),
    ),
    "permissions-on-named-resources": Cases(
        failing=(
            fails(_allowed("sqs:SendMessage"), at=f"{AT}.Resource", wanted="resources by name"),
            fails(_allowed("ec2:DescribeVpcs", "ec2:CreateTags"), at=f"{AT}.Resource"),
            fails(
                _policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
                at=f"{AT}.Resource",
            ),
        ),
        passing=(
            passes(INLINE),
            passes(_allowed("sqs:SendMessage", **LIMIT)),
            passes(_allowed("ec2:DescribeVpcs", "ecr:GetAuthorizationToken", "ec2:Describe*")),
            passes(_allowed("sqs:SendMessage", on=["arn:aws:sqs:us-east-1:123456789012:a"])),
        ),
        unknown=passes(UNSEEN),
        secret=fails(_hidden("sqs:SendMessage"), at=f"{AT}.Resource"),
    ),
    "no-decryption-with-every-key": Cases(
        failing=(
            fails(_allowed("kms:Decrypt"), at=f"{AT}.Resource", wanted="keys by ARN"),
            fails(_allowed("kms:ReEncryptFrom"), at=f"{AT}.Resource"),
            fails(_allowed("kms:*"), at=f"{AT}.Resource"),
            *(
                fails(
                    _allowed("kms:Decrypt", on=f"arn:aws:kms:us-east-1:123456789012{end}"),
                    at=f"{AT}.Resource",
                )
                for end in (":key/*", ":*", ":alias/*")
            ),
        ),
        passing=(
            passes(INLINE),
            passes(_allowed("kms:Decrypt", on="arn:aws:kms:us-east-1:123456789012:key/a")),
            passes(_allowed("kms:Decrypt", on="arn:aws:logs:us-east-1:123456789012:*")),
            passes(_allowed("kms:DescribeKey")),
            passes(_allowed("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "s3.a"}})),
        ),
        unknown=passes(UNSEEN),
        secret=fails(_hidden("kms:Decrypt"), at=f"{AT}.Resource"),
    ),
}
