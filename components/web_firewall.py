"""WAF before the consoles: AWS's managed rules, a limit per client, and its log.

Network load balancers take no WAF, so model traffic is guarded by the gateway's own rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

LOG_GROUP_PREFIX = "aws-waf-logs-"
"""WAF refuses a log group whose name begins otherwise."""
MANAGED_RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)
COUNTED_RULES: Mapping[str, Sequence[str]] = {
    # MLflow takes artifacts through its own address: bodies beyond 8 KiB are its business.
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",),
}
REDACTED_HEADERS = ("authorization", "cookie")


@dataclass(frozen=True, kw_only=True)
class WebFirewallArgs:
    """`guarded`: name → ARN of each application load balancer. `rate_limit`: requests per
    client address in five minutes, at least 10."""

    guarded: Mapping[str, Input[str]]
    logs_key_arn: Input[str]
    log_retention_days: int
    rate_limit: int = 2000
    managed_rules: Sequence[str] = MANAGED_RULES
    counted_rules: Mapping[str, Sequence[str]] = field(default_factory=lambda: COUNTED_RULES)
    """Rules of a group that only count, and do not block."""


class WebFirewall(Component):
    """A regional web ACL, its associations and its log."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: WebFirewallArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        acl = self._acl(args)
        self.arn = acl.arn
        self._logging(acl, self._log_group(args))
        for balancer, arn in args.guarded.items():
            self._association(acl, balancer, arn)
        self.register_outputs({"arn": self.arn})

    def _acl(self, args: WebFirewallArgs) -> aws.wafv2.WebAcl:
        name = self.site.name(self.name)
        managed = [
            _managed_rule(group, priority, args.counted_rules.get(group, ()))
            for priority, group in enumerate(args.managed_rules, start=1)
        ]
        return aws.wafv2.WebAcl(
            self.child("acl"),
            name=name,
            scope="REGIONAL",
            description="Stands before the consoles",
            default_action=aws.wafv2.WebAclDefaultActionArgs(
                allow=aws.wafv2.WebAclDefaultActionAllowArgs()
            ),
            rules=[_rate_rule(args.rate_limit), *managed],
            visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
            ),
            tags=self.tags("acl", name=name),
            opts=self.options(),
        )

    def _log_group(self, args: WebFirewallArgs) -> aws.cloudwatch.LogGroup:
        name = f"{LOG_GROUP_PREFIX}{self.site.prefix}"
        return aws.cloudwatch.LogGroup(
            self.child("logs"),
            name=name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags("logs", name=name),
            opts=self.options(),
        )

    def _logging(
        self, acl: aws.wafv2.WebAcl, log_group: aws.cloudwatch.LogGroup
    ) -> aws.wafv2.WebAclLoggingConfiguration:
        return aws.wafv2.WebAclLoggingConfiguration(
            self.child("logging"),
            resource_arn=acl.arn,
            log_destination_configs=[log_group.arn],
            redacted_fields=[_redacted(header) for header in REDACTED_HEADERS],
            opts=self.options(),
        )

    def _association(
        self, acl: aws.wafv2.WebAcl, balancer: str, arn: Input[str]
    ) -> aws.wafv2.WebAclAssociation:
        return aws.wafv2.WebAclAssociation(
            self.child(balancer), web_acl_arn=acl.arn, resource_arn=arn, opts=self.options()
        )


def _rate_rule(limit: int) -> aws.wafv2.WebAclRuleArgs:
    """First, so that a flood is turned away before anything costlier looks at it."""
    return aws.wafv2.WebAclRuleArgs(
        name="rate-limit",
        priority=0,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                aggregate_key_type="IP", limit=limit
            )
        ),
        visibility_config=_visible("rate-limit"),
    )


def _managed_rule(group: str, priority: int, counted: Sequence[str]) -> aws.wafv2.WebAclRuleArgs:
    managed = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
        vendor_name="AWS",
        name=group,
        rule_action_overrides=[_counted(rule) for rule in counted] or None,
    )
    return aws.wafv2.WebAclRuleArgs(
        name=group,
        priority=priority,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(
            none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()
        ),
        statement=aws.wafv2.WebAclRuleStatementArgs(managed_rule_group_statement=managed),
        visibility_config=_visible(group),
    )


def _counted(
    rule: str,
) -> aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs:
    count = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
        count=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
    )
    return aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(
        name=rule, action_to_use=count
    )


def _visible(metric: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgs:
    return aws.wafv2.WebAclRuleVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=True
    )


def _redacted(header: str) -> aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs:
    return aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
        single_header=aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
    )
