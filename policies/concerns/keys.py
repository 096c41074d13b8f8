"""Encryption keys: rotated, hard to delete, theirs who need them, and there in both regions."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_be_at_least
from policies.policy_documents import allowing, grants, is_public, principals
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, Rule
from policies.subject import Stack, Subject

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
REPLICA = "aws:kms/replicaKey:ReplicaKey"
DOCS = "https://docs.aws.amazon.com/kms/latest/developerguide"
SYMMETRIC = "SYMMETRIC_DEFAULT"
BYPASS = "bypassPolicyLockoutSafetyCheck"


def _never_rotated(one: Subject) -> Iterator[Broken]:
    if _is_symmetric(one):
        yield from must_be(one.properties, "enableKeyRotation", True)


def _rotated(one: Subject, draft: Draft) -> None:
    if _is_symmetric(one):
        draft.set("enableKeyRotation", True)


def _is_symmetric(one: Subject) -> bool:
    """Only these can be rotated by AWS."""
    return (one.properties.text("customerMasterKeySpec") or SYMMETRIC) == SYMMETRIC


def _for_everybody(one: Subject) -> Iterator[Broken]:
    for statement in allowing(one.properties.document("policy")):
        if is_public(statement):
            yield Broken(statement.at("Principal"), statement.shown("Principal"), "who is meant")


def _without_policy(one: Subject) -> Iterator[Broken]:
    if not one.properties.has("policy"):
        yield Broken("policy", "nothing", "a policy of its own")
    if one.properties.flag(BYPASS):
        yield Broken(BYPASS, one.properties.shown(BYPASS), "false")
    if one.properties.has("policy") and not _is_administered(one):
        yield Broken("policy", "nobody may change it", "kms:PutKeyPolicy for the account's root")


def _is_administered(one: Subject) -> bool:
    root = f"arn:aws:iam::{one.settings.account_id}:root"
    return any(
        grants(statement, "kms:PutKeyPolicy")
        and {root, one.settings.account_id} & set(principals(statement))
        for statement in allowing(one.properties.document("policy"))
    )


def _quickly_deleted(one: Subject) -> Iterator[Broken]:
    least = one.settings.key_deletion_days
    if one.properties.has("deletionWindowInDays"):
        yield from must_be_at_least(one.properties, "deletionWindowInDays", least, "days")


def _slowly_deleted(one: Subject, draft: Draft) -> None:
    if list(_quickly_deleted(one)):
        draft.set("deletionWindowInDays", one.settings.key_deletion_days)


def _of_one_region(one: Subject, _own: Stack, other: Stack) -> Iterator[Broken]:
    """Data keys must be usable where the copies are."""
    if not any(f"-{use}" in f"-{one.name}" for use in one.settings.multi_region_keys):
        return
    if one.properties.flag("multiRegion"):
        return
    replicas = other.of(REPLICA, KEY)
    if not any(each.name == one.name and each.properties.flag("multiRegion") for each in replicas):
        yield Broken("multiRegion", one.properties.shown("multiRegion"), "true")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=60,
        name="key-rotated",
        because="A key that never changes protects every byte ever written, and loses them all.",
        fix="Set enableKeyRotation to true.",
        severity="medium",
        reference=f"{DOCS}/rotate-keys.html",
        types=(KEY,),
        broken=_never_rotated,
        repair=_rotated,
    ),
    ResourceRule(
        number=61,
        name="key-policy-names-principals",
        because="A key for everybody encrypts for nobody.",
        fix="Name the principals, or kms:CallerAccount in a condition.",
        severity="critical",
        reference=f"{DOCS}/key-policies.html",
        types=(KEY, KEY_POLICY, REPLICA),
        broken=_for_everybody,
    ),
    ResourceRule(
        number=62,
        name="key-policy-of-its-own",
        because="Without a policy of its own every administrator of the account may decrypt; "
        "without an administrator nobody can ever change it.",
        fix="Set policy, let the account's root call kms:PutKeyPolicy, and leave "
        "bypassPolicyLockoutSafetyCheck out.",
        severity="high",
        reference=f"{DOCS}/key-policy-default.html",
        types=(KEY, REPLICA),
        broken=_without_policy,
    ),
    ResourceRule(
        number=63,
        name="key-deleted-slowly",
        because="What a deleted key encrypted is gone; the window is the time to notice.",
        fix="Set deletionWindowInDays to 30.",
        severity="high",
        reference=f"{DOCS}/deleting-keys.html",
        types=(KEY, REPLICA),
        broken=_quickly_deleted,
        repair=_slowly_deleted,
    ),
    PairRule(
        number=64,
        name="key-in-both-regions",
        because="What was encrypted with a key of the lost region cannot be read in the other.",
        fix="Set multiRegion on the keys of data and secrets; it cannot be set later.",
        severity="high",
        reference=f"{DOCS}/multi-region-keys-overview.html",
        types=(KEY,),
        broken=_of_one_region,
    ),
)
