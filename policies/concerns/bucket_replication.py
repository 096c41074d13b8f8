"""Buckets whose objects the other region must have within minutes."""

from __future__ import annotations

from collections.abc import Iterator

from policies.buckets import BUCKET
from policies.finding import Broken
from policies.properties import Properties
from policies.rule import PairRule, Rule
from policies.subject import Stack, Subject

REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
DOCS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
WANTED = "a rule for all objects to the other region's bucket, with replicationTime and metrics"


def _unreplicated(one: Subject, stack: Stack, other: Stack) -> Iterator[Broken]:
    if not _must_be_replicated(one):
        return
    rules = list(_rules(one, stack, other))
    lacking = [_lacking(rule, other) for rule in rules]
    if "" not in lacking:
        yield Broken("bucket", lacking[0] if lacking else "no replication", WANTED)


def _must_be_replicated(one: Subject) -> bool:
    name = f"-{one.properties.text('bucket')}-"
    return any(f"-{purpose}-" in name for purpose in one.settings.replicated_buckets)


def _rules(one: Subject, stack: Stack, other: Stack) -> Iterator[Properties]:
    """Inline, in its own stack, or in one that links both regions and names the bucket."""
    yield from one.properties.under("replicationConfiguration").each("rules")
    for there in (stack, other):
        for each in there.referring(one, "bucket", REPLICATION):
            yield from each.properties.each("rules")


def _lacking(rule: Properties, other: Stack) -> str:
    """What the rule lacks; empty where it replicates all, to the other region, in time."""
    destination = rule.under("destination")
    if rule.text("status") != "Enabled":
        return "a rule that is off"
    if _is_partial(rule):
        return "a rule for some objects"
    if not _leads_to(destination, other):
        return "a rule to a bucket that the other region does not have"
    for key in ("replicationTime", "metrics"):
        if destination.under(key).text("status") != "Enabled":
            return f"a rule without {key}"
    return ""


def _is_partial(rule: Properties) -> bool:
    chosen = rule.under("filter")
    narrowing = chosen.has("and") or chosen.has("tag") or chosen.has("tags")
    return narrowing or bool(chosen.text("prefix") or rule.text("prefix"))


def _leads_to(destination: Properties, other: Stack) -> bool:
    wanted = destination.text("bucket")
    return any(bucket.properties.text("arn") == wanted for bucket in other.of(BUCKET))


RULES: tuple[Rule, ...] = (
    PairRule(
        number=55,
        name="bucket-replicated",
        because="What only the lost region has is lost with it, and without replication time "
        "control and its metrics nobody knows how much that is.",
        fix="Give the bucket a BucketReplicationConfig to the other region's bucket, with "
        "replicationTime and metrics enabled; which buckets, replicated_buckets says.",
        severity="high",
        reference=f"{DOCS}/replication-time-control.html",
        types=(BUCKET,),
        roles=frozenset({"primary"}),
        broken=_unreplicated,
    ),
)
