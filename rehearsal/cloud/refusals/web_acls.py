"""WAF web ACLs: rules, what they protect, where they log."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.plain import mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/waf/latest/developerguide"
API = "https://docs.aws.amazon.com/waf/latest/APIReference"
PREFIX = "aws-waf-logs-"
MANAGED = frozenset(
    f"AWSManagedRules{name}"
    for name in (
        "ACFPRuleSet",
        "ATPRuleSet",
        "AdminProtectionRuleSet",
        "AmazonIpReputationList",
        "AnonymousIpList",
        "AntiDDoSRuleSet",
        "BotControlRuleSet",
        "CommonRuleSet",
        "KnownBadInputsRuleSet",
        "LinuxRuleSet",
        "PHPRuleSet",
        "SQLiRuleSet",
        "UnixRuleSet",
        "WindowsRuleSet",
        "WordPressRuleSet",
    )
)


def _rules(call: Call) -> list[dict[str, Any]]:
    return [mapping(rule) for rule in call.listed("Rules")]


def _managed(rule: dict[str, Any]) -> dict[str, Any]:
    return mapping(mapping(rule.get("Statement")).get("ManagedRuleGroupStatement"))


def _unknown_group(call: Call) -> str | None:
    for rule in _rules(call):
        group = _managed(rule)
        if group.get("VendorName") == "AWS" and group.get("Name") not in MANAGED:
            return f"AWS WAF couldn't find the managed rule group {group.get('Name')}"
    return None


def _actions(call: Call) -> str | None:
    for rule in _rules(call):
        override = bool(_managed(rule)) or "RuleGroupReferenceStatement" in mapping(
            rule.get("Statement")
        )
        wanted, other = ("OverrideAction", "Action") if override else ("Action", "OverrideAction")
        if rule.get(wanted) is None or rule.get(other) is not None:
            return f"Error reason: rule {rule.get('Name')} needs {wanted} and no {other}"
    return None


def _priorities(call: Call) -> str | None:
    numbers = [rule.get("Priority") for rule in _rules(call)]
    if len(numbers) != len(set(numbers)):
        return "Error reason: each rule in a web ACL must have a unique priority"
    return None


def _name_taken(call: Call) -> str | None:
    for acl in call.here.moto("wafv2").wacls.values():
        if acl.name == call.params["Name"] and f":{call.region}:" in acl.arn:
            return "AWS WAF couldn't perform the operation because some resource already exists."
    return None


def _global_scope(call: Call) -> str | None:
    if call.params.get("Scope") == "CLOUDFRONT" and call.region != "us-east-1":
        return "The scope CLOUDFRONT is valid in us-east-1 only"
    return None


def _resource(call: Call) -> str | None:
    arn = call.params["ResourceArn"]
    if ":elasticloadbalancing:" not in arn:
        return None
    found = call.here.moto("elbv2").load_balancers.get(arn)
    if found is None:
        return "AWS WAF couldn't perform the operation because your resource doesn't exist."
    if found.type != "application":
        return f"A load balancer of type {found.type} can't be protected"
    return None


def _log_name(call: Call) -> str | None:
    for arn in call.listed("LoggingConfiguration.LogDestinationConfigs"):
        name = arn.partition(":log-group:")[2] or arn.rpartition("/")[2].rpartition(":")[2]
        if not name.startswith(PREFIX):
            return f"Error reason: The ARN isn't valid: {arn}, its name must start with {PREFIX}"
    return None


def _log_group(call: Call) -> str | None:
    for arn in call.listed("LoggingConfiguration.LogDestinationConfigs"):
        name = arn.partition(":log-group:")[2].removesuffix(":*")
        if name and name not in call.here.moto("logs").groups:
            return f"Unable to deliver logs to the log group {name}: it does not exist"
    return None


def _associated(call: Call) -> str | None:
    for acl in call.here.moto("wafv2").wacls.values():
        if acl.id == call.params["Id"] and acl.associated_resources:
            return "AWS WAF couldn't perform the operation because your resource is being used."
    return None


PUT = ("CreateWebACL", "UpdateWebACL")
RULES = (
    Rule(
        name="a managed rule group exists",
        service="wafv2",
        operations=PUT,
        code="WAFNonexistentItemException",
        url=f"{DOCS}/aws-managed-rule-groups-list.html",
        broken=_unknown_group,
    ),
    Rule(
        name="a rule group's action is overridden, a rule's own is set",
        service="wafv2",
        operations=PUT,
        code="WAFInvalidParameterException",
        url=f"{API}/API_Rule.html",
        broken=_actions,
    ),
    Rule(
        name="rules of a web ACL have priorities of their own",
        service="wafv2",
        operations=PUT,
        code="WAFInvalidParameterException",
        url=f"{API}/API_Rule.html",
        broken=_priorities,
    ),
    Rule(
        name="a web ACL's name is not taken",
        service="wafv2",
        operations=("CreateWebACL",),
        code="WAFDuplicateItemException",
        url=f"{API}/API_CreateWebACL.html",
        broken=_name_taken,
    ),
    Rule(
        name="a web ACL for CloudFront is made in us-east-1",
        service="wafv2",
        operations=("CreateWebACL", "ListWebACLs"),
        code="WAFInvalidParameterException",
        url=f"{DOCS}/how-aws-waf-works-resources.html",
        broken=_global_scope,
    ),
    Rule(
        name="a web ACL protects an application load balancer that exists",
        service="wafv2",
        operations=("AssociateWebACL",),
        code="WAFNonexistentItemException",
        url=f"{API}/API_AssociateWebACL.html",
        broken=_resource,
    ),
    Rule(
        name="a web ACL's log has the required name",
        service="wafv2",
        operations=("PutLoggingConfiguration",),
        code="WAFInvalidParameterException",
        url=f"{DOCS}/logging-destinations.html",
        broken=_log_name,
    ),
    Rule(
        name="a web ACL's log group exists",
        service="wafv2",
        operations=("PutLoggingConfiguration",),
        code="WAFLogDestinationPermissionIssueException",
        url=f"{DOCS}/logging-cw-logs.html",
        broken=_log_group,
    ),
    Rule(
        name="a web ACL that protects something stays",
        service="wafv2",
        operations=("DeleteWebACL",),
        code="WAFAssociatedItemException",
        url=f"{API}/API_DeleteWebACL.html",
        broken=_associated,
    ),
)
