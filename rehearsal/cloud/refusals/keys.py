"""KMS keys: their policies, aliases, replicas and deletion."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_principals, principal_exists
from rehearsal.cloud.operations.keys import key_named
from rehearsal.cloud.policy_documents import PolicyError, covers, principals, statements
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/kms/latest/developerguide"
API = "https://docs.aws.amazon.com/kms/latest/APIReference"
PUT = ("CreateKey", "PutKeyPolicy", "ReplicateKey")


def _malformed(call: Call) -> str | None:
    try:
        statements(call.params.get("Policy") or '{"Statement": []}')
    except PolicyError as problem:
        return f"The new key policy is malformed: {problem}"
    return None


def _absent(call: Call) -> str | None:
    for arn in absent_principals(call, call.params.get("Policy") or ""):
        return (
            "Policy contains a statement with one or more invalid principals. Policy ID: Resource:"
            f" {arn}"
        )
    return None


def _lockout(call: Call) -> str | None:
    policy = call.params.get("Policy")
    if not policy or call.params.get("BypassPolicyLockoutSafetyCheck"):
        return None
    owners = {f"arn:aws:iam::{call.account}:root", call.account, "*"}
    for statement in statements(policy):
        mine = any(each in owners for each in principals(statement, "AWS"))
        changes = covers(statement.get("Action"), "kms:PutKeyPolicy")
        if statement["Effect"] == "Allow" and mine and changes:
            return None
    return "The new key policy will not allow you to update the key policy in the future."


def _reserved_alias(call: Call) -> str | None:
    if call.params["AliasName"].startswith("alias/aws/"):
        return "Alias must not start with alias/aws/, which is reserved"
    return None


def _window(call: Call) -> str | None:
    days = call.params.get("PendingWindowInDays")
    if days is not None and not 7 <= days <= 30:
        return f"PendingWindowInDays must be between 7 and 30, not {days}"
    return None


def _pending(call: Call) -> str | None:
    name = call.params.get("KeyId") or call.params.get("TargetKeyId") or ""
    found = key_named(call, name)
    if found is not None and found.key_state == "PendingDeletion":
        return f"{found.arn} is pending deletion."
    return None


def _grantee(call: Call) -> str | None:
    arn = call.params["GranteePrincipal"]
    if principal_exists(call, arn) or arn.endswith(".amazonaws.com"):
        return None
    return f"ARN does not refer to a valid principal: {arn}"


def _single_region(call: Call) -> str | None:
    found = key_named(call, call.params["KeyId"])
    if found is not None and not found.multi_region:
        return f"{found.arn} is not a multi-Region key."
    return None


def _replica_exists(call: Call) -> str | None:
    found, region = key_named(call, call.params["KeyId"]), call.params["ReplicaRegion"]
    if found is None:
        return None
    if region == call.region or found.id in call.cloud.region(region).moto("kms").keys:
        return f"A key {found.id} already exists in {region}"
    return None


RULES = (
    Rule(
        name="a key policy is a policy",
        service="kms",
        operations=PUT,
        code="MalformedPolicyDocumentException",
        url=f"{DOCS}/key-policy-overview.html",
        broken=_malformed,
    ),
    Rule(
        name="a key policy names principals that exist",
        service="kms",
        operations=PUT,
        code="MalformedPolicyDocumentException",
        url=f"{DOCS}/key-policy-overview.html",
        broken=_absent,
    ),
    Rule(
        name="a key policy lets its account change it",
        service="kms",
        operations=PUT,
        code="MalformedPolicyDocumentException",
        url=f"{DOCS}/key-policy-default.html",
        broken=_lockout,
    ),
    Rule(
        name="aliases under alias/aws are AWS's",
        service="kms",
        operations=("CreateAlias",),
        code="NotAuthorizedException",
        url=f"{DOCS}/alias-create.html",
        broken=_reserved_alias,
    ),
    Rule(
        name="a key waits 7 to 30 days for its deletion",
        service="kms",
        operations=("ScheduleKeyDeletion",),
        code="ValidationException",
        url=f"{DOCS}/deleting-keys.html",
        broken=_window,
    ),
    Rule(
        name="a key that waits for its deletion is not used",
        service="kms",
        operations=(
            "CreateAlias",
            "CreateGrant",
            "Decrypt",
            "EnableKeyRotation",
            "Encrypt",
            "GenerateDataKey",
            "ScheduleKeyDeletion",
        ),
        code="KMSInvalidStateException",
        url=f"{DOCS}/key-state.html",
        broken=_pending,
    ),
    Rule(
        name="a grant's principal exists",
        service="kms",
        operations=("CreateGrant",),
        code="InvalidArnException",
        url=f"{API}/API_CreateGrant.html",
        broken=_grantee,
    ),
    Rule(
        name="only a multi-region key is replicated",
        service="kms",
        operations=("ReplicateKey",),
        code="UnsupportedOperationException",
        url=f"{DOCS}/multi-region-keys-replicate.html",
        broken=_single_region,
    ),
    Rule(
        name="a key has one replica in a region",
        service="kms",
        operations=("ReplicateKey",),
        code="AlreadyExistsException",
        url=f"{API}/API_ReplicateKey.html",
        broken=_replica_exists,
    ),
)
