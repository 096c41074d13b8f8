"""Examples of refusals in IAM."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import (
    ACCOUNT_ID,
    GHOST,
    ROOT,
    Account,
    allow,
    policy,
    trust,
)
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
READ = policy(allow("s3:GetObject", "arn:aws:s3:::models/*"))


def role(name: str, document: str, **more: Any) -> dict[str, Any]:
    return {"RoleName": name, "AssumeRolePolicyDocument": document, **more}


def trusting(**principal: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return policy(statement)


def long(statements: int) -> str:
    """About 110 characters for each statement."""
    return policy(*(allow("s3:GetObject", f"arn:aws:s3:::{n:050}") for n in range(statements)))


@EXAMPLES.of("a trust policy is one")
def _(a: Account, refused: Refused) -> None:
    for wrong in ("{", READ):
        refused(a.iam.create_role, **role("wrong", wrong))
    a.iam.create_role(**role("right", trust("ec2.amazonaws.com")))


@EXAMPLES.of("a trust policy names principals that exist")
def _(a: Account, refused: Refused) -> None:
    refused(a.iam.create_role, **role("wrong", trusting(AWS=GHOST)))
    a.iam.create_role(**role("right", trusting(AWS=ROOT)))


@EXAMPLES.of("a trust policy names services by their DNS names")
def _(a: Account, refused: Refused) -> None:
    refused(a.iam.create_role, **role("wrong", trusting(Service="ec2")))
    a.iam.create_role(**role("right", trusting(Service="ec2.amazonaws.com")))


@EXAMPLES.of("a permissions boundary exists")
def _(a: Account, refused: Refused) -> None:
    document = trust("ec2.amazonaws.com")
    ghost = f"arn:aws:iam::{ACCOUNT_ID}:policy/ghost"
    refused(a.iam.create_role, **role("wrong", document, PermissionsBoundary=ghost))
    bound = a.iam.create_policy(PolicyName="bound", PolicyDocument=READ)["Policy"]["Arn"]
    a.iam.create_role(**role("right", document, PermissionsBoundary=bound))


@EXAMPLES.of("an identity policy names no principal")
def _(a: Account, refused: Refused) -> None:
    wrong = policy(allow("s3:GetObject", Principal={"AWS": ROOT}))
    refused(a.iam.create_policy, PolicyName="wrong", PolicyDocument=wrong)
    a.iam.create_policy(PolicyName="right", PolicyDocument=READ)


@EXAMPLES.of("a managed policy has 6,144 characters at most")
def _(a: Account, refused: Refused) -> None:
    refused(a.iam.create_policy, PolicyName="wrong", PolicyDocument=long(80))
    a.iam.create_policy(PolicyName="right", PolicyDocument=long(40))


@EXAMPLES.of("a role's inline policies have 10,240 characters at most")
def _(a: Account, refused: Refused) -> None:
    a.role("main")
    a.iam.put_role_policy(RoleName="main", PolicyName="first", PolicyDocument=long(60))
    refused(a.iam.put_role_policy, RoleName="main", PolicyName="more", PolicyDocument=long(60))


@EXAMPLES.of("an attached policy stays")
def _(a: Account, refused: Refused) -> None:
    a.role("main")
    arn = a.iam.create_policy(PolicyName="read", PolicyDocument=READ)["Policy"]["Arn"]
    a.iam.attach_role_policy(RoleName="main", PolicyArn=arn)
    refused(a.iam.delete_policy, PolicyArn=arn)
    a.iam.detach_role_policy(RoleName="main", PolicyArn=arn)
    a.iam.delete_policy(PolicyArn=arn)


@EXAMPLES.of("a role has ten managed policies at most")
def _(a: Account, refused: Refused) -> None:
    a.role("main")
    arns = [
        a.iam.create_policy(PolicyName=f"p{n}", PolicyDocument=READ)["Policy"]["Arn"]
        for n in range(11)
    ]
    for arn in arns[:10]:
        a.iam.attach_role_policy(RoleName="main", PolicyArn=arn)
    refused(a.iam.attach_role_policy, RoleName="main", PolicyArn=arns[10])
