"""Lives of IAM roles, policies and what ties them together."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
        ],
    }
)


def allowing(action: str) -> str:
    """A policy document that allows one action everywhere."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ROLE = ("aws:iam/role:Role", {"name": "mlflow", "path": "/mlops/", "assumeRolePolicy": TRUST})
POLICY = (
    "aws:iam/policy:Policy",
    {"name": "read-models", "path": "/mlops/", "policy": allowing("s3:GetObject")},
)
MANAGED = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"


def _role(account: Account, name: str) -> Any:
    role = account("iam").get_role(RoleName=name)["Role"]
    return [role["MaxSessionDuration"], role["Description"], role["Tags"]]


def _action(document: Any) -> str:
    return document["Statement"][0]["Action"]


LIVES = (
    Life(
        token=ROLE[0],
        before={"policy": POLICY},
        props={
            **ROLE[1],
            "description": "tracking server",
            "permissionsBoundary": "{before.policy.id}",
            "inlinePolicies": [{"name": "own", "policy": allowing("s3:ListBucket")}],
            "managedPolicyArns": [MANAGED],
            "forceDetachPolicies": True,
            "tags": {"Name": "mlflow"},
        },
        change={
            "maxSessionDuration": 7200,
            "description": "the tracking server",
            "permissionsBoundary": None,
            "inlinePolicies": [{"name": "other", "policy": allowing("s3:GetObject")}],
            "managedPolicyArns": [],
            "tags": {"owner": "ml"},
        },
        look=_role,
        shows=[7200, "the tracking server", [{"Key": "owner", "Value": "ml"}]],
        meddle=lambda account, name: account("iam").put_role_policy(
            RoleName=name, PolicyName="backdoor", PolicyDocument=allowing("*")
        ),
    ),
    Life(
        token="aws:iam/rolePolicy:RolePolicy",
        before={"role": ROLE},
        props={
            "role": "{before.role.id}",
            "name": "read",
            "policy": allowing("s3:GetObject"),
        },
        change={"policy": allowing("s3:ListBucket")},
        look=lambda account, id_: _action(
            account("iam").get_role_policy(RoleName="mlflow", PolicyName="read")["PolicyDocument"]
        ),
        shows="s3:ListBucket",
        meddle=lambda account, id_: account("iam").put_role_policy(
            RoleName="mlflow", PolicyName="read", PolicyDocument=allowing("*")
        ),
    ),
    Life(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        before={"role": ROLE, "policy": POLICY},
        props={"role": "{before.role.id}", "policyArn": "{before.policy.id}"},
        meddle=lambda account, id_: account("iam").detach_role_policy(
            RoleName="mlflow", PolicyArn=id_.partition("/")[2]
        ),
    ),
    Life(
        token=POLICY[0],
        props={**POLICY[1], "description": "read models", "tags": {"Name": "read"}},
        change={"policy": allowing("s3:ListBucket"), "tags": {"Name": "list"}},
        look=lambda account, arn: [
            account("iam").get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"],
            account("iam").list_policy_tags(PolicyArn=arn)["Tags"],
        ],
        shows=["v2", [{"Key": "Name", "Value": "list"}]],
        meddle=lambda account, arn: account("iam").create_policy_version(
            PolicyArn=arn, PolicyDocument=allowing("*"), SetAsDefault=True
        ),
    ),
    Life(
        token="aws:iam/instanceProfile:InstanceProfile",
        before={"role": ROLE},
        props={"name": "nodes", "path": "/mlops/", "role": "{before.role.id}"},
        change={"tags": {"Name": "nodes"}},
        look=lambda account, name: account("iam").get_instance_profile(InstanceProfileName=name)[
            "InstanceProfile"
        ]["Tags"],
        shows=[{"Key": "Name", "Value": "nodes"}],
        meddle=lambda account, name: account("iam").remove_role_from_instance_profile(
            InstanceProfileName=name, RoleName="mlflow"
        ),
    ),
    Life(
        token="aws:iam/serviceLinkedRole:ServiceLinkedRole",
        props={"awsServiceName": "autoscaling.amazonaws.com", "customSuffix": "mlops"},
        change={"description": "scales", "tags": {"Name": "scaling"}},
        look=lambda account, arn: account("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"][
            "Description"
        ],
        shows="scales",
        meddle=lambda account, arn: account("iam").update_role(
            RoleName=arn.rpartition("/")[2], Description="other"
        ),
    ),
    Life(
        token="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        props={
            "url": "https://token.actions.example.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["a" * 40],
        },
        change={"thumbprintLists": ["b" * 40], "tags": {"Name": "forge"}},
        look=lambda account, arn: account("iam").get_open_id_connect_provider(
            OpenIDConnectProviderArn=arn
        )["ThumbprintList"],
        shows=["b" * 40],
        meddle=lambda account, arn: account("iam").delete_open_id_connect_provider(
            OpenIDConnectProviderArn=arn
        ),
    ),
)
