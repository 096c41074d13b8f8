"""What proves the rules about what the whole world reaches."""

from __future__ import annotations

from typing import Any

from tests.policies.cases.group_rules import (
    EGRESS,
    FACING,
    FROM_BLOCK,
    GROUP,
    LISTENER,
    LISTENING,
    PUBLIC,
    STACKED,
    WORLD,
    WORLD_6,
    before_balancer,
    inline,
    older,
)
from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

INTERNAL = recorded("aws:lb/loadBalancer:LoadBalancer", "models-balancer")
CONSOLES = recorded("aws:lb/loadBalancer:LoadBalancer", "consoles-balancer")
OPEN = FROM_BLOCK.but({"cidrIpv4": WORLD})
OPENED = OPEN.flowing("securityGroupId", STACKED)
GROUP_ID = STACKED.properties["arn"].rpartition("/")[2]


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


def _other(type_: str, **properties: Any) -> Described:
    return Described(type=type_, name="other", properties=properties)


INTERFACE = _other("aws:ec2/networkInterface:NetworkInterface", securityGroups=[GROUP_ID])
TEMPLATE = _other(
    "aws:ec2/launchTemplate:LaunchTemplate",
    networkInterfaces=[{"deviceIndex": 0}, {"securityGroups": ["sg-0", GROUP_ID]}],
)
CLASS = _other(
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    spec={"securityGroupSelectorTerms": [{"id": GROUP_ID}]},
)
SERVICE = _other(
    "kubernetes:core/v1:Service",
    metadata={
        "annotations": {
            "service.beta.kubernetes.io/aws-load-balancer-security-groups": f"sg-0,{GROUP_ID} ,sg-1"
        }
    },
)
BINDING = _other(
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
    spec={"networking": {"ingress": [{"from": [{"securityGroup": {"groupID": GROUP_ID}}]}]}},
)
PEER = FROM_BLOCK.named("peer").but({"cidrIpv4": None, "referencedSecurityGroupId": GROUP_ID})

CASES = {
    "world-only-to-https": Cases(
        failing=(
            fails(_list("10.0.0.0/8", WORLD), at="entries[1].cidr", wanted="named networks"),
            fails(OPEN, at="cidrIpv4", wanted="world_facing"),
            fails(OPEN.but({"cidrIpv6": WORLD_6, "ipProtocol": "-1"}), at="cidrIpv4"),
            fails(FROM_BLOCK.but({"cidrIpv6": WORLD_6}), at="cidrIpv6"),
            fails(inline(cidrBlocks=[WORLD]), at="ingress[0].cidrBlocks"),
            fails(older(ipv6CidrBlocks=[WORLD_6]), at="ipv6CidrBlocks"),
            *(
                fails(
                    *before_balancer(OPEN.but(changes)),
                    at="cidrIpv4",
                    wanted="only at 443",
                    settings=FACING,
                )
                for changes in ({"fromPort": 442}, {"toPort": 444}, {"ipProtocol": "udp"})
            ),
            fails(_entry("::/1"), at="cidr"),
            fails(INTERNAL.but({"internal": False}), at="internal", wanted="world_facing"),
            fails(CONSOLES.named("other").but({"internal": None}), at="internal", settings=FACING),
        ),
        passing=(
            passes(FROM_BLOCK, GROUP, EGRESS, INTERNAL, CONSOLES),
            passes(*before_balancer(OPEN), settings=FACING),
            passes(inline(cidrBlocks=[WORLD], protocol="6"), settings=FACING),
            passes(EGRESS.but({"cidrIpv4": WORLD})),
            passes(_list("10.0.0.0/8", "192.0.2.0/24"), _entry("192.0.2.0/24")),
        ),
        unknown=passes(FROM_BLOCK.but({"cidrIpv4": UNKNOWN})),
        secret=fails(FROM_BLOCK.but({"cidrIpv4": secret(WORLD)}), at="cidrIpv4"),
    ),
    "world-only-to-balancers": Cases(
        failing=(
            fails(
                *before_balancer(OPEN, PUBLIC.named("another-balancer")),
                INTERFACE,
                at="cidrIpv4",
                wanted="an internet-facing load balancer",
                settings=FACING,
            ),
            # By what flows, where a preview knows no ID.
            fails(
                *before_balancer(OPEN),
                INTERFACE.but({"securityGroups": [UNKNOWN]}).flowing("securityGroups", STACKED),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(
                *before_balancer(OPEN),
                INTERFACE.but({"securityGroups": UNKNOWN}).flowing("securityGroups", STACKED),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(*before_balancer(OPEN), TEMPLATE, at="cidrIpv4", settings=FACING),
            fails(*before_balancer(OPEN), CLASS, at="cidrIpv4", settings=FACING),
            fails(*before_balancer(OPEN), SERVICE, at="cidrIpv4", settings=FACING),
            # Not a group of this stack, nothing in it, not named, internal, no such listener.
            fails(OPEN, PUBLIC, LISTENING, at="cidrIpv4", settings=FACING),
            fails(OPENED, STACKED, at="cidrIpv4", settings=FACING),
            fails(*before_balancer(OPEN), at="cidrIpv4"),
            fails(
                OPENED,
                STACKED,
                PUBLIC.but({"internal": True}),
                LISTENING,
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(OPENED, STACKED, PUBLIC, at="cidrIpv4", settings=FACING),
            fails(
                OPENED,
                STACKED,
                PUBLIC,
                LISTENING.but({"port": 8443}),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(
                OPENED,
                STACKED,
                PUBLIC,
                LISTENER.but({"loadBalancerArn": "arn:another"}),
                at="cidrIpv4",
                settings=FACING,
            ),
            fails(inline(cidrBlocks=[WORLD]), at="ingress[0].cidrBlocks", settings=FACING),
            fails(older(ipv6CidrBlocks=[WORLD_6]), at="ipv6CidrBlocks", settings=FACING),
        ),
        passing=(
            passes(*before_balancer(OPEN), settings=FACING),
            passes(
                OPEN.but({"securityGroupId": GROUP_ID}), STACKED, PUBLIC, LISTENING, settings=FACING
            ),
            passes(
                OPEN.but({"securityGroupId": "sg-9"}),
                STACKED.but({"id": "sg-9", "arn": UNKNOWN}),
                PUBLIC,
                LISTENING,
                settings=FACING,
            ),
            passes(
                STACKED.but({"ingress": [{"cidrBlocks": [WORLD]}]}),
                PUBLIC,
                LISTENING,
                settings=FACING,
            ),
            # What lets the balancer in, or is in another group, is not reached.
            passes(
                *before_balancer(OPEN),
                BINDING,
                BINDING.named("flowing").flowing("spec", STACKED),
                PEER,
                INTERFACE.but({"securityGroups": ["sg-0"], "subnets": [GROUP_ID]}),
                settings=FACING,
            ),
            # Two IDs that nobody knows are not the same.
            passes(
                OPENED,
                STACKED.but({"id": UNKNOWN}),
                PUBLIC,
                LISTENING,
                INTERFACE.but({"securityGroups": [UNKNOWN]}),
                settings=FACING,
            ),
            passes(FROM_BLOCK, GROUP, EGRESS, INTERFACE),
        ),
        unknown=passes(
            *before_balancer(OPEN),
            TEMPLATE.but({"networkInterfaces": UNKNOWN}).flowing("networkInterfaces", STACKED),
            settings=FACING,
        ),
        secret=fails(OPEN.but({"cidrIpv4": secret(WORLD)}), at="cidrIpv4", settings=FACING),
    ),
}
