"""The web firewall."""

from __future__ import annotations

from components.base import Site
from components.web_firewall import WebFirewall, WebFirewallArgs
from tests.components.recorder import Recording, record

KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/consoles/1"


def build(site: Site) -> Recording[WebFirewall]:
    args = WebFirewallArgs(
        guarded={"consoles": BALANCER}, logs_key_arn=KEY, log_retention_days=30, rate_limit=1500
    )
    return record(lambda: WebFirewall("consoles-waf", args, site))


def test_floods_are_turned_away_before_anything_else_looks(site: Site) -> None:
    rules = build(site).one("aws:wafv2/webAcl:WebAcl").inputs["rules"]
    first = min(rules, key=lambda rule: rule["priority"])
    assert first["statement"]["rateBasedStatement"] == {"limit": 1500, "aggregateKeyType": "IP"}
    assert first["action"] == {"block": {}}


def test_aws_managed_rules_block(site: Site) -> None:
    rules = build(site).one("aws:wafv2/webAcl:WebAcl").inputs["rules"]
    managed = {
        rule["statement"]["managedRuleGroupStatement"]["name"]: rule
        for rule in rules
        if "managedRuleGroupStatement" in rule["statement"]
    }
    assert {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
    } == set(managed)
    assert all(rule["overrideAction"] == {"none": {}} for rule in managed.values())
    assert len({rule["priority"] for rule in rules}) == len(rules)


def test_large_uploads_are_counted_and_not_blocked(site: Site) -> None:
    rules = build(site).one("aws:wafv2/webAcl:WebAcl").inputs["rules"]
    (common,) = [rule for rule in rules if rule["name"] == "AWSManagedRulesCommonRuleSet"]
    assert common["statement"]["managedRuleGroupStatement"]["ruleActionOverrides"] == [
        {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}
    ]


def test_the_log_has_the_name_waf_requires_and_no_credentials(site: Site) -> None:
    recording = build(site)
    logs = recording.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert logs["name"] == "aws-waf-logs-mlops-platform-production"
    assert logs["retentionInDays"] == 30
    assert logs["kmsKeyId"] == KEY
    logging = recording.one(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    ).inputs
    hidden = {one["singleHeader"]["name"] for one in logging["redactedFields"]}
    assert hidden == {"authorization", "cookie"}


def test_every_named_balancer_is_guarded(site: Site) -> None:
    recording = build(site)
    association = recording.one("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert association.inputs["resourceArn"] == BALANCER
    assert recording.waits_for(association, recording.one("aws:wafv2/webAcl:WebAcl"))
