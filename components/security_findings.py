"""Findings of GuardDuty and Security Hub that somebody must hear of, by EventBridge.

Neither service has a metric of its own; EventBridge counts what a rule matches, and so findings
are also drawn. Sources: GuardDuty and Security Hub user guides, EventBridge events.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

SERIOUS = 7
"""GuardDuty's severities from here on are high, as the operations runbook asks for."""

PATTERNS: Mapping[str, Mapping[str, Any]] = {
    "guardduty": {
        "source": ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        "detail": {"severity": [{"numeric": [">=", SERIOUS]}]},
    },
    "security-hub": {
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": {
            "findings": {
                "Severity": {"Label": ["CRITICAL", "HIGH"]},
                "Workflow": {"Status": ["NEW"]},
                "RecordState": ["ACTIVE"],
                # GuardDuty's own come by the rule above.
                "ProductName": [{"anything-but": "GuardDuty"}],
            }
        },
    },
}


@dataclass(frozen=True, kw_only=True)
class SecurityFindingsArgs:
    """`sources` are those of `PATTERNS` that watch this account; without a topic, findings are
    counted and nobody is told."""

    sources: Sequence[str]
    topic_arn: Input[str] | None


class SecurityFindings(Component):
    """A rule per source, whose events go to the topic."""

    def __init__(
        self, name: str, args: SecurityFindingsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        for source in args.sources:
            rule = self._rule(source)
            if args.topic_arn is not None:
                self._target(source, rule, args.topic_arn)
        self.register_outputs({})

    def _rule(self, source: str) -> aws.cloudwatch.EventRule:
        name = self.site.name(f"{self.name}-{source}")
        return aws.cloudwatch.EventRule(
            self.child(source),
            name=name,
            description=f"Serious findings of {source}",
            event_pattern=json.dumps(PATTERNS[source]),
            tags=self.tags(source, name=name),
            opts=self.options(),
        )

    def _target(self, source: str, rule: aws.cloudwatch.EventRule, topic: Input[str]) -> None:
        aws.cloudwatch.EventTarget(
            self.child(f"{source}-target"),
            rule=rule.name,
            target_id="topic",
            arn=topic,
            opts=self.options(),
        )
