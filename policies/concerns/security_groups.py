"""Security groups: no way in for administration, none out for everything, each rule explained."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_have
from policies.openings import (
    DEFAULT_GROUP,
    DIRECTIONS,
    EGRESS_RULE,
    FORMS,
    GROUP,
    GROUPS,
    INGRESS_RULE,
    OLDER_RULE,
    RULES_ALONE,
    openings,
)
from policies.repair import Draft
from policies.routing import VPC
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject, family

ADMIN_PORTS = {22: "SSH", 3389: "Remote Desktop"}
ADOPTED = "a default security group that is declared with no rules"
VPC_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide"
EC2_DOCS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"
HUB_DOCS = "https://docs.aws.amazon.com/securityhub/latest/userguide"


def _default_group(one: Subject, stack: Stack) -> Iterator[Broken]:
    if family(one.type) == VPC:
        if not any(stack.referring(one, "vpcId", DEFAULT_GROUP)):
            yield Broken("defaultSecurityGroupId", "as AWS made it", ADOPTED)
        return
    for direction in DIRECTIONS:
        if one.properties.count(direction):
            yield Broken(direction, one.properties.shown(direction), "no rule")
    for rule in stack.referring(one, "securityGroupId", *RULES_ALONE):
        yield Broken("", f"opened by {rule.name}", "no rule")


def _admin_ports(one: Subject) -> Iterator[Broken]:
    for opening in openings(one, "ingress"):
        reached = [name for port, name in ADMIN_PORTS.items() if opening.covers(port)]
        key = opening.to_world()
        if reached and key:
            wanted = f"named networks, or no {' nor '.join(reached)} at all"
            yield Broken(opening.rule.at(key), opening.rule.shown(key), wanted)


def _open_egress(one: Subject) -> Iterator[Broken]:
    for opening in openings(one, "egress"):
        key = opening.to_world()
        first, last = opening.ports
        if key and (first != last or opening.protocol != "tcp"):
            yield Broken(opening.rule.at(key), opening.rule.shown(key), "one TCP port, or networks")


def _undescribed(one: Subject) -> Iterator[Broken]:
    for direction in DIRECTIONS:
        for opening in openings(one, direction):
            yield from must_have(opening.rule, "description", "what the rule is for")


def _described(one: Subject, draft: Draft) -> None:
    if family(one.type) not in GROUPS:
        _name(draft, one.name)
        return
    for direction in DIRECTIONS:
        for place, rule in enumerate(draft.each(direction)):
            _name(rule, f"{one.name}: {direction} {place}")


def _name(draft: Draft, text: str) -> None:
    if not draft.raw.get("description"):
        draft.set("description", text)


def _mixed_styles(one: Subject, stack: Stack) -> Iterator[Broken]:
    older = list(stack.referring(one, "securityGroupId", OLDER_RULE))
    newer = list(stack.referring(one, "securityGroupId", INGRESS_RULE, EGRESS_RULE))
    inline = _flat(one) - frozenset[tuple[str, ...]]().union(*map(_flat, (*older, *newer)))
    styles = {
        "inline rules": bool(inline),
        "SecurityGroupRule": bool(older),
        "ingress and egress rules of aws:vpc": bool(newer),
    }
    used = [style for style, there in styles.items() if there]
    if len(used) > 1:
        yield Broken("", f"written as {' beside '.join(used)}", "one form for all its rules")


def _flat(one: Subject) -> frozenset[tuple[str, ...]]:
    """What a group or a rule opens. A state that was refreshed shows rules that stand alone
    among the group's own too: those are not inline."""
    return frozenset(
        entry
        for direction in DIRECTIONS
        for opening in openings(one, direction)
        for entry in opening.flat()
    )


RULES: tuple[Rule, ...] = (
    StackRule(
        number=2,
        name="default-security-group-empty",
        because="What is started without a group lands in the default one, whose members all "
        "reach each other and the internet.",
        fix="Declare an aws.ec2.DefaultSecurityGroup for the VPC with ingress and egress empty.",
        severity="high",
        reference=f"{VPC_DOCS}/default-security-group.html",
        types=(VPC, DEFAULT_GROUP),
        broken=_default_group,
    ),
    ResourceRule(
        number=4,
        name="no-admin-ports-from-world",
        because="SSH and Remote Desktop that the world can reach are tried around the clock.",
        fix="Take 22 and 3389 out of the rule, or name networks in its cidrIpv4 or cidrIpv6; "
        "Session Manager needs no port.",
        severity="critical",
        reference=f"{HUB_DOCS}/ec2-controls.html",
        types=FORMS,
        broken=_admin_ports,
    ),
    ResourceRule(
        number=6,
        name="no-open-egress",
        because="Whoever breaks in carries data out by any port that leads anywhere.",
        fix="Name networks, prefix lists or groups in the egress rule, or one TCP port.",
        severity="medium",
        level="advisory",
        reference=f"{EC2_DOCS}/security-group-rules.html",
        types=FORMS,
        broken=_open_egress,
    ),
    ResourceRule(
        number=7,
        name="security-group-rules-described",
        because="A rule that nobody can explain is a rule that nobody dares to remove.",
        fix="Say in description what the rule is for.",
        severity="low",
        level="advisory",
        reference=f"{VPC_DOCS}/security-group-rules.html",
        types=FORMS,
        broken=_undescribed,
        repair=_described,
    ),
    StackRule(
        number=8,
        name="one-rule-style-per-group",
        because="A group that lists its rules removes those that others add to it, at every "
        "second update.",
        fix="Write all rules of the group as aws.vpc.SecurityGroupIngressRule and "
        "SecurityGroupEgressRule, and none in ingress and egress.",
        severity="medium",
        reference="https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
        types=(GROUP,),
        broken=_mixed_styles,
    ),
)
