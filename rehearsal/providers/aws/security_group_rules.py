"""Single rules of security groups, in the older and the newer of AWS's two forms."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import permissions, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.permissions import Permission, protocol_name
from rehearsal.providers.aws.resource import Aws, Created, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props

_RULE_IDS = "SecurityGroupRuleIds"


class SecurityGroupRule(Resource):
    """The older form: one direction, one port range, any number of sources. AWS knows no
    such thing; it is found again by looking for its permissions in the group."""

    token: ClassVar[str] = "aws:ec2/securityGroupRule:SecurityGroupRule"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "type",
            "securityGroupId",
            "protocol",
            "fromPort",
            "toPort",
            "cidrBlocks",
            "ipv6CidrBlocks",
            "prefixListIds",
            "sourceSecurityGroupId",
            "self",
            "description",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset(
        {"type", "securityGroupId", "protocol", "fromPort", "toPort"}
    )
    replaces: ClassVar[frozenset[str]] = inputs - {"description"}
    known_by: ClassVar[frozenset[str]] = required
    told_once: ClassVar[frozenset[str]] = frozenset({"securityGroupRuleId"})

    def create(self, aws: Aws, props: Props) -> Created:
        group = props["securityGroupId"]
        wanted = permissions.given(props, group)
        made = permissions.authorize(aws, group, wanted, egress=_is_egress(props))
        told = {"securityGroupRuleId": made[0]} if len(made) == 1 else {}
        return Created(f"sgrule-{_hash(props, wanted)}", told)

    @gone_is_none("InvalidGroup.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        group_id = props["securityGroupId"]
        found = aws.client("ec2").describe_security_groups(GroupIds=[group_id])
        now = permissions.described(found["SecurityGroups"][0], egress=_is_egress(props))
        wanted = permissions.given(props, group_id)
        present = [one for one in now if one in wanted]
        if permissions.alike(wanted, present):
            return dict(props)
        if not present:
            return None
        return _narrowed(props, present)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        ec2 = aws.client("ec2")
        call = (
            ec2.update_security_group_rule_descriptions_egress
            if _is_egress(new)
            else ec2.update_security_group_rule_descriptions_ingress
        )
        wanted = permissions.given(new, new["securityGroupId"])
        call(GroupId=new["securityGroupId"], IpPermissions=permissions.requested(wanted))

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        group = props["securityGroupId"]
        wanted = permissions.given(props, group)
        permissions.revoke(aws, group, wanted, egress=_is_egress(props))


class _VpcRule(Resource):
    """The newer form: one rule of AWS, with its own ID and tags."""

    inputs: ClassVar[frozenset[str]] = frozenset(
        {
            "securityGroupId",
            "ipProtocol",
            "fromPort",
            "toPort",
            "cidrIpv4",
            "cidrIpv6",
            "prefixListId",
            "referencedSecurityGroupId",
            "description",
            "tags",
        }
    )
    required: ClassVar[frozenset[str]] = frozenset({"securityGroupId", "ipProtocol"})
    replaces: ClassVar[frozenset[str]] = frozenset({"securityGroupId"})
    egress: ClassVar[bool]

    def create(self, aws: Aws, props: Props) -> str:
        ec2 = aws.client("ec2")
        authorize = (
            ec2.authorize_security_group_egress
            if self.egress
            else ec2.authorize_security_group_ingress
        )
        made = authorize(
            GroupId=props["securityGroupId"],
            IpPermissions=permissions.requested(permissions.given(_old_form(props), "")),
            TagSpecifications=tags.specification("security-group-rule", aws, props),
        )
        return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    @gone_is_none("InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("ec2").describe_security_group_rules(**{_RULE_IDS: [id_]})
        rule = found["SecurityGroupRules"][0]
        described = {
            **rule,
            **_ports(rule, props),
            "IpProtocol": _spelled(props.get("ipProtocol"), rule["IpProtocol"]),
            "SecurityGroupId": rule["GroupId"],
            "ReferencedSecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            "Tags": tags.own(aws, rule.get("Tags")),
        }
        return {
            **reported(props, described, _VPC_RULE_SHOWN),
            "securityGroupRuleId": id_,
            "arn": aws.arn("ec2", f"security-group-rule/{id_}"),
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if any(old.get(key) != new.get(key) for key in self.inputs - {"tags"}):
            aws.client("ec2").modify_security_group_rules(
                GroupId=new["securityGroupId"],
                SecurityGroupRules=[
                    {"SecurityGroupRuleId": id_, "SecurityGroupRule": _rule_request(new)}
                ],
            )
        tags.retag_ec2(aws, id_, old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        ec2 = aws.client("ec2")
        revoke = (
            ec2.revoke_security_group_egress if self.egress else ec2.revoke_security_group_ingress
        )
        revoke(GroupId=props["securityGroupId"], **{_RULE_IDS: [id_]})


class SecurityGroupIngressRule(_VpcRule):
    """What may come in."""

    token: ClassVar[str] = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    egress: ClassVar[bool] = False


class SecurityGroupEgressRule(_VpcRule):
    """What may go out."""

    token: ClassVar[str] = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    egress: ClassVar[bool] = True


_VPC_RULE_SHOWN = (
    "securityGroupId",
    "ipProtocol",
    "cidrIpv4",
    "cidrIpv6",
    "prefixListId",
    "description",
    "tags",
)
_NEW_WORDS = {
    "cidrBlocks": "cidrIpv4",
    "ipv6CidrBlocks": "cidrIpv6",
    "prefixListIds": "prefixListId",
    "securityGroups": "referencedSecurityGroupId",
}


def _is_egress(props: Props) -> bool:
    return props["type"] == "egress"


def _hash(props: Props, wanted: Sequence[Permission]) -> int:
    text = [props["securityGroupId"], props["type"], *(f"{one!r}" for one in wanted)]
    return zlib.crc32("-".join(text).encode())


def _narrowed(props: Props, present: Sequence[Permission]) -> Props:
    """`props` with only the sources that are still there, and AWS's description."""
    sources = {one.source for one in present}
    lists = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
    left = {key: [one for one in props[key] if one in sources] for key in lists if key in props}
    return {**props, **left, "description": present[0].description}


def _old_form(props: Props) -> Props:
    lists = {old: [props[new]] for old, new in _NEW_WORDS.items() if props.get(new)}
    return {**props, **lists, "protocol": props["ipProtocol"]}


def _spelled(given: str | None, protocol: str) -> str:
    """A protocol as the program spells it, where that is the same one."""
    return given if given and protocol_name(given) == protocol else protocol


def _ports(rule: dict[str, Any], props: Props) -> dict[str, Any]:
    """AWS shows -1 for the ports of "all protocols", which programs leave out."""
    if rule["IpProtocol"] != "-1":
        return {}
    return {"FromPort": props.get("fromPort"), "ToPort": props.get("toPort")}


def _rule_request(props: Props) -> dict[str, Any]:
    chosen = _VpcRule.inputs - {"securityGroupId", "tags"}
    rule = {"fromPort": -1, "toPort": -1, **props}
    wanted = {key: rule[key] for key in chosen if key in rule}
    wanted["ipProtocol"] = protocol_name(wanted["ipProtocol"])
    asked = request(
        "ec2",
        "ModifySecurityGroupRules",
        {"groupId": "", "securityGroupRules": [{"securityGroupRule": wanted}]},
        rename={"securityGroupRules.securityGroupRule.referencedSecurityGroupId": _GROUP},
    )
    return asked["SecurityGroupRules"][0]["SecurityGroupRule"]


_GROUP = "ReferencedGroupId"


RESOURCES: Sequence[Resource] = (
    SecurityGroupRule(),
    SecurityGroupIngressRule(),
    SecurityGroupEgressRule(),
)
