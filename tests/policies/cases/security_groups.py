"""What proves the rules about security groups."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

GROUP = recorded("aws:ec2/securityGroup:SecurityGroup")
DEFAULT = recorded("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", asked="stack")
VPC = recorded("aws:ec2/vpc:Vpc", asked="stack")
INGRESS = recorded("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
FROM_BLOCK = recorded(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "consoles-from-10.0.0.0/8-443"
)
EGRESS = recorded("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
WORLD, WORLD_6 = "0.0.0.0/0", "::/0"
IN_DEFAULT = DEFAULT.flowing("vpcId", VPC)
OF_DEFAULT = FROM_BLOCK.flowing("securityGroupId", IN_DEFAULT)


def _older(**properties: Any) -> Described:
    return Described(
        type="aws:ec2/securityGroupRule:SecurityGroupRule",
        name="older",
        properties={
            "type": "ingress",
            "protocol": "tcp",
            "fromPort": 443.0,
            "toPort": 443.0,
            "cidrBlocks": ["10.0.0.0/8"],
            "securityGroupId": "sg-1",
            "description": "Clients",
            **properties,
        },
    )


def _inline(direction: str = "ingress", **properties: Any) -> Described:
    rule = {
        "protocol": "tcp",
        "fromPort": 443.0,
        "toPort": 443.0,
        "cidrBlocks": ["10.0.0.0/8"],
        "description": "Clients",
        **properties,
    }
    return GROUP.but({direction: [rule]})


def _list(*blocks: str) -> Described:
    return Described(
        type="aws:ec2/managedPrefixList:ManagedPrefixList",
        name="offices",
        properties={"entries": [{"cidr": block} for block in blocks]},
    )


def _entry(block: str) -> Described:
    return Described(
        type="aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
        name="office",
        properties={"cidr": block, "prefixListId": "pl-1"},
    )


STACKED = recorded("aws:ec2/securityGroup:SecurityGroup", asked="stack")
NEWER_OF = FROM_BLOCK.flowing("securityGroupId", STACKED)
OLDER_OF = _older().flowing("securityGroupId", STACKED)
LISTED = {
    "protocol": "tcp",
    "fromPort": 443.0,
    "toPort": 443.0,
    "cidrBlocks": ["10.0.0.0/8"],
}
OTHERS_OWN = GROUP.named("another").but({"ingress": [LISTED]})
FACING = {"world_facing": ("edge-*",)}

CASES = {
    "default-security-group-empty": Cases(
        failing=(
            fails(VPC, at="defaultSecurityGroupId", wanted="no rules"),
            fails(VPC, DEFAULT.but({"vpcId": "vpc-another"}), at="defaultSecurityGroupId"),
            fails(VPC, IN_DEFAULT.but({"ingress": [{"self": True}]}), at="ingress"),
            fails(VPC, IN_DEFAULT.but({"egress": [{"cidrBlocks": [WORLD]}]}), at="egress"),
            fails(VPC, IN_DEFAULT, OF_DEFAULT, at="", wanted="no rule"),
            fails(VPC, IN_DEFAULT, EGRESS.flowing("securityGroupId", IN_DEFAULT), at=""),
            fails(VPC, IN_DEFAULT, _older().flowing("securityGroupId", IN_DEFAULT), at=""),
        ),
        passing=(
            passes(VPC, IN_DEFAULT),
            passes(VPC, IN_DEFAULT.but({"ingress": None, "egress": None}), FROM_BLOCK, GROUP),
        ),
        unknown=passes(VPC, IN_DEFAULT.but({"ingress": UNKNOWN})),
    ),
    "no-admin-ports-from-world": Cases(
        failing=(
            fails(INGRESS.but({"cidrIpv4": WORLD, "fromPort": 22, "toPort": 22}), at="cidrIpv4"),
            fails(
                INGRESS.but({"cidrIpv6": WORLD_6, "fromPort": 3389, "toPort": 3389}),
                at="cidrIpv6",
                wanted="no Remote Desktop at all",
            ),
            fails(
                INGRESS.but({"cidrIpv4": WORLD, "fromPort": 0, "toPort": 22}),
                at="cidrIpv4",
                wanted="no SSH at all",
            ),
            fails(
                INGRESS.but({"cidrIpv4": "0.0.0.0/1", "fromPort": 22, "toPort": 4000}),
                at="cidrIpv4",
                wanted="no SSH nor Remote Desktop",
            ),
            fails(INGRESS.but({"cidrIpv4": "8.0.0.0/7", "ipProtocol": "-1"}), at="cidrIpv4"),
            fails(
                INGRESS.but({"cidrIpv6": "2000::/3", "ipProtocol": -1, "fromPort": 443}),
                at="cidrIpv6",
            ),
            fails(INGRESS.but({"cidrIpv6": "2000::/15", "fromPort": None}), at="cidrIpv6"),
            fails(INGRESS.but({"cidrIpv4": WORLD, "toPort": None}), at="cidrIpv4"),
            fails(INGRESS.but({"cidrIpv4": WORLD, "fromPort": -1, "toPort": -1}), at="cidrIpv4"),
            fails(INGRESS.but({"cidrIpv4": WORLD, "ipProtocol": None}), at="cidrIpv4"),
            fails(
                INGRESS.but(
                    {"cidrIpv4": WORLD, "ipProtocol": "17", "fromPort": 3389, "toPort": 1e4}
                ),
                at="cidrIpv4",
            ),
            fails(
                _inline(cidrBlocks=["10.0.0.0/8", WORLD], fromPort=1.0), at="ingress[0].cidrBlocks"
            ),
            fails(
                _inline(ipv6CidrBlocks=[WORLD_6], protocol="all"), at="ingress[0].ipv6CidrBlocks"
            ),
            fails(_older(cidrBlocks=[WORLD], fromPort=22.0), at="cidrBlocks"),
            fails(_older(ipv6CidrBlocks=[WORLD_6], protocol="-1"), at="ipv6CidrBlocks"),
            fails(DEFAULT.but({"ingress": {"cidrBlocks": [WORLD]}}), at="ingress.cidrBlocks"),
            fails(INGRESS.but({"cidrIpv4": "everywhere", "fromPort": 22}), at="cidrIpv4"),
        ),
        passing=(
            passes(INGRESS, FROM_BLOCK, GROUP, EGRESS),
            passes(FROM_BLOCK.but({"fromPort": 22, "toPort": 22})),
            passes(FROM_BLOCK.but({"cidrIpv4": "11.0.0.0/8", "fromPort": 22, "toPort": 22})),
            passes(INGRESS.but({"cidrIpv6": "2000::/16", "fromPort": 22, "toPort": 22})),
            passes(INGRESS.but({"cidrIpv6": "fd00::/8", "fromPort": 22, "toPort": 22})),
            passes(INGRESS.but({"cidrIpv6": "fc00::/7", "fromPort": 22, "toPort": 22})),
            passes(FROM_BLOCK.but({"cidrIpv4": WORLD, "fromPort": 23, "toPort": 3388})),
            passes(FROM_BLOCK.but({"cidrIpv4": WORLD, "fromPort": 0, "toPort": 21})),
            passes(FROM_BLOCK.but({"cidrIpv4": WORLD, "fromPort": 3390, "toPort": 65535})),
            passes(FROM_BLOCK.but({"cidrIpv4": WORLD, "ipProtocol": "icmp", "fromPort": -1})),
            passes(FROM_BLOCK.but({"cidrIpv4": WORLD, "ipProtocol": "58", "fromPort": -1})),
            passes(EGRESS.but({"cidrIpv4": WORLD, "fromPort": 22, "toPort": 22})),
            passes(_older(type="egress", cidrBlocks=[WORLD], fromPort=22.0)),
            passes(_inline("egress", cidrBlocks=[WORLD], fromPort=22.0)),
            passes(_inline(prefixListIds=["pl-1"], cidrBlocks=[], fromPort=22.0)),
            passes(INGRESS.but({"prefixListId": "pl-1", "fromPort": 22, "toPort": 22})),
        ),
        unknown=passes(INGRESS.but({"cidrIpv4": UNKNOWN, "fromPort": 22, "toPort": 22})),
        secret=fails(
            INGRESS.but({"cidrIpv4": secret(WORLD), "fromPort": 22, "toPort": 22}), at="cidrIpv4"
        ),
    ),
    "world-only-to-https": Cases(
        failing=(
            fails(FROM_BLOCK.but({"cidrIpv4": WORLD}), at="cidrIpv4", wanted="world_facing"),
            fails(FROM_BLOCK.but({"cidrIpv6": WORLD_6, "ipProtocol": "-1"}), at="cidrIpv6"),
            fails(_inline(cidrBlocks=[WORLD]), at="ingress[0].cidrBlocks"),
            fails(_older(ipv6CidrBlocks=[WORLD_6]), at="ipv6CidrBlocks"),
            fails(
                FROM_BLOCK.named("edge-a").but({"cidrIpv4": WORLD, "fromPort": 442}),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(
                FROM_BLOCK.named("edge-a").but({"cidrIpv4": WORLD, "toPort": 444}),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(
                FROM_BLOCK.named("edge-a").but({"cidrIpv4": WORLD, "ipProtocol": "udp"}),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(
                FROM_BLOCK.named("nodes").but({"cidrIpv4": WORLD}), at="cidrIpv4", settings=FACING
            ),
            fails(_list("10.0.0.0/8", WORLD), at="entries[1].cidr", wanted="named networks"),
            fails(_entry("::/1"), at="cidr"),
        ),
        passing=(
            passes(INGRESS, FROM_BLOCK, GROUP, EGRESS),
            passes(FROM_BLOCK.named("edge-a").but({"cidrIpv4": WORLD}), settings=FACING),
            passes(
                _inline(cidrBlocks=[WORLD], protocol="6").named("edge"),
                settings={"world_facing": ("other", "edge")},
            ),
            passes(EGRESS.but({"cidrIpv4": WORLD})),
            passes(_list("10.0.0.0/8", "192.0.2.0/24"), _entry("192.0.2.0/24")),
        ),
        unknown=passes(FROM_BLOCK.but({"cidrIpv4": UNKNOWN})),
        secret=fails(FROM_BLOCK.but({"cidrIpv4": secret(WORLD)}), at="cidrIpv4"),
    ),
    "no-open-egress": Cases(
        failing=(
            fails(EGRESS.but({"cidrIpv4": WORLD, "ipProtocol": "-1"}), at="cidrIpv4"),
            fails(EGRESS.but({"cidrIpv6": WORLD_6, "toPort": 2747}), at="cidrIpv6"),
            fails(EGRESS.but({"cidrIpv4": WORLD, "ipProtocol": "udp"}), at="cidrIpv4"),
            fails(_inline("egress", cidrBlocks=[WORLD], protocol="-1"), at="egress[0].cidrBlocks"),
            fails(_older(type="egress", cidrBlocks=[WORLD], fromPort=1.0), at="cidrBlocks"),
        ),
        passing=(
            passes(INGRESS, GROUP, EGRESS),
            passes(EGRESS.but({"cidrIpv4": WORLD})),
            passes(EGRESS.but({"cidrIpv4": "10.0.0.0/8", "ipProtocol": "-1"})),
            passes(INGRESS.but({"cidrIpv4": WORLD, "ipProtocol": "-1"})),
        ),
        unknown=passes(EGRESS.but({"cidrIpv4": UNKNOWN})),
        secret=fails(EGRESS.but({"cidrIpv4": secret(WORLD), "ipProtocol": "-1"}), at="cidrIpv4"),
    ),
    "security-group-rules-described": Cases(
        failing=(
            fails(INGRESS.but({"description": None}), at="description", wanted="what the rule"),
            fails(EGRESS.but({"description": ""}), at="description"),
            fails(_older(description=None), at="description"),
            fails(_older(description=None, type="egress"), at="description"),
            fails(_inline(description=""), at="ingress[0].description"),
            fails(_inline("egress", description=None), at="egress[0].description"),
        ),
        passing=(
            passes(INGRESS, FROM_BLOCK, GROUP, EGRESS),
            passes(_inline(), _inline("egress"), _older()),
            passes(INGRESS.but({"description": secret("Clients")})),
        ),
        unknown=passes(INGRESS.but({"description": UNKNOWN})),
        unknown_is="passing",
    ),
    "one-rule-style-per-group": Cases(
        failing=(
            fails(STACKED, NEWER_OF, OLDER_OF, at="", wanted="one form"),
            fails(STACKED.but({"ingress": [LISTED | {"toPort": 444.0}]}), NEWER_OF, at=""),
            fails(STACKED.but({"ingress": [LISTED | {"fromPort": 442.0}]}), NEWER_OF, at=""),
            fails(STACKED.but({"ingress": [LISTED | {"protocol": "udp"}]}), NEWER_OF, at=""),
            fails(
                STACKED.but({"ingress": [LISTED | {"prefixListIds": ["pl-1"]}]}), NEWER_OF, at=""
            ),
            fails(STACKED.but({"egress": [LISTED]}), OLDER_OF, at=""),
            fails(
                STACKED.but({"egress": [{"self": True}]}),
                EGRESS.flowing("securityGroupId", STACKED),
                at="",
            ),
        ),
        passing=(
            passes(STACKED, NEWER_OF, OTHERS_OWN),
            passes(STACKED.but({"ingress": [LISTED]})),
            passes(STACKED, OLDER_OF),
            # A refreshed state lists what stands alone.
            passes(STACKED.but({"ingress": [LISTED]}), NEWER_OF),
            passes(STACKED.but({"ingress": [LISTED]}), OLDER_OF),
            passes(STACKED.but({"ingress": [LISTED]}), FROM_BLOCK.but({"securityGroupId": "sg-0"})),
        ),
        unknown=passes(STACKED.but({"ingress": UNKNOWN}), NEWER_OF),
    ),
}
