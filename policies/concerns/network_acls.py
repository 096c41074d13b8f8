"""Network access lists: no administration from the world, in any of their forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.addresses import blocks, holds, is_world
from policies.finding import Broken
from policies.openings import LAST_PORT, PROTOCOLS, WITHOUT_PORTS
from policies.properties import Properties
from policies.rule import ResourceRule, Rule
from policies.subject import Subject, family

LIST = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_LIST = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
ENTRY = "aws:ec2/networkAclRule:NetworkAclRule"
ADMIN_PORTS = (20, 21, 22, 3389)
"""FTP, SSH and Remote Desktop."""


def _permissive(one: Subject) -> Iterator[Broken]:
    rules = _ingress(one)
    for place, rule in enumerate(rules):
        key = _world(rule)
        if key and _action(rule) == "allow":
            reached = [port for port in ADMIN_PORTS if _covers(rule, port)]
            if any(not _denied(port, rule, key, rules[:place]) for port in reached):
                wanted = "named networks, or ports without 20, 21, 22 and 3389"
                yield Broken(rule.at(key), rule.shown(key), wanted)


def _ingress(one: Subject) -> Sequence[Properties]:
    """Rules for what comes in, in the order in which AWS takes the first that fits."""
    if family(one.type) == ENTRY:
        return [] if one.properties.flag("egress") else [one.properties]
    return sorted(one.properties.each("ingress"), key=_place)


def _place(rule: Properties) -> float:
    return rule.number("ruleNo") or 0


def _denied(port: int, allowed: Properties, key: str, before: Sequence[Properties]) -> bool:
    return any(
        _action(rule) == "deny" and _covers(rule, port) and _holds(rule, allowed, key)
        for rule in before
    )


def _holds(denied: Properties, allowed: Properties, key: str) -> bool:
    """Whether one block has all addresses of the other."""
    return any(
        holds(outer, inner) for inner in blocks(allowed, key) for outer in blocks(denied, key)
    )


def _action(rule: Properties) -> str:
    return (rule.text("action") or rule.text("ruleAction")).lower()


def _world(rule: Properties) -> str:
    for key in ("cidrBlock", "ipv6CidrBlock"):
        if any(map(is_world, blocks(rule, key))):
            return key
    return ""


def _covers(rule: Properties, port: int) -> bool:
    told = rule.scalar("protocol").lower()
    protocol = PROTOCOLS.get(told, told)
    if protocol in WITHOUT_PORTS:
        return False
    first, last = rule.number("fromPort"), rule.number("toPort")
    if protocol == "all" or first is None or last is None:
        first, last = 0, LAST_PORT
    return first <= port <= last


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=9,
        name="network-acl-not-permissive",
        because="The list is the last fence when a security group is opened by mistake.",
        fix="Name networks in cidrBlock, narrow fromPort and toPort, or deny the ports under a "
        "lower ruleNo.",
        severity="high",
        reference="https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html",
        types=(LIST, DEFAULT_LIST, ENTRY),
        broken=_permissive,
    ),
)
