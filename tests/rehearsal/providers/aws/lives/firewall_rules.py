"""Lives of web ACLs and what belongs to them."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives.balancers import OPEN_BALANCER

SEEN = {
    "cloudwatchMetricsEnabled": True,
    "metricName": "platform",
    "sampledRequestsEnabled": True,
}
ACL: tuple[str, dict[str, Any]] = (
    "aws:wafv2/webAcl:WebAcl",
    {
        "name": "consoles",
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": SEEN,
        "rules": [
            {
                "name": "rate-limit",
                "priority": 0,
                "action": {"block": {}},
                "statement": {"rateBasedStatement": {"aggregateKeyType": "IP", "limit": 2000}},
                "visibilityConfig": SEEN,
            },
            {
                "name": "common",
                "priority": 1,
                "overrideAction": {"none": {}},
                "statement": {
                    "managedRuleGroupStatement": {
                        "vendorName": "AWS",
                        "name": "AWSManagedRulesCommonRuleSet",
                        "ruleActionOverrides": [
                            {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
                        ],
                    }
                },
                "visibilityConfig": SEEN,
            },
        ],
        "tags": {"Name": "consoles"},
    },
)
ADDRESSES = {
    "name": "office",
    "scope": "REGIONAL",
    "ipAddressVersion": "IPV4",
    "addresses": ["192.0.2.0/24"],
    "tags": {"Name": "office"},
}


def _acl(account: Account, id_: str) -> Any:
    return account("wafv2").get_web_acl(Id=id_, Name="consoles", Scope="REGIONAL")


def _open_up(account: Account, id_: str) -> None:
    now = _acl(account, id_)
    kept = {key: now["WebACL"][key] for key in ("VisibilityConfig", "Rules")}
    account("wafv2").update_web_acl(
        Id=id_,
        Name="consoles",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        LockToken=now["LockToken"],
        **kept,
    )


def _set(account: Account, id_: str) -> Any:
    return account("wafv2").get_ip_set(Id=id_, Name="office", Scope="REGIONAL")


LIVES = (
    Life(
        token=ACL[0],
        props=ACL[1],
        change={"defaultAction": {"block": {}}, "tags": {"Name": "edge"}},
        look=lambda account, id_: _acl(account, id_)["WebACL"]["DefaultAction"],
        shows={"Block": {}},
        meddle=_open_up,
    ),
    Life(
        token="aws:wafv2/webAclAssociation:WebAclAssociation",
        before={"acl": ACL, "balancer": OPEN_BALANCER},
        props={"webAclArn": "{before.acl.arn}", "resourceArn": "{before.balancer.id}"},
        meddle=lambda account, id_: account("wafv2").disassociate_web_acl(
            ResourceArn=id_.split(",")[1]
        ),
    ),
    Life(
        token="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        before={"acl": ACL},
        props={
            "resourceArn": "{before.acl.arn}",
            "logDestinationConfigs": ["{waf_logs}"],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        },
        change={"redactedFields": [{"singleHeader": {"name": "cookie"}}]},
        look=lambda account, id_: account("wafv2").get_logging_configuration(ResourceArn=id_)[
            "LoggingConfiguration"
        ]["RedactedFields"],
        shows=[{"SingleHeader": {"Name": "cookie"}}],
        meddle=lambda account, id_: account("wafv2").delete_logging_configuration(ResourceArn=id_),
    ),
    Life(
        token="aws:wafv2/ipSet:IpSet",
        props=ADDRESSES,
        change={"addresses": ["198.51.100.0/24"]},
        look=lambda account, id_: _set(account, id_)["IPSet"]["Addresses"],
        shows=["198.51.100.0/24"],
        meddle=lambda account, id_: account("wafv2").update_ip_set(
            Id=id_,
            Name="office",
            Scope="REGIONAL",
            Addresses=["0.0.0.0/1"],
            LockToken=_set(account, id_)["LockToken"],
        ),
    ),
)
