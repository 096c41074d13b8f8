"""Network ACLs: ordinary ones, the default one of a VPC, and single rules."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.network_acl_entries import (
    alike,
    all_alike,
    as_given,
    as_inline,
    entries,
    requested,
)
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props

_DIRECTIONS = {"ingress": False, "egress": True}
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
        asked = requested(as_inline(props), egress=egress)
        aws.client("ec2").create_network_acl_entry(NetworkAclId=acl, **asked)
        text = f"{acl}-{props['ruleNumber']}-{egress}-{props['protocol']}"
        return f"nacl-{zlib.crc32(text.encode())}"

    @gone_is_none(*_GONE)
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        acl = _acl(aws, props["networkAclId"])
        for entry in entries(acl, egress=bool(props.get("egress"))):
            if entry["ruleNo"] == int(props["ruleNumber"]):
                return _rule_now(props, entry)
        return None

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is None:
            return
        aws.client("ec2").delete_network_acl_entry(
            NetworkAclId=props["networkAclId"],
            RuleNumber=int(props["ruleNumber"]),
            Egress=bool(props.get("egress")),
        )


def _rule_now(props: Props, entry: Props) -> Props:
    """A `NetworkAclRule` as AWS has it, in the program's form where it means the same."""
    before = as_inline(props)
    if alike(before, entry):
        return dict(props)
    now = as_given(entry, before)
    shown = {**props, **now, "ruleNumber": now["ruleNo"], "ruleAction": now["action"]}
    return {key: shown.get(key) for key in props}


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
    now = entries(acl, egress=_DIRECTIONS[key])
    given: list[Props] = props.get(key) or []
    if all_alike(given, now):
        return given
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
    now = {rule["ruleNo"]: rule for rule in entries(acl, egress=egress)}
    after = {int(rule["ruleNo"]): rule for rule in wanted}
    for number in now.keys() - after.keys():
        ec2.delete_network_acl_entry(NetworkAclId=id_, RuleNumber=number, Egress=egress)
    for number, rule in after.items():
        asked = requested(rule, egress=egress)
        if number not in now:
            ec2.create_network_acl_entry(NetworkAclId=id_, **asked)
        elif not alike(rule, now[number]):
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


RESOURCES: Sequence[Resource] = (NetworkAcl(), DefaultNetworkAcl(), NetworkAclRule())
