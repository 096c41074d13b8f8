"""What the whole world reaches: load balancers that are meant for it, at 443, and nothing else.

What is meant stands in `world_facing` of the stack's policy settings; what it is, is seen: its
scheme, its listener, and who else is in the group that is opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.addresses import blocks, is_world
from policies.balancers import BALANCERS, faces_internet, listens_at
from policies.finding import Broken
from policies.group_members import groups_of, members_of
from policies.openings import FORMS, Opening, openings
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject, family

PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
PREFIX_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
HTTPS = 443
REFERENCE = (
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html"
)
MEANT = "an internet-facing load balancer that listens at 443 and stands in world_facing, alone"


def _open_to_world(one: Subject) -> Iterator[Broken]:
    if family(one.type) in BALANCERS:
        yield from _public_unasked(one)
        return
    for opening in openings(one, "ingress"):
        key = opening.to_world()
        if key and not (one.settings.world_facing and _https_alone(opening)):
            wanted = "named networks; the world only at 443, and only of what is in world_facing"
            yield Broken(opening.rule.at(key), opening.rule.shown(key), wanted)
    yield from _world_in_prefix_list(one)


def _public_unasked(one: Subject) -> Iterator[Broken]:
    if one.name not in one.settings.world_facing and faces_internet(one):
        yield Broken("internal", one.properties.shown("internal"), "true, or it in world_facing")


def _https_alone(opening: Opening) -> bool:
    return opening.protocol == "tcp" and opening.ports == (HTTPS, HTTPS)


def _world_in_prefix_list(one: Subject) -> Iterator[Broken]:
    """A list of the whole world would hide it from whoever reads the rule that names the list."""
    kind = family(one.type)
    if kind not in (PREFIX_LIST, PREFIX_ENTRY):
        return
    for entry in one.properties.each("entries") if kind == PREFIX_LIST else [one.properties]:
        if any(map(is_world, blocks(entry, "cidr"))):
            yield Broken(entry.at("cidr"), entry.shown("cidr"), "named networks")


def _open_to_others(one: Subject, stack: Stack) -> Iterator[Broken]:
    for opening in openings(one, "ingress"):
        key = opening.to_world()
        if key:
            for reached in _reached(one, stack):
                yield Broken(opening.rule.at(key), f"the world at {reached}", MEANT)


def _reached(one: Subject, stack: Stack) -> Iterator[str]:
    """What the opened group holds that is not meant for the world."""
    groups = list(groups_of(one, stack))
    if not groups:
        yield "a group that is not in this stack"
    for group in groups:
        members = list(members_of(group, stack))
        if not members:
            yield f"{group.name}, in which nothing is"
        yield from (each.name for each in members if not _meant_for_world(each, stack))


def _meant_for_world(one: Subject, stack: Stack) -> bool:
    named = family(one.type) in BALANCERS and one.name in stack.settings.world_facing
    return named and faces_internet(one) and listens_at(HTTPS, one, stack)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=5,
        name="world-only-to-https",
        because="Each port that the world reaches is attacked, and only a load balancer's "
        "listener is made for that.",
        fix="Name networks in cidrIpv4 or cidrIpv6, and set internal of a load balancer; one for "
        "the world stands in world_facing of the stack's policy settings and opens 443 alone.",
        severity="critical",
        reference=REFERENCE,
        types=(*FORMS, PREFIX_LIST, PREFIX_ENTRY, *BALANCERS),
        broken=_open_to_world,
    ),
    StackRule(
        number=5,
        name="world-only-to-balancers",
        because="A group that is opened for a load balancer opens whatever else is in it.",
        fix="Give the load balancer for the world a security group of its own, a listener at 443, "
        "and its name in world_facing of the stack's policy settings.",
        severity="critical",
        reference=REFERENCE,
        types=FORMS,
        broken=_open_to_others,
    ),
)
