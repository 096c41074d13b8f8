"""Network ACLs: ordinary ones, the default one of a VPC, and single rules."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.permissions import protocol_name
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, same
from rehearsal.providers.wire import Props, as_object

_DIRECTIONS = {"ingress": False, "egress": True}
_LAST_RULE = 32767
"""The rule that refuses everything else: AWS's own, which nobody can change."""
_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "-1": "-1"}
_GONE = ("InvalidNetworkAclID.NotFound", "InvalidRouteTableID.NotFound")
"""The second is what the simulated cloud says of an absent network ACL."""


class NetworkAcl(Resource):
    """Rules and subnets are only looked at when given inline."""

    token: ClassVar[str] = "aws:ec2/networkAcl:NetworkAcl"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"vpcId", "subnetIds", "ingress", "egress", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"vpcId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId"})

    def create(self, aws: Aws, props: Props) -> str:
        made = aws.client("ec2").create_network_acl(
            VpcId=props["vpcId"], TagSpecifications=tags.specification("network-acl", aws, props)
        )
        return made["NetworkAcl"]["NetworkAclId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_, props)

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        return _read(aws, _acl(aws, id_), props)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        lists = (*_DIRECTIONS, "subnetIds")
        dropped: Props = {key: [] for key in lists if key in old and key not in new}
        _settle(aws, id_, {**dropped, **new})
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        # AWS refuses to delete one that guards subnets: they go back to the default one.
        _settle(aws, id_, {"subnetIds": []})
        aws.client("ec2").delete_network_acl(NetworkAclId=id_)


class DefaultNetworkAcl(Resource):
    """Takes over the ACL that AWS makes with a VPC: a direction without rules is closed.
    AWS lets nobody delete it, so that a delete only lets go of it."""

    token: ClassVar[str] = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"defaultNetworkAclId", "ingress", "egress", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"defaultNetworkAclId"})
    replaces: ClassVar[frozenset[str]] = frozenset({"defaultNetworkAclId"})

    def create(self, aws: Aws, props: Props) -> str:
        return _acl(aws, props["defaultNetworkAclId"])["NetworkAclId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_, _closed(props))
        tags.retag_ec2(aws, id_, {}, props)

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = _read(aws, _acl(aws, id_), _closed(props))
        return {**found, "defaultNetworkAclId": id_}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _settle(aws, id_, _closed(new))
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Nothing to delete: it goes with its VPC."""


class NetworkAclRule(Resource):
    """One rule, found again by its number and direction."""

    token: ClassVar[str] = "aws:ec2/networkAclRule:NetworkAclRule"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "networkAclId",
            "ruleNumber",
            "ruleAction",
            "protocol",
            "egress",
            "cidrBlock",
            "ipv6CidrBlock",
            "fromPort",
            "toPort",
            "icmpType",
            "icmpCode",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset(
        {"networkAclId", "ruleNumber", "ruleAction", "protocol"}
    )
    replaces: ClassVar[frozenset[str]] = inputs
    known_by: ClassVar[frozenset[str]] = required
    delete_before_replace: ClassVar[bool] = True

    def create(self, aws: Aws, props: Props) -> str:
        acl, egress = props["networkAclId"], bool(props.get("egress"))
        asked = _entry_request(_as_inline(props), egress)
        aws.client("ec2").create_network_acl_entry(NetworkAclId=acl, **asked)
        text = f"{acl}-{props['ruleNumber']}-{egress}-{props['protocol']}"
        return f"nacl-{zlib.crc32(text.encode())}"

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        acl = _acl(aws, props["networkAclId"])
        for entry in _entries(acl, egress=bool(props.get("egress"))):
            if entry["ruleNo"] == int(props["ruleNumber"]):
                before = _as_inline(props)
                now = _as_given(entry, before)
                shown = {**now, "ruleNumber": now["ruleNo"], "ruleAction": now["action"]}
                changed = not same(_compared(before), _compared(entry))
                return {key: shown.get(key) if changed else props[key] for key in props} | {
                    key: props[key] for key in ("networkAclId", "egress") if key in props
                }
        return None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is None:
            return
        aws.client("ec2").delete_network_acl_entry(
            NetworkAclId=props["networkAclId"],
            RuleNumber=int(props["ruleNumber"]),
            Egress=bool(props.get("egress")),
        )


def _closed(props: Props) -> Props:
    return {**props, **{key: props.get(key) or [] for key in _DIRECTIONS}}


def _acl(aws: Aws, id_: str) -> dict[str, Any]:
    return aws.client("ec2").describe_network_acls(NetworkAclIds=[id_])["NetworkAcls"][0]


def _read(aws: Aws, acl: Mapping[str, Any], props: Props) -> Props:
    described = {
        "VpcId": acl["VpcId"],
        "SubnetIds": [one["SubnetId"] for one in acl.get("Associations", ())],
        "Tags": tags.own(aws, acl.get("Tags")),
        **{key: _rules(acl, key, props) for key in _DIRECTIONS},
    }
    return {
        **reported(props, described, ("vpcId", "tags")),
        "arn": aws.arn("ec2", f"network-acl/{acl['NetworkAclId']}"),
        "ownerId": aws.account_id,
    }


def _rules(acl: Mapping[str, Any], key: str, props: Props) -> list[Props]:
    """Inline rules as AWS has them; in the program's form where they mean the same."""
    now = _entries(acl, egress=_DIRECTIONS[key])
    given: list[Props] = props.get(key) or []
    if same([_compared(rule) for rule in given], [_compared(rule) for rule in now]):
        return given
    return now


def _entries(acl: Mapping[str, Any], *, egress: bool) -> list[Props]:
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


def _compared(rule: Mapping[str, Any]) -> Props:
    """A rule with every default filled in, so that two spellings of it are the same."""
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


def _as_inline(props: Props) -> Props:
    """A `NetworkAclRule` in the words of an inline rule."""
    same_word = ("protocol", "fromPort", "toPort", "icmpType", "icmpCode")
    chosen = (*same_word, "cidrBlock", "ipv6CidrBlock")
    return {
        **{key: props[key] for key in chosen if key in props},
        "ruleNo": int(props["ruleNumber"]),
        "action": props["ruleAction"],
    }


def _as_given(now: Props, before: Props) -> Props:
    """`now`, with the protocol spelled as in `before` where it is the same one."""
    if protocol_name(before["protocol"]) == now["protocol"]:
        return {**now, "protocol": before["protocol"]}
    return now


def _settle(aws: Aws, id_: str, props: Props) -> None:
    """Make AWS's rules and subnets those of `props`, where it names them."""
    acl = _acl(aws, id_)
    for key, egress in _DIRECTIONS.items():
        if key in props:
            _settle_rules(aws, acl, props[key] or [], egress)
    if "subnetIds" in props:
        _settle_subnets(aws, acl, props["subnetIds"] or [])


def _settle_rules(aws: Aws, acl: Mapping[str, Any], wanted: Iterable[Props], egress: bool) -> None:
    ec2, id_ = aws.client("ec2"), acl["NetworkAclId"]
    now = {rule["ruleNo"]: rule for rule in _entries(acl, egress=egress)}
    after = {int(rule["ruleNo"]): rule for rule in wanted}
    for number in now.keys() - after.keys():
        ec2.delete_network_acl_entry(NetworkAclId=id_, RuleNumber=number, Egress=egress)
    for number, rule in after.items():
        asked = _entry_request(rule, egress)
        if number not in now:
            ec2.create_network_acl_entry(NetworkAclId=id_, **asked)
        elif not same(_compared(rule), _compared(now[number])):
            ec2.replace_network_acl_entry(NetworkAclId=id_, **asked)


def _settle_subnets(aws: Aws, acl: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """A subnet always has one ACL: one that leaves goes back to the VPC's default ACL."""
    mine = {one["SubnetId"]: one for one in acl.get("Associations", ())}
    for subnet in sorted(set(wanted) - mine.keys()):
        _associate(aws, _association_of(aws, subnet), acl["NetworkAclId"])
    leaving = sorted(mine.keys() - set(wanted))
    if leaving:
        default = {"vpc-id": acl["VpcId"], "default": "true"}
        found = aws.client("ec2").describe_network_acls(Filters=filters(default))
        for subnet in leaving:
            _associate(aws, mine[subnet], found["NetworkAcls"][0]["NetworkAclId"])


def _associate(aws: Aws, association: Mapping[str, Any], acl_id: str) -> None:
    aws.client("ec2").replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl_id
    )


def _association_of(aws: Aws, subnet_id: str) -> dict[str, Any]:
    wanted = filters({"association.subnet-id": subnet_id})
    found = aws.client("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"][0]
    return next(one for one in found["Associations"] if one["SubnetId"] == subnet_id)


def _entry_request(rule: Props, egress: bool) -> dict[str, Any]:
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


RESOURCES: Sequence[Resource] = (NetworkAcl(), DefaultNetworkAcl(), NetworkAclRule())
