"""S3 object lock, and secrets: things that are kept for a while."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.keys import key_named
from rehearsal.cloud.policy_documents import PolicyError, is_public
from rehearsal.cloud.refusals.rule import Rule

S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide"
API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference"
_SECRET = re.compile(r"[\w/+=.@-]{1,512}", re.ASCII)


def _bucket(call: Call) -> Any | None:
    return call.cloud.moto("s3").buckets.get(call.params["Bucket"])


def _suspended(call: Call) -> str | None:
    bucket = _bucket(call)
    wanted = call.get("VersioningConfiguration.Status")
    if bucket is not None and bucket.object_lock_enabled and wanted == "Suspended":
        return (
            "An Object Lock configuration is present on this bucket, so the versioning state"
            " cannot be changed."
        )
    return None


def _secret_name(call: Call) -> str | None:
    name = call.params["Name"]
    if not _SECRET.fullmatch(name):
        return (
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the"
            f" following: -/_+=.@!  ({name})"
        )
    return None


def _replica_key(call: Call) -> str | None:
    for replica in call.listed("AddReplicaRegions"):
        name, region = replica.get("KmsKeyId"), replica["Region"]
        if not name or "alias/aws/" in name:
            continue
        if name.startswith("arn:"):
            if name.split(":")[3] != region:
                return f"The replica's key {name} is not in {region}"
            if key_named(call, name) is None:
                return f"The replica's key {name} does not exist"
        elif name not in call.cloud.region(region).moto("kms").keys:
            return f"The replica's key {name} does not exist in {region}"
    return None


def _public_secret(call: Call) -> str | None:
    try:
        public = is_public(call.params["ResourcePolicy"])
    except PolicyError as problem:
        return f"This resource policy contains invalid Json: {problem}"
    if public and call.params.get("BlockPublicPolicy", True):
        return "This resource policy grants broad access to your secret, which is blocked."
    return None


RULES = (
    Rule(
        name="versioning stays on under object lock",
        service="s3",
        operations=("PutBucketVersioning",),
        code="InvalidBucketState",
        status=409,
        url=f"{S3}/object-lock.html",
        broken=_suspended,
    ),
    Rule(
        name="a secret's name keeps to its characters",
        service="secretsmanager",
        operations=("CreateSecret",),
        code="ValidationException",
        url=f"{API}/API_CreateSecret.html",
        broken=_secret_name,
    ),
    Rule(
        name="a secret's replica has a key of its region",
        service="secretsmanager",
        operations=("CreateSecret", "ReplicateSecretToRegions"),
        code="InvalidParameterException",
        url=f"{SECRETS}/replicate-secrets.html",
        broken=_replica_key,
    ),
    Rule(
        name="a secret's policy is a policy and not public",
        service="secretsmanager",
        operations=("PutResourcePolicy",),
        code="PublicPolicyException",
        url=f"{API}/API_PutResourcePolicy.html",
        broken=_public_secret,
    ),
)
