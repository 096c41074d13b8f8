"""Rules of security groups in each of their forms, and a load balancer that they stand before."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import Described, recorded

GROUP = recorded("aws:ec2/securityGroup:SecurityGroup")
STACKED = recorded("aws:ec2/securityGroup:SecurityGroup", asked="stack")
FROM_BLOCK = recorded(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "consoles-from-10.0.0.0/8-443"
)
EGRESS = recorded("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
BALANCER = recorded("aws:lb/loadBalancer:LoadBalancer", "models-balancer", asked="stack")
PUBLIC = BALANCER.but({"internal": False}).flowing("securityGroups", STACKED)
LISTENER = recorded("aws:lb/listener:Listener", "models-tls", asked="stack")
LISTENING = LISTENER.flowing("loadBalancerArn", PUBLIC)
FACING = {"world_facing": (PUBLIC.name, "consoles-balancer", "another-balancer")}
WORLD, WORLD_6 = "0.0.0.0/0", "::/0"


def before_balancer(rule: Described, balancer: Described = PUBLIC) -> tuple[Described, ...]:
    """The rule in a group of which a load balancer for the world is the only member."""
    listening = LISTENER.flowing("loadBalancerArn", balancer)
    return (rule.flowing("securityGroupId", STACKED), STACKED, balancer, listening)


def older(**properties: Any) -> Described:
    """A rule of a group in the provider's older form."""
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


def inline(direction: str = "ingress", **properties: Any) -> Described:
    """A group that lists a rule itself."""
    rule = {
        "protocol": "tcp",
        "fromPort": 443.0,
        "toPort": 443.0,
        "cidrBlocks": ["10.0.0.0/8"],
        "description": "Clients",
        **properties,
    }
    return GROUP.but({direction: [rule]})
