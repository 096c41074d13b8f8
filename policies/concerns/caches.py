"""Caches: encrypted on disk and on the way, entered with a password, and surviving a zone."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_be_at_least
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

DOCS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def _open_cache(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "atRestEncryptionEnabled", True)
    yield from must_be(one.properties, "transitEncryptionEnabled", True)
    if not (one.properties.has("userGroupIds") or one.properties.has("authToken")):
        yield Broken("userGroupIds", "nothing", "a user group, or an authToken")


def _single_cache(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "automaticFailoverEnabled", True)
    yield from must_be(one.properties, "multiAzEnabled", True)
    yield from must_be_at_least(one.properties, "snapshotRetentionLimit", 1, "days")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=78,
        name="cache-encrypted-and-authenticated",
        because="A cache holds what the database guards; without a password all inside read it.",
        fix="Set atRestEncryptionEnabled, transitEncryptionEnabled, and userGroupIds or authToken.",
        severity="high",
        reference=f"{DOCS}/encryption.html",
        types=(GROUP,),
        broken=_open_cache,
    ),
    ResourceRule(
        number=79,
        name="cache-survives",
        because="With one node, or no snapshot, a lost zone takes the features with it.",
        fix="Set automaticFailoverEnabled, multiAzEnabled and snapshotRetentionLimit.",
        severity="medium",
        reference=f"{DOCS}/AutoFailover.html",
        types=(GROUP,),
        broken=_single_cache,
    ),
)
