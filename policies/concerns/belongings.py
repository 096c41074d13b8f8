"""Whose a resource is, where it is, what it may cost, and that it is not lost by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from policies.finding import Broken
from policies.properties import Properties
from policies.repair import Draft
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import STACK, Stack, Subject

TAGGABLE = Path(__file__).parents[1] / "taggable.txt"
"""Types that take tags, written by `python -m upkeep.taggable_types`."""
BUDGET = "aws:budgets/budget:Budget"
RECORD = "aws:route53/record:Record"
THRESHOLDS = 2
TTL_SECONDS = 60
STATEFUL = (
    "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:s3/bucket:Bucket",
    "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:efs/fileSystem:FileSystem",
    "aws:secretsmanager/secret:Secret", "aws:dynamodb/table:Table",
    "aws:ecr/repository:Repository", "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:backup/vault:Vault",
)  # fmt: skip


@cache
def _taggable() -> frozenset[str]:
    return frozenset(TAGGABLE.read_text(encoding="utf-8").split())


def _takes_tags(type_: str) -> bool:
    # Exactly: some types take tags only in the form with a suffix.
    return type_ in _taggable()


def _tags(one: Subject) -> Properties:
    """Its tags, with those that the provider adds."""
    if one.properties.has("tagsAll"):
        return one.properties.under("tagsAll")
    return one.properties.under("tags")


def _untagged(one: Subject) -> Iterator[Broken]:
    tags = _tags(one)
    missing = [rule.key for rule in one.settings.tags if not tags.has(rule.key)]
    if missing:
        yield Broken(tags.path, f"without {', '.join(missing)}", "every required tag")


def _tagged(one: Subject, draft: Draft) -> None:
    """Only tags whose value is the same everywhere in the stack."""
    tags = _tags(one)
    for rule in one.settings.tags:
        if rule.value is not None and not tags.has(rule.key):
            draft.put(["tags"], rule.key, rule.value)


def _mistagged(one: Subject) -> Iterator[Broken]:
    tags = _tags(one)
    for rule in one.settings.tags:
        if tags.has(rule.key) and not re.fullmatch(rule.pattern, tags.text(rule.key)):
            yield Broken(tags.at(rule.key), tags.shown(rule.key), f"what matches {rule.pattern}")


def _is_aws(type_: str) -> bool:
    return type_.startswith("aws:")


def _elsewhere(one: Subject) -> Iterator[Broken]:
    if not one.provider_name:
        return
    if one.provider_name.startswith("default"):
        yield Broken("provider", one.provider_name, "a provider that names its region")
        return
    declared = one.settings.elsewhere.get(one.provider_name, one.settings.region)
    region = one.provider.text("region")
    if region != declared:
        yield Broken("provider.region", one.provider.shown("region"), declared)
    own = one.properties.text("region")
    if own and own != one.settings.elsewhere.get(one.name, declared):
        yield Broken("region", one.properties.shown("region"), declared)


def _unprotected(one: Subject) -> Iterator[Broken]:
    if not one.protected:
        yield Broken("options.protect", "false", "true")


def _boundless(_root: Subject, stack: Stack) -> Iterator[Broken]:
    best = 0
    for budget in stack.of(BUDGET):
        told = {
            (each.text("notificationType"), each.number("threshold"))
            for each in budget.properties.each("notifications")
            if each.count("subscriberEmailAddresses") or each.count("subscriberSnsTopicArns")
        }
        best = max(best, len(told))
    if best < THRESHOLDS:
        yield Broken("", f"{best} thresholds that tell somebody", f"a budget with {THRESHOLDS}")


def _slow_to_flip(one: Subject, stack: Stack) -> Iterator[Broken]:
    if one.type == STACK:
        named = {_bare(each) for each in stack.of(RECORD) if _fails_over(each)}
        for name in stack.settings.failover_names:
            if name not in named:
                yield Broken("", "no failover record", f"a failover record for {name}")
    elif _fails_over(one):
        yield from _slow_record(one)


def _slow_record(one: Subject) -> Iterator[Broken]:
    primary = any(
        each.text("type") == "PRIMARY" for each in one.properties.each("failoverRoutingPolicies")
    )
    if primary and not one.properties.has("healthCheckId"):
        yield Broken("healthCheckId", "nothing", "the health check that flips the traffic")
    alias = one.properties.has("aliases") and one.properties.count("aliases")
    ttl = one.properties.number("ttl")
    if not alias and (ttl is None or ttl > TTL_SECONDS):
        yield Broken("ttl", one.properties.shown("ttl"), f"{TTL_SECONDS} seconds or less")


def _fails_over(one: Subject) -> bool:
    return bool(one.properties.each("failoverRoutingPolicies"))


def _bare(one: Subject) -> str:
    return one.properties.text("name").rstrip(".")


RULES: tuple[Rule, ...] = (
    StackRule(
        number=99,
        name="budget-that-tells",
        because="A forgotten pool of GPUs costs a month's budget in a week-end.",
        fix="Declare a budget with two thresholds and somebody to tell.",
        severity="medium",
        reference="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html",
        types=(STACK,),
        # The account is one; its budget is the primary's.
        roles=frozenset({"primary"}),
        broken=_boundless,
    ),
    ResourceRule(
        number=100,
        name="tags-present",
        because="What carries no owner is nobody's, and what carries no cost centre is unpaid.",
        fix="Set every required tag.",
        severity="medium",
        reference="https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
        applies=_takes_tags,
        broken=_untagged,
        repair=_tagged,
    ),
    ResourceRule(
        number=101,
        name="tags-in-form",
        because="A tag that is spelled in two ways is two cost centres.",
        fix="Write the value as the pattern wants it.",
        severity="low",
        reference="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
        applies=_takes_tags,
        broken=_mistagged,
    ),
    ResourceRule(
        number=102,
        name="region-as-declared",
        because="A default provider builds wherever the environment happens to point.",
        fix="Pass a provider with the stack's region; name exceptions in `elsewhere`.",
        severity="high",
        reference="https://www.pulumi.com/docs/iac/concepts/resources/providers/#disabling-default-providers",
        applies=_is_aws,
        broken=_elsewhere,
    ),
    ResourceRule(
        number=103,
        name="data-protected",
        because="A renamed resource is a deleted one, with all that it held.",
        fix="Set the option protect.",
        severity="critical",
        reference="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
        types=STATEFUL,
        broken=_unprotected,
    ),
    StackRule(
        number=104,
        name="failover-records-ready",
        because="Names that cannot flip, or that are cached for an hour, make the standby useless.",
        fix="Declare failover records with a health check and a TTL of 60 seconds at most.",
        severity="high",
        reference="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html",
        types=(STACK, RECORD),
        roles=frozenset({"primary", "standby"}),
        broken=_slow_to_flip,
    ),
)
