"""What a rule of a security group lets through, in whichever of the four forms it is written:
inline, `aws:ec2/securityGroupRule`, and the ingress and egress rules of `aws:vpc`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from policies.addresses import blocks, is_world
from policies.properties import Properties
from policies.subject import Subject, family

Direction: TypeAlias = Literal["ingress", "egress"]
DIRECTIONS: tuple[Direction, ...] = ("ingress", "egress")

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLDER_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUPS = (GROUP, DEFAULT_GROUP)
RULES_ALONE = (OLDER_RULE, INGRESS_RULE, EGRESS_RULE)
FORMS = (*GROUPS, *RULES_ALONE)

PROTOCOLS = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Names of protocol numbers. Source: IANA, protocol numbers; -1 is EC2's for all of them."""
WITHOUT_PORTS = frozenset({"icmp", "icmpv6"})
"""Protocols whose "ports" are a type and a code."""
BLOCK_KEYS = ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")
PEER_KEYS = (
    *BLOCK_KEYS,
    "prefixListIds",
    "prefixListId",
    "securityGroups",
    "sourceSecurityGroupId",
    "referencedSecurityGroupId",
)
LAST_PORT = 65535


@dataclass(frozen=True)
class Opening:
    """One rule, read when asked: `rule` raises Unknown and Malformed."""

    direction: Direction
    rule: Properties

    @property
    def protocol(self) -> str:
        """`tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a number."""
        told = (self.rule.scalar("protocol") or self.rule.scalar("ipProtocol")).lower()
        return PROTOCOLS.get(told, told) or "all"

    @property
    def ports(self) -> tuple[int, int]:
        """First and last port; every port where none is named."""
        first, last = self.rule.number("fromPort"), self.rule.number("toPort")
        if self.protocol == "all" or first is None or last is None or first < 0:
            return (0, LAST_PORT)
        return (int(first), int(last))

    def covers(self, port: int) -> bool:
        """Whether the rule lets `port` through."""
        first, last = self.ports
        return self.protocol not in WITHOUT_PORTS and first <= port <= last

    def to_world(self) -> str:
        """Key of the blocks that hold the world; empty where none does."""
        for key in BLOCK_KEYS:
            if any(map(is_world, blocks(self.rule, key))):
                return key
        return ""

    def flat(self) -> set[tuple[str, ...]]:
        """One entry for each peer, alike for rules that open the same in any form."""
        protocol, (first, last) = self.protocol, self.ports
        said = (self.direction, protocol, str(first), str(last))
        peers = {peer for key in PEER_KEYS for peer in self.rule.texts(key) if peer}
        return {(*said, peer) for peer in peers} or {(*said, "itself")}


def openings(one: Subject, direction: Direction) -> Iterator[Opening]:
    """What a group or a rule lets in, or out."""
    kind = family(one.type)
    if kind in GROUPS:
        for rule in one.properties.each(direction):
            yield Opening(direction, rule)
    elif kind == OLDER_RULE:
        if one.properties.text("type") == direction:
            yield Opening(direction, one.properties)
    elif kind == (INGRESS_RULE if direction == "ingress" else EGRESS_RULE):
        yield Opening(direction, one.properties)
