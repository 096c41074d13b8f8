"""IAM roles and policies."""

from __future__ import annotations

import json
import re

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_principals
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.policy_documents import PolicyError, many, principals, statements
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
TRUST = ("CreateRole", "UpdateAssumeRolePolicy")
MANAGED_CHARACTERS, INLINE_CHARACTERS, ATTACHED = 6144, 10240, 10
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com|amazon\.com|internal)")


def _trust(call: Call) -> str:
    return call.params.get("AssumeRolePolicyDocument") or call.params.get("PolicyDocument") or ""


def _malformed_trust(call: Call) -> str | None:
    try:
        found = statements(_trust(call))
    except PolicyError as problem:
        return f"This policy contains invalid Json: {problem}"
    for statement in found:
        if "Resource" in statement:
            return "Has prohibited field Resource"
        if "Principal" not in statement and "NotPrincipal" not in statement:
            return "Missing required field Principal"
        for action in many(statement.get("Action")):
            if not str(action).startswith("sts:"):
                return "AssumeRole policy may only specify STS AssumeRole actions."
    return None


def _trusted_absent(call: Call) -> str | None:
    for arn in absent_principals(call, _trust(call)):
        return f'Invalid principal in policy: "AWS":"{arn}"'
    return None


def _trusted_service(call: Call) -> str | None:
    for statement in statements(_trust(call)):
        for service in principals(statement, "Service"):
            if service != "*" and not _SERVICE.fullmatch(service):
                return f'Invalid principal in policy: "SERVICE":"{service}"'
    return None


def _boundary(call: Call) -> str | None:
    arn = call.params.get("PermissionsBoundary")
    if arn and arn not in call.cloud.moto("iam").managed_policies:
        return f"Scope ARN: {arn} does not exist or is not attachable."
    return None


def _principal_in_policy(call: Call) -> str | None:
    for statement in statements(call.params["PolicyDocument"]):
        if "Principal" in statement:
            return "Policy document should not specify a principal."
    return None


def _characters(document: str) -> int:
    """IAM does not count white space."""
    return len(json.dumps(json.loads(document), separators=(",", ":")))


def _managed_size(call: Call) -> str | None:
    size = _characters(call.params["PolicyDocument"])
    if size > MANAGED_CHARACTERS:
        return f"Cannot exceed quota for PolicySize: {MANAGED_CHARACTERS}"
    return None


def _inline_size(call: Call) -> str | None:
    name = call.params["RoleName"]
    size = _characters(call.params["PolicyDocument"])
    for role in call.cloud.moto("iam").roles.values():
        if role.name == name:
            held = mapping(role.policies).items()
            size += sum(_characters(v) for k, v in held if k != call.params["PolicyName"])
    if size > INLINE_CHARACTERS:
        return f"Maximum policy size of {INLINE_CHARACTERS} bytes exceeded for role {name}"
    return None


def _attached(call: Call) -> str | None:
    found = call.cloud.moto("iam").managed_policies.get(call.params["PolicyArn"])
    if found is not None and found.attachment_count > 0:
        return "Cannot delete a policy attached to entities."
    return None


def _too_many(call: Call) -> str | None:
    for role in call.cloud.moto("iam").roles.values():
        if role.name == call.params["RoleName"]:
            held = mapping(role.managed_policies)
            if len(held) >= ATTACHED and call.params["PolicyArn"] not in held:
                return f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}"
    return None


RULES = (
    Rule(
        name="a trust policy is one",
        service="iam",
        operations=TRUST,
        code="MalformedPolicyDocument",
        url=f"{DOCS}/id_roles_update-role-trust-policy.html",
        broken=_malformed_trust,
    ),
    Rule(
        name="a trust policy names principals that exist",
        service="iam",
        operations=TRUST,
        code="MalformedPolicyDocument",
        url=f"{DOCS}/troubleshoot_roles.html",
        broken=_trusted_absent,
    ),
    Rule(
        name="a trust policy names services by their DNS names",
        service="iam",
        operations=TRUST,
        code="MalformedPolicyDocument",
        url=f"{DOCS}/reference_policies_elements_principal.html",
        broken=_trusted_service,
    ),
    Rule(
        name="a permissions boundary exists",
        service="iam",
        operations=("CreateRole", "PutRolePermissionsBoundary"),
        code="NoSuchEntity",
        url=f"{DOCS}/access_policies_boundaries.html",
        broken=_boundary,
    ),
    Rule(
        name="an identity policy names no principal",
        service="iam",
        operations=("CreatePolicy", "CreatePolicyVersion", "PutRolePolicy"),
        code="MalformedPolicyDocument",
        url=f"{DOCS}/reference_policies_elements_principal.html",
        broken=_principal_in_policy,
    ),
    Rule(
        name="a managed policy has 6,144 characters at most",
        service="iam",
        operations=("CreatePolicy", "CreatePolicyVersion"),
        code="LimitExceeded",
        url=f"{DOCS}/reference_iam-quotas.html",
        broken=_managed_size,
    ),
    Rule(
        name="a role's inline policies have 10,240 characters at most",
        service="iam",
        operations=("PutRolePolicy",),
        code="LimitExceeded",
        url=f"{DOCS}/reference_iam-quotas.html",
        broken=_inline_size,
    ),
    Rule(
        name="an attached policy stays",
        service="iam",
        operations=("DeletePolicy",),
        code="DeleteConflict",
        url=f"{API}/API_DeletePolicy.html",
        broken=_attached,
    ),
    Rule(
        name="a role has ten managed policies at most",
        service="iam",
        operations=("AttachRolePolicy",),
        code="LimitExceeded",
        url=f"{DOCS}/reference_iam-quotas.html",
        broken=_too_many,
    ),
)
