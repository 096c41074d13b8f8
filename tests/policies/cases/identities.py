"""What proves the rules about identities."""

from __future__ import annotations

import json
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

ROLE = recorded("aws:iam/role:Role")
STACKED = recorded("aws:iam/role:Role", asked="stack").but({"managedPolicyArns": None})
NAME = STACKED.properties["name"]
TRUST = "assumeRolePolicy.Statement[0]"
GITHUB = "token.actions.githubusercontent.com"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _trusting(principal: Any, **more: Any) -> Described:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return ROLE.but({"assumeRolePolicy": json.dumps({"Statement": [statement]})})


def _pipeline(**claims: Any) -> Described:
    conditions: dict[str, dict[str, Any]] = {}
    for claim, value in claims.items():
        operator = "StringLike" if "*" in str(value) else "StringEquals"
        conditions.setdefault(operator, {})[f"{GITHUB}:{claim}"] = value
    return _trusting(
        {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition=conditions,
    )


def _attachment(role: Any = NAME, policy: Any = READ) -> Described:
    return Described(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name="attachment",
        properties={"role": role, "policyArn": policy},
    )


def _exclusive(role: Any = NAME) -> Described:
    return Described(
        type="aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        name="exclusive",
        properties={"roleName": role},
    )


def _shared(*roles: Any) -> Described:
    return Described(
        type="aws:iam/policyAttachment:PolicyAttachment",
        name="shared",
        properties={"roles": list(roles)},
    )


ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
PINNED = {"aud": "sts.amazonaws.com", "sub": "repo:company/platform:environment:production"}
FOREIGN = "arn:aws:iam::999999999999:root"

CASES = {
    "role-trusts-named-principals": Cases(
        failing=(
            fails(_trusting("*"), at=f"{TRUST}.Principal", wanted="who is meant"),
            fails(_trusting({"AWS": ["*"]}), at=f"{TRUST}.Principal"),
            fails(
                ROLE.but(
                    {
                        "assumeRolePolicy": json.dumps(
                            {"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": FOREIGN}}]}
                        )
                    }
                ),
                at=f"{TRUST}.Principal",
            ),
            fails(_trusting({"AWS": FOREIGN}), at=f"{TRUST}.Principal", wanted="sts:ExternalId"),
            fails(_trusting({"AWS": "999999999999"}), at=f"{TRUST}.Principal"),
            fails(
                _trusting({"Service": "pods.eks.amazonaws.com"}),
                at=f"{TRUST}.Condition",
                wanted="aws:SourceAccount",
            ),
        ),
        passing=(
            passes(ROLE),
            passes(_trusting({"AWS": "arn:aws:iam::123456789012:role/a"})),
            passes(_trusting({"AWS": "123456789012"})),
            passes(_trusting("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})),
            passes(
                _trusting({"AWS": FOREIGN}, Condition={"StringEquals": {"sts:ExternalId": "a"}})
            ),
            passes(_trusting({"Service": "ec2.amazonaws.com"})),
            passes(_trusting({"Service": "pods.eks.amazonaws.com"}, Condition=ACCOUNT)),
            passes(_trusting("*", Effect="Deny")),
        ),
        unknown=passes(ROLE.but({"assumeRolePolicy": UNKNOWN})),
        secret=fails(
            ROLE.but(
                {
                    "assumeRolePolicy": secret(
                        json.dumps(
                            {"Statement": [{"Effect": "Allow", "Principal": "*", "Sid": PLAINTEXT}]}
                        )
                    )
                }
            ),
            at=f"{TRUST}.Principal",
        ),
    ),
    "ci-claims-pinned": Cases(
        failing=(
            fails(_pipeline(sub=PINNED["sub"]), at=f"{TRUST}.Condition", wanted="aud"),
            fails(_pipeline(**PINNED | {"aud": "other"}), at=f"{TRUST}.Condition"),
            fails(_pipeline(aud=PINNED["aud"]), at=f"{TRUST}.Condition", wanted="one repository"),
            *(
                fails(_pipeline(**PINNED | {"sub": sub}), at=f"{TRUST}.Condition")
                for sub in (
                    "repo:company/*:environment:production",
                    "repo:*",
                    "*",
                    "repo:company",
                    "repo:company/platform",
                    "repo:company/platform:*",
                    "user:company/platform:a",
                )
            ),
        ),
        passing=(
            passes(ROLE),
            passes(_pipeline(**PINNED)),
            passes(_pipeline(**PINNED | {"sub": "repo:company/platform:ref:refs/tags/v*"})),
            passes(_trusting({"Federated": "arn:aws:iam::123456789012:oidc-provider/other"})),
        ),
        unknown=passes(ROLE.but({"assumeRolePolicy": UNKNOWN})),
        secret=fails(
            ROLE.but(
                {
                    "assumeRolePolicy": secret(
                        _pipeline(**PINNED | {"sub": "*"}).properties["assumeRolePolicy"]
                    )
                }
            ),
            at=f"{TRUST}.Condition",
        ),
    ),
    "no-lasting-credentials": Cases(
        failing=(
            fails(Described(type="aws:iam/user:User", name="a", properties={}), at=""),
            fails(
                Described(type="aws:iam/accessKey:AccessKey", name="a", properties={"user": "a"}),
                at="",
                wanted="a role",
            ),
        ),
        passing=(
            passes(ROLE),
            passes(Described(type="aws:iam/group:Group", name="a", properties={})),
        ),
        unknown=passes(ROLE.but({"name": UNKNOWN})),
        unknown_is="passing",
    ),
    "policies-attached-one-way": Cases(
        failing=(
            fails(
                STACKED.but({"managedPolicyArns": ["arn:aws:iam::aws:policy/A"]}),
                _attachment(),
                at="managedPolicyArns",
                wanted="one way of attaching",
            ),
            fails(STACKED, _exclusive(), _attachment(), at="name"),
            fails(STACKED, _shared("a", NAME), _attachment(), at="name"),
        ),
        passing=(
            passes(STACKED, _attachment()),
            passes(STACKED, _exclusive()),
            passes(STACKED, _exclusive("other"), _attachment()),
            passes(STACKED, _shared("other"), _attachment()),
            passes(STACKED.but({"managedPolicyArns": []}), _attachment()),
            # As AWS answers it: what the attachment attached is listed by the role.
            passes(STACKED.but({"managedPolicyArns": [READ]}), _attachment()),
            passes(STACKED.but({"managedPolicyArns": [READ]}), _attachment("other", "a")),
        ),
        unknown=passes(STACKED.but({"managedPolicyArns": [READ]}), _attachment(NAME, UNKNOWN)),
    ),
    "role-bounded": Cases(
        failing=(
            fails(ROLE.but({"permissionsBoundary": None}), at="permissionsBoundary"),
            fails(ROLE.but({"permissionsBoundary": ""}), at="permissionsBoundary", wanted="ARN"),
        ),
        passing=(
            passes(ROLE),
            passes(ROLE.but({"permissionsBoundary": "arn:aws:iam::123456789012:policy/b"})),
        ),
        unknown=passes(ROLE.but({"permissionsBoundary": UNKNOWN})),
        unknown_is="passing",
    ),
}
