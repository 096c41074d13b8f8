"""What proves the rules about security groups."""

from __future__ import annotations

from tests.policies.cases.group_rules import (
    EGRESS,
    FACING,
    FROM_BLOCK,
    GROUP,
    STACKED,
    WORLD,
    WORLD_6,
    before_balancer,
    inline,
    older,
)
from tests.policies.scene import UNKNOWN, Cases, fails, passes, recorded, secret

DEFAULT = recorded("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", asked="stack")
VPC = recorded("aws:ec2/vpc:Vpc", asked="stack")
INGRESS = recorded("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
IN_DEFAULT = DEFAULT.flowing("vpcId", VPC)
OF_DEFAULT = FROM_BLOCK.flowing("securityGroupId", IN_DEFAULT)
NEWER_OF = FROM_BLOCK.flowing("securityGroupId", STACKED)
OLDER_OF = older().flowing("securityGroupId", STACKED)
LISTED = {
    "protocol": "tcp",
    "fromPort": 443.0,
    "toPort": 443.0,
    "cidrBlocks": ["10.0.0.0/8"],
}
OTHERS_OWN = GROUP.named("another").but({"ingress": [LISTED]})

CASES = {
    "default-security-group-empty": Cases(
        failing=(
            fails(VPC, at="defaultSecurityGroupId", wanted="no rules"),
            fails(VPC, DEFAULT.but({"vpcId": "vpc-another"}), at="defaultSecurityGroupId"),
            fails(VPC, IN_DEFAULT.but({"ingress": [{"self": True}]}), at="ingress"),
            fails(VPC, IN_DEFAULT.but({"egress": [{"cidrBlocks": [WORLD]}]}), at="egress"),
            fails(VPC, IN_DEFAULT, OF_DEFAULT, at="", wanted="no rule"),
            fails(VPC, IN_DEFAULT, EGRESS.flowing("securityGroupId", IN_DEFAULT), at=""),
            fails(VPC, IN_DEFAULT, older().flowing("securityGroupId", IN_DEFAULT), at=""),
        ),
        passing=(
            passes(VPC, IN_DEFAULT),
            passes(VPC, IN_DEFAULT.but({"ingress": None, "egress": None}), FROM_BLOCK, GROUP),
        ),
        unknown=passes(VPC, IN_DEFAULT.but({"ingress": UNKNOWN})),
    ),
    "no-admin-ports-from-world": Cases(
        failing=(
            fails(
                *before_balancer(FROM_BLOCK.but({"cidrIpv4": WORLD, "fromPort": 22, "toPort": 22})),
                at="cidrIpv4",
                settings=FACING,
            ),
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
                inline(cidrBlocks=["10.0.0.0/8", WORLD], fromPort=1.0), at="ingress[0].cidrBlocks"
            ),
            fails(inline(ipv6CidrBlocks=[WORLD_6], protocol="all"), at="ingress[0].ipv6CidrBlocks"),
            fails(older(cidrBlocks=[WORLD], fromPort=22.0), at="cidrBlocks"),
            fails(older(ipv6CidrBlocks=[WORLD_6], protocol="-1"), at="ipv6CidrBlocks"),
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
            passes(older(type="egress", cidrBlocks=[WORLD], fromPort=22.0)),
            passes(inline("egress", cidrBlocks=[WORLD], fromPort=22.0)),
            passes(inline(prefixListIds=["pl-1"], cidrBlocks=[], fromPort=22.0)),
            passes(INGRESS.but({"prefixListId": "pl-1", "fromPort": 22, "toPort": 22})),
        ),
        unknown=passes(INGRESS.but({"cidrIpv4": UNKNOWN, "fromPort": 22, "toPort": 22})),
        secret=fails(
            INGRESS.but({"cidrIpv4": secret(WORLD), "fromPort": 22, "toPort": 22}), at="cidrIpv4"
        ),
    ),
    "no-open-egress": Cases(
        failing=(
            fails(EGRESS.but({"cidrIpv4": WORLD, "ipProtocol": "-1"}), at="cidrIpv4"),
            fails(EGRESS.but({"cidrIpv6": WORLD_6, "toPort": 2747}), at="cidrIpv6"),
            fails(EGRESS.but({"cidrIpv4": WORLD, "ipProtocol": "udp"}), at="cidrIpv4"),
            fails(inline("egress", cidrBlocks=[WORLD], protocol="-1"), at="egress[0].cidrBlocks"),
            fails(older(type="egress", cidrBlocks=[WORLD], fromPort=1.0), at="cidrBlocks"),
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
            fails(older(description=None), at="description"),
            fails(older(description=None, type="egress"), at="description"),
            fails(inline(description=""), at="ingress[0].description"),
            fails(inline("egress", description=None), at="egress[0].description"),
        ),
        passing=(
            passes(INGRESS, FROM_BLOCK, GROUP, EGRESS),
            passes(inline(), inline("egress"), older()),
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
