"""What proves the rule about network access lists."""

from __future__ import annotations

from typing import Any

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

ACL = recorded("aws:ec2/networkAcl:NetworkAcl")
WORLD = "0.0.0.0/0"
ALL: dict[str, Any] = {"action": "allow", "cidrBlock": WORLD, "protocol": "-1", "ruleNo": 200.0}
ANSWERS = {**ALL, "protocol": "6", "fromPort": 1024.0, "toPort": 65535.0}
NO_DESKTOP = {**ANSWERS, "action": "deny", "fromPort": 3389.0, "toPort": 3389.0, "ruleNo": 100.0}


def _acl(*rules: dict[str, Any], direction: str = "ingress") -> Described:
    return ACL.but({direction: list(rules)})


def _entry(**properties: Any) -> Described:
    return Described(
        type="aws:ec2/networkAclRule:NetworkAclRule",
        name="entry",
        properties={
            "ruleAction": "allow",
            "ruleNumber": 100.0,
            "protocol": "tcp",
            "cidrBlock": WORLD,
            "fromPort": 22.0,
            "toPort": 22.0,
            **properties,
        },
    )


def _tcp(first: int, last: int) -> dict[str, Any]:
    return {**ALL, "protocol": "tcp", "fromPort": first, "toPort": last}


CASES = {
    "network-acl-not-permissive": Cases(
        failing=(
            fails(_acl(ALL), at="ingress[0].cidrBlock", wanted="20, 21, 22 and 3389"),
            fails(_acl(_tcp(22, 22)), at="ingress[0].cidrBlock"),
            fails(_acl(_tcp(0, 20)), at="ingress[0].cidrBlock"),
            fails(_acl(_tcp(21, 21)), at="ingress[0].cidrBlock"),
            fails(_acl(ANSWERS), at="ingress[0].cidrBlock"),
            fails(_acl({**ANSWERS, "fromPort": None}), at="ingress[0].cidrBlock"),
            fails(_acl({**ANSWERS, "toPort": None}), at="ingress[0].cidrBlock"),
            fails(
                _acl({**ALL, "cidrBlock": None, "ipv6CidrBlock": "::/0"}),
                at="ingress[0].ipv6CidrBlock",
            ),
            # A later refusal refuses nothing any more, nor does one of something else.
            fails(_acl(ANSWERS, {**NO_DESKTOP, "ruleNo": 300.0}), at="ingress[0].cidrBlock"),
            fails(_acl(ANSWERS, {**NO_DESKTOP, "toPort": 3388.0}), at="ingress[0].cidrBlock"),
            fails(
                _acl(ANSWERS, {**NO_DESKTOP, "cidrBlock": "0.0.0.0/1"}), at="ingress[0].cidrBlock"
            ),
            fails(
                _acl({**ANSWERS, "ipv6CidrBlock": "::/0", "cidrBlock": None}, NO_DESKTOP),
                at="ingress[0].ipv6CidrBlock",
            ),
            fails(_acl(NO_DESKTOP, ALL), at="ingress[1].cidrBlock"),
            fails(_entry(), at="cidrBlock"),
            fails(_entry(egress=False, ruleAction="ALLOW"), at="cidrBlock"),
        ),
        passing=(
            passes(ACL),
            passes(_acl(ALL, direction="egress")),
            passes(_acl(_tcp(443, 443), _tcp(23, 3388), _tcp(0, 19), _tcp(3390, 65535))),
            passes(_acl(ANSWERS, NO_DESKTOP)),
            passes(_acl(NO_DESKTOP, ANSWERS)),
            passes(_acl({**ALL, "action": "deny"})),
            passes(_acl({**ALL, "cidrBlock": "10.0.0.0/8"})),
            passes(_acl({**ALL, "protocol": "1"})),
            passes(_entry(egress=True), _entry(ruleAction="deny"), _entry(cidrBlock="10.0.0.0/8")),
        ),
        unknown=passes(_acl({**ALL, "cidrBlock": UNKNOWN})),
        secret=fails(_entry(cidrBlock=secret(WORLD)), at="cidrBlock"),
    ),
}
