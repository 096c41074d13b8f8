"""S3 buckets: names, policies, lifecycles and encryption."""

from __future__ import annotations

import itertools
import re
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_principals, key_problem
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.policy_documents import PolicyError, is_public, many, readable
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
API = "https://docs.aws.amazon.com/AmazonS3/latest/API"
_NAME = re.compile(r"[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
STARTS, ENDS = ("xn--", "sthree-", "amzn-s3-demo-"), ("-s3alias", "--ol-s3", ".mrap", "--x-s3")
INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
WATERFALL = (
    "STANDARD",
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)
MINIMUM_DAYS = 30


def _name(call: Call) -> str | None:
    name = call.params["Bucket"]
    good = _NAME.fullmatch(name) and not _ADDRESS.fullmatch(name)
    if good and not name.startswith(STARTS) and not name.endswith(ENDS):
        return None
    return f"The specified bucket is not valid: {name}"


def _rules(call: Call) -> list[dict[str, Any]]:
    return [mapping(rule) for rule in call.listed("LifecycleConfiguration.Rules")]


def _transitions(rule: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in listing(rule.get("Transitions")) if each.get("Days") is not None]


def _too_early(call: Call) -> str | None:
    for rule in _rules(call):
        for each in _transitions(rule):
            if each["StorageClass"] in INFREQUENT and each["Days"] < MINIMUM_DAYS:
                return (
                    "'Days' in Transition action must be greater than or equal to 30 for"
                    f" storageClass '{each['StorageClass']}'"
                )
    return None


def _order(call: Call) -> str | None:
    for rule in _rules(call):
        steps = sorted(_transitions(rule), key=lambda each: each["Days"])
        ranks = [WATERFALL.index(each["StorageClass"]) for each in steps]
        if ranks != sorted(ranks):
            return "'Days' in the Transition actions must follow the order of the storage classes"
        for first, then in itertools.pairwise(steps):
            if first["StorageClass"] in INFREQUENT and then["Days"] - first["Days"] < MINIMUM_DAYS:
                return (
                    f"'Days' in the '{then['StorageClass']}' Transition action must be 30 days"
                    f" more than '{first['StorageClass']}' action"
                )
    return None


def _expires_first(call: Call) -> str | None:
    for rule in _rules(call):
        last = max((each["Days"] for each in _transitions(rule)), default=0)
        end = mapping(rule.get("Expiration")).get("Days")
        if end is not None and last and end <= last:
            return "'Days' in the Expiration action must be greater than in the Transition action"
    return None


def _same_id(call: Call) -> str | None:
    names = [rule.get("ID") for rule in _rules(call) if rule.get("ID")]
    if len(names) != len(set(names)):
        return "Rule ID must be unique. Found same ID for more than one rule"
    return None


def _key(call: Call) -> str | None:
    for rule in call.listed("ServerSideEncryptionConfiguration.Rules"):
        name = mapping(rule.get("ApplyServerSideEncryptionByDefault")).get("KMSMasterKeyID")
        bucket = call.cloud.moto("s3").buckets.get(call.params["Bucket"])
        home = bucket.region_name if bucket is not None else call.region
        if name and name.startswith("arn:") and name.split(":")[3] != home:
            return f"The key {name} is not in the bucket's region {home}"
        problem = key_problem(call, name)
        if problem:
            return problem
    return None


def _public(call: Call) -> str | None:
    bucket = call.cloud.moto("s3").buckets.get(call.params["Bucket"])
    block = bucket.public_access_block if bucket is not None else None
    account = call.cloud.moto("s3control").public_access_block
    blocked = any(
        str(getattr(each, "block_public_policy", False)).lower() == "true"
        for each in (block, account)
    )
    if blocked and is_public(call.params["Policy"]):
        return (
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are"
            " blocked by the BlockPublicPolicy block public access setting."
        )
    return None


def _other_resource(call: Call) -> str | None:
    name = call.params["Bucket"]
    own = f"arn:aws:s3:::{name}"
    for statement in _statements(call):
        for resource in many(statement.get("Resource")):
            if resource != own and not str(resource).startswith(f"{own}/"):
                return f"Policy has invalid resource: {resource}"
    return None


def _principal(call: Call) -> str | None:
    if not _statements(call):
        return None
    for arn in absent_principals(call, call.params["Policy"]):
        return f"Invalid principal in policy: {arn}"
    return None


def _statements(call: Call) -> list[dict[str, Any]]:
    """None for a document that is no policy: PutBucketPolicy itself refuses that."""
    try:
        return readable(call.params["Policy"])
    except PolicyError:
        return []


def _acl(call: Call) -> str | None:
    bucket = call.cloud.moto("s3").buckets.get(call.params["Bucket"])
    rules = mapping(bucket.ownership_rule if bucket is not None else None)
    ownership = str(rules or (bucket.ownership_rule if bucket is not None else ""))
    asked = call.params.get("ACL") not in (None, "private", "bucket-owner-full-control")
    if asked and "BucketOwnerEnforced" in ownership:
        return "The bucket does not allow ACLs"
    return None


RULES = (
    Rule(
        name="a bucket's name keeps to the rules",
        service="s3",
        operations=("CreateBucket",),
        code="InvalidBucketName",
        url=f"{DOCS}/bucketnamingrules.html",
        broken=_name,
    ),
    Rule(
        name="objects move to infrequent access after 30 days at the earliest",
        service="s3",
        operations=("PutBucketLifecycleConfiguration",),
        code="InvalidArgument",
        url=f"{DOCS}/lifecycle-transition-general-considerations.html",
        broken=_too_early,
    ),
    Rule(
        name="objects move down the storage classes, 30 days apart",
        service="s3",
        operations=("PutBucketLifecycleConfiguration",),
        code="InvalidArgument",
        url=f"{DOCS}/lifecycle-transition-general-considerations.html",
        broken=_order,
    ),
    Rule(
        name="objects expire after their last transition",
        service="s3",
        operations=("PutBucketLifecycleConfiguration",),
        code="InvalidArgument",
        url=f"{API}/API_LifecycleExpiration.html",
        broken=_expires_first,
    ),
    Rule(
        name="lifecycle rules have names of their own",
        service="s3",
        operations=("PutBucketLifecycleConfiguration",),
        code="InvalidArgument",
        url=f"{API}/API_LifecycleRule.html",
        broken=_same_id,
    ),
    Rule(
        name="a bucket's key is in the bucket's region",
        service="s3",
        operations=("PutBucketEncryption",),
        code="InvalidArgument",
        url=f"{DOCS}/UsingKMSEncryption.html",
        broken=_key,
    ),
    Rule(
        name="a public policy is blocked where public access is",
        service="s3",
        operations=("PutBucketPolicy",),
        code="AccessDenied",
        url=f"{DOCS}/access-control-block-public-access.html",
        status=403,
        broken=_public,
    ),
    Rule(
        name="a bucket's policy is about the bucket",
        service="s3",
        operations=("PutBucketPolicy",),
        code="MalformedPolicy",
        url=f"{DOCS}/s3-arn-format.html",
        broken=_other_resource,
    ),
    Rule(
        name="a bucket's policy names principals that exist",
        service="s3",
        operations=("PutBucketPolicy",),
        code="MalformedPolicy",
        url=f"{DOCS}/s3-bucket-user-policy-specifying-principal-intro.html",
        broken=_principal,
    ),
    Rule(
        name="a bucket whose owner is enforced has no ACL",
        service="s3",
        operations=("PutBucketAcl",),
        code="AccessControlListNotSupported",
        url=f"{DOCS}/about-object-ownership.html",
        broken=_acl,
    ),
)
