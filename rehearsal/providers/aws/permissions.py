"""What a security group lets through, one source at a time: the form in which rules that
are written in different ways (inline, as a rule resource, as AWS lists them) compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.providers.aws.resource import Aws
from rehearsal.providers.wire import Props

_SOURCES = {
    "cidrBlocks": "CidrIp",
    "ipv6CidrBlocks": "CidrIpv6",
    "prefixListIds": "PrefixListId",
    "securityGroups": "GroupId",
}
"""List properties of an inline rule, and AWS's member for one of their entries."""
_GROUPED = {
    "CidrIp": "IpRanges",
    "CidrIpv6": "Ipv6Ranges",
    "PrefixListId": "PrefixListIds",
    "GroupId": "UserIdGroupPairs",
}
_PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


@dataclass(frozen=True)
class Permission:
    """Traffic between a group and one source; equal without regard to the description,
    as AWS sees it."""

    protocol: str
    from_port: int
    to_port: int
    member: str
    """`CidrIp`, `CidrIpv6`, `PrefixListId` or `GroupId`."""
    source: str
    description: str | None = field(default=None, compare=False)


def given(rule: Props, group_id: str) -> list[Permission]:
    """The permissions of one inline rule, or of a rule resource, of the group `group_id`."""
    sources = [
        (member, source) for key, member in _SOURCES.items() for source in rule.get(key) or ()
    ]
    if rule.get("sourceSecurityGroupId"):
        sources.append(("GroupId", rule["sourceSecurityGroupId"]))
    if rule.get("self"):
        sources.append(("GroupId", group_id))
    ports = (rule.get("fromPort"), rule.get("toPort"))
    return [
        _permission(rule["protocol"], ports, member, source, rule.get("description") or None)
        for member, source in sources
    ]


def described(group: Mapping[str, Any], *, egress: bool) -> list[Permission]:
    """The permissions of a described security group, in one direction."""
    return [
        _permission(
            rule["IpProtocol"],
            (rule.get("FromPort"), rule.get("ToPort")),
            member,
            source[member],
            source.get("Description"),
        )
        for rule in group["IpPermissionsEgress" if egress else "IpPermissions"]
        for member, members in _GROUPED.items()
        for source in rule.get(members, ())
    ]


def alike(wanted: Sequence[Permission], now: Sequence[Permission]) -> bool:
    """Whether both let the same through, with the same descriptions where AWS shows one."""
    texts = {one: one.description for one in wanted}
    return texts.keys() == set(now) and all(
        one.description in (None, texts[one]) for one in now if one in texts
    )


def inline(permissions: Iterable[Permission], group_id: str) -> list[Props]:
    """Permissions as inline rules, those of equal ports and description joined."""
    joined: dict[tuple[str, int, int, str], Props] = {}
    lists = {member: key for key, member in _SOURCES.items()}
    for one in permissions:
        key = (one.protocol, one.from_port, one.to_port, one.description or "")
        rule = joined.setdefault(key, _empty_rule(one))
        if one.source == group_id:
            rule["self"] = True
        else:
            rule.setdefault(lists[one.member], []).append(one.source)
    return [*joined.values()]


def authorize(
    aws: Aws, group_id: str, permissions: Sequence[Permission], *, egress: bool
) -> list[str]:
    """Let them through; the IDs of the rules that this made."""
    if not permissions:
        return []
    ec2 = aws.client("ec2")
    call = ec2.authorize_security_group_egress if egress else ec2.authorize_security_group_ingress
    made = call(GroupId=group_id, IpPermissions=requested(permissions))
    return [rule["SecurityGroupRuleId"] for rule in made.get("SecurityGroupRules", ())]


def revoke(aws: Aws, group_id: str, permissions: Sequence[Permission], *, egress: bool) -> None:
    """Let them through no longer."""
    if permissions:
        ec2 = aws.client("ec2")
        call = ec2.revoke_security_group_egress if egress else ec2.revoke_security_group_ingress
        call(GroupId=group_id, IpPermissions=requested(permissions))


def requested(permissions: Iterable[Permission]) -> list[dict[str, Any]]:
    """EC2's `IpPermissions`, one for each."""
    return [
        {
            "IpProtocol": one.protocol,
            **({} if one.protocol == "-1" else {"FromPort": one.from_port, "ToPort": one.to_port}),
            _GROUPED[one.member]: [
                {
                    one.member: one.source,
                    **({"Description": one.description} if one.description else {}),
                }
            ],
        }
        for one in permissions
    ]


def protocol_name(given_name: object) -> str:
    """A protocol as AWS spells it: `tcp` for 6, `-1` for all."""
    name = str(given_name).lower()
    return _PROTOCOLS.get(name, name)


def _permission(
    protocol: object,
    ports: tuple[int | None, int | None],
    member: str,
    source: str,
    description: str | None,
) -> Permission:
    name = protocol_name(protocol)
    # AWS shows no ports for "all protocols"; programs write 0.
    first, last = (0, 0) if name == "-1" else ports
    return Permission(name, int(first or 0), int(last or 0), member, source, description)


def _empty_rule(one: Permission) -> Props:
    rule: Props = {"protocol": one.protocol, "fromPort": one.from_port, "toPort": one.to_port}
    return {**rule, "description": one.description} if one.description else rule
