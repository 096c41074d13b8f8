"""The AWS identity of a service account."""

from __future__ import annotations

import json

from components.base import Site
from components.permissions import Statement
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from tests.components.recorder import Recording, record

ARN = "arn:aws:eks:us-east-1:123456789012:cluster/mlops-platform-production"
BUCKET = "arn:aws:s3:::mlops-platform-production-artifacts-123456789012-g1"


def build(site: Site) -> Recording[WorkloadIdentity]:
    args = WorkloadIdentityArgs(
        cluster_name="mlops-platform-production",
        cluster_arn=ARN,
        namespace="mlflow",
        service_account="mlflow",
        statements=[
            Statement(sid="Artifacts", actions=["s3:GetObject"], resources=[f"{BUCKET}/*"])
        ],
    )
    return record(lambda: WorkloadIdentity("mlflow", args, site))


def test_the_role_trusts_one_service_account_of_one_cluster(site: Site) -> None:
    role = build(site).one("aws:iam/role:Role")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "123456789012",
            "aws:RequestTag/kubernetes-namespace": "mlflow",
            "aws:RequestTag/kubernetes-service-account": "mlflow",
        },
        "ArnEquals": {"aws:SourceArn": ARN},
    }


def test_the_role_may_do_what_was_stated_and_no_more(site: Site) -> None:
    recording = build(site)
    policy = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert policy["Statement"] == [
        {
            "Sid": "Artifacts",
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [f"{BUCKET}/*"],
        }
    ]
    assert not recording.has("aws:iam/rolePolicyAttachment:RolePolicyAttachment")


def test_the_role_is_bounded_and_below_the_platforms_path(site: Site) -> None:
    role = build(site).one("aws:iam/role:Role")
    assert role.inputs["path"] == "/mlops/"
    assert role.inputs["permissionsBoundary"] == site.permissions_boundary
    assert role.inputs["name"] == "mlops-platform-production-mlflow"


def test_pods_get_the_role_once_it_may_do_its_work(site: Site) -> None:
    recording = build(site)
    association = recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["namespace"] == "mlflow"
    assert association.inputs["serviceAccount"] == "mlflow"
    assert recording.waits_for(association, recording.one("aws:iam/rolePolicy:RolePolicy"))
