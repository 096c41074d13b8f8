"""EKS Pod Identity: roles of service accounts."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_role, trusts
from rehearsal.cloud.operations.eks_records import ASSOCIATIONS, of_cluster
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/eks/latest/userguide"
SERVICE = "pods.eks.amazonaws.com"


def _role(call: Call) -> str | None:
    arn = call.params.get("roleArn")
    problem = absent_role(call, arn)
    return f"Role provided in the request does not exist: {problem}" if problem else None


def _trust(call: Call) -> str | None:
    arn = call.params.get("roleArn")
    if not arn or absent_role(call, arn):
        return None
    if all(trusts(call, arn, SERVICE, action) for action in ("sts:AssumeRole", "sts:TagSession")):
        return None
    return f"Trust policy of role {arn} must let {SERVICE} do sts:AssumeRole and sts:TagSession"


def _once(call: Call) -> str | None:
    wanted = (call.params["namespace"], call.params["serviceAccount"])
    for each in of_cluster(call.here, ASSOCIATIONS, call.params["clusterName"]).values():
        if (each["namespace"], each["serviceAccount"]) == wanted:
            return f"Association already exists: {each['associationId']}"
    return None


RULES = (
    Rule(
        name="a service account's role exists",
        service="eks",
        operations=("CreatePodIdentityAssociation", "UpdatePodIdentityAssociation"),
        code="InvalidParameterException",
        url=f"{DOCS}/pod-id-association.html",
        broken=_role,
    ),
    Rule(
        name="a service account's role trusts EKS Pod Identity",
        service="eks",
        operations=("CreatePodIdentityAssociation", "UpdatePodIdentityAssociation"),
        code="InvalidParameterException",
        url=f"{DOCS}/pod-id-role.html",
        broken=_trust,
    ),
    Rule(
        name="a service account has one association",
        service="eks",
        operations=("CreatePodIdentityAssociation",),
        code="ResourceInUseException",
        url=f"{DOCS}/pod-id-association.html",
        broken=_once,
    ),
)
