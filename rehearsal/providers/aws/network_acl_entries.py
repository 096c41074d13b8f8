"""Rules of a network ACL as programs write them and as EC2 lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.providers.aws.permissions import protocol_name
from rehearsal.providers.aws.shapes import same
from rehearsal.providers.wire import Props, as_object

_LAST_RULE = 32767
"""The rule that refuses everything else: AWS's own, which nobody can change."""
_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "-1": "-1"}


def entries(acl: Mapping[str, Any], *, egress: bool) -> list[Props]:
    """Described rules of one direction in the words of inline ones, by number."""
    found = [
        _inline(entry)
        for entry in acl["Entries"]
        if entry["Egress"] == egress and entry["RuleNumber"] != _LAST_RULE
    ]
    return sorted(found, key=lambda rule: rule["ruleNo"])


def _inline(entry: Mapping[str, Any]) -> Props:
    ports, icmp = as_object(entry.get("PortRange")), as_object(entry.get("IcmpTypeCode"))
    rule: Props = {
        "ruleNo": entry["RuleNumber"],
        "action": entry["RuleAction"],
        "protocol": protocol_name(entry["Protocol"]),
        "fromPort": ports.get("From", 0),
        "toPort": ports.get("To", 0),
        "cidrBlock": entry.get("CidrBlock"),
        "ipv6CidrBlock": entry.get("Ipv6CidrBlock"),
        "icmpType": icmp.get("Type"),
        "icmpCode": icmp.get("Code"),
    }
    return {key: value for key, value in rule.items() if value is not None}


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two spellings mean the same rule."""
    return same(_compared(one), _compared(other))


def all_alike(some: Sequence[Props], others: Sequence[Props]) -> bool:
    """Whether two lists mean the same rules, in whatever order."""
    return same([_compared(rule) for rule in some], [_compared(rule) for rule in others])


def _compared(rule: Mapping[str, Any]) -> Props:
    """A rule with every default filled in."""
    protocol = protocol_name(rule["protocol"])
    everything = protocol == "-1"
    return {
        **rule,
        "protocol": protocol,
        "fromPort": 0 if everything else int(rule.get("fromPort") or 0),
        "toPort": 0 if everything else int(rule.get("toPort") or 0),
        "icmpType": rule.get("icmpType") or None,
        "icmpCode": rule.get("icmpCode") or None,
    }


def as_inline(props: Props) -> Props:
    """A `NetworkAclRule` in the words of an inline rule."""
    same_word = ("protocol", "fromPort", "toPort", "icmpType", "icmpCode")
    chosen = (*same_word, "cidrBlock", "ipv6CidrBlock")
    return {
        **{key: props[key] for key in chosen if key in props},
        "ruleNo": int(props["ruleNumber"]),
        "action": props["ruleAction"],
    }


def as_given(now: Props, before: Props) -> Props:
    """`now`, with the protocol spelled as in `before` where it is the same one."""
    if protocol_name(before["protocol"]) == now["protocol"]:
        return {**now, "protocol": before["protocol"]}
    return now


def requested(rule: Props, *, egress: bool) -> dict[str, Any]:
    """Parameters of the operations that make and replace a rule."""
    protocol = protocol_name(rule["protocol"])
    asked: dict[str, Any] = {
        "Egress": egress,
        "RuleNumber": int(rule["ruleNo"]),
        "RuleAction": rule["action"],
        "Protocol": _NUMBERS.get(protocol, protocol),
    }
    for key, member in {"cidrBlock": "CidrBlock", "ipv6CidrBlock": "Ipv6CidrBlock"}.items():
        if rule.get(key):
            asked[member] = rule[key]
    if protocol in ("tcp", "udp"):
        asked["PortRange"] = {"From": int(rule["fromPort"]), "To": int(rule["toPort"])}
    if protocol in ("icmp", "icmpv6"):
        codes = {"Type": rule.get("icmpType", -1), "Code": rule.get("icmpCode", -1)}
        asked["IcmpTypeCode"] = {key: int(value) for key, value in codes.items()}
    return asked
