"""Security groups: ordinary ones and the default one of a VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import permissions, tags
from rehearsal.providers.aws.lookup import filters, gone_is_none
from rehearsal.providers.aws.permissions import Permission
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props

_DIRECTIONS = {"ingress": False, "egress": True}
"""Inline rules, and whether they are about egress."""


class SecurityGroup(Resource):
    """Rules are only looked at when given inline: else they belong to rule resources.

    AWS lets a new group send anything; as in the official provider that rule is taken away.
    """

    token: ClassVar[str] = "aws:ec2/securityGroup:SecurityGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"name", "description", "vpcId", "ingress", "egress", "revokeRulesOnDelete", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"name", "description", "vpcId"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {
        "description": "Managed by Pulumi",
        "revokeRulesOnDelete": False,
    }

    def create(self, aws: Aws, props: Props) -> str:
        place = {"VpcId": props["vpcId"]} if props.get("vpcId") else {}
        made = aws.client("ec2").create_security_group(
            GroupName=props["name"],
            Description=props["description"],
            TagSpecifications=tags.specification("security-group", aws, props),
            **place,
        )
        return made["GroupId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_, {"egress": [], **props})

    @gone_is_none("InvalidGroup.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group = _group(aws, id_)
        described = {
            "Name": group["GroupName"],
            "Description": group["Description"],
            "VpcId": group.get("VpcId"),
            "Tags": tags.own(aws, group.get("Tags")),
            **{key: _rules(group, key, props) for key in _DIRECTIONS},
        }
        return {
            **reported(props, described, ("name", "description", "vpcId", "tags")),
            "arn": aws.arn("ec2", f"security-group/{id_}"),
            "ownerId": aws.account_id,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        dropped: Props = {key: [] for key in _DIRECTIONS if key in old and key not in new}
        _settle(aws, id_, {**dropped, **new})
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if props.get("revokeRulesOnDelete"):
            _settle(aws, id_, {"ingress": [], "egress": []})
        aws.client("ec2").delete_security_group(GroupId=id_)


class DefaultSecurityGroup(Resource):
    """Takes over the group that AWS makes with a VPC: a direction without rules is closed.
    AWS lets nobody delete it, so that a delete only lets go of it."""

    token: ClassVar[str] = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"vpcId", "ingress", "egress", "revokeRulesOnDelete", "tags"}
    )
    replaces: ClassVar[frozenset[str]] = frozenset({"vpcId"})

    def create(self, aws: Aws, props: Props) -> str:
        wanted = {"group-name": "default"}
        if props.get("vpcId"):
            wanted["vpc-id"] = props["vpcId"]
        found = aws.client("ec2").describe_security_groups(Filters=filters(wanted))
        return found["SecurityGroups"][0]["GroupId"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        _settle(aws, id_, _closed(props))
        tags.retag_ec2(aws, id_, {}, props)

    @gone_is_none("InvalidGroup.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group = _group(aws, id_)
        described = {
            "VpcId": group.get("VpcId"),
            "Tags": tags.own(aws, group.get("Tags")),
            **{key: _rules(group, key, _closed(props)) for key in _DIRECTIONS},
        }
        return {
            # Without rules in the program any rule is drift, so they are always shown.
            **reported(_closed(props), described, ("vpcId", "tags")),
            "name": group["GroupName"],
            "description": group["Description"],
            "arn": aws.arn("ec2", f"security-group/{id_}"),
            "ownerId": aws.account_id,
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _settle(aws, id_, _closed(new))
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        """Nothing to delete: it goes with its VPC."""


def _closed(props: Props) -> Props:
    return {**props, **{key: props.get(key) or [] for key in _DIRECTIONS}}


def _group(aws: Aws, id_: str) -> dict[str, Any]:
    return aws.client("ec2").describe_security_groups(GroupIds=[id_])["SecurityGroups"][0]


def _wanted(props: Props, key: str, id_: str) -> list[Permission]:
    return [one for rule in props.get(key) or () for one in permissions.given(rule, id_)]


def _rules(group: Mapping[str, Any], key: str, props: Props) -> list[Props]:
    """Inline rules as AWS has them; in the program's form where they mean the same."""
    now = permissions.described(group, egress=_DIRECTIONS[key])
    if key in props and permissions.alike(_wanted(props, key, group["GroupId"]), now):
        return props[key]
    return permissions.inline(now, group["GroupId"])


def _settle(aws: Aws, id_: str, props: Props) -> None:
    """Make AWS's rules those of `props`, in the directions that it names."""
    group = _group(aws, id_)
    for key, egress in _DIRECTIONS.items():
        if key not in props:
            continue
        wanted = _wanted(props, key, id_)
        now = permissions.described(group, egress=egress)
        texts = {one: one.description for one in wanted}
        stale = [one for one in now if one not in texts or texts[one] != one.description]
        kept = set(now) - set(stale)
        permissions.revoke(aws, id_, stale, egress=egress)
        missing = [one for one in texts if one not in kept]
        permissions.authorize(aws, id_, missing, egress=egress)


RESOURCES: Sequence[Resource] = (SecurityGroup(), DefaultSecurityGroup())
