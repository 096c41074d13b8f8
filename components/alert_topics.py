"""Where alarms go: one encrypted topic per urgency, with its subscribers.

The topics' key must let the publishing services use it; its policy belongs to the data layer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership
from components.permissions import policy_json

SEVERITIES = ("critical", "warning", "cost")
PUBLISHERS = (
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "budgets.amazonaws.com",
    "costalerts.amazonaws.com",
)


@dataclass(frozen=True, kw_only=True)
class AlertTopicsArgs:
    """`ownership.existing`: start of the ARNs; `-critical`, `-warning` and `-cost` follow.

    `emails` maps a severity to addresses, each of which confirms by itself. Raises ValueError
    for a severity that does not exist.
    """

    key_arn: Input[str]
    emails: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    ownership: Ownership = CREATE

    def __post_init__(self) -> None:
        """An alert to a severity nobody publishes to is lost without a sound."""
        unknown = sorted(set(self.emails) - set(SEVERITIES))
        if unknown:
            raise ValueError(f"emails: {unknown}: expected severities among {list(SEVERITIES)}")


class AlertTopics(Component):
    """ARNs of the topics by severity; none where alerts are off."""

    arns: Mapping[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: AlertTopicsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        existing = args.ownership.adopted
        if args.ownership.creates:
            self.arns = {severity: self._created(args, severity) for severity in SEVERITIES}
        elif existing:
            self.arns = {severity: self._adopted(existing, severity) for severity in SEVERITIES}
        else:
            self.arns = {}
        self.register_outputs({"arns": self.arns})

    def _created(self, args: AlertTopicsArgs, severity: str) -> pulumi.Output[str]:
        topic = self._topic(args, severity)
        policy = self._policy(topic, severity)
        for address in args.emails.get(severity, ()):
            self._subscription(topic, severity, address)
        # Whoever takes the ARN publishes: only once the policy lets it.
        return pulumi.Output.all(topic.arn, policy.id).apply(lambda known: str(known[0]))

    def _adopted(self, start: str, severity: str) -> pulumi.Output[str]:
        arn = f"{start}-{severity}"
        return aws.sns.Topic.get(self.child(severity), arn, opts=self.options()).arn

    def _topic(self, args: AlertTopicsArgs, severity: str) -> aws.sns.Topic:
        name = self.site.name(f"alerts-{severity}")
        return aws.sns.Topic(
            self.child(severity),
            name=name,
            kms_master_key_id=args.key_arn,
            tags=self.tags(severity, name=name),
            opts=self.options(),
        )

    def _policy(self, topic: aws.sns.Topic, severity: str) -> aws.sns.TopicPolicy:
        publish: dict[str, object] = {
            "Sid": "AlarmsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": list(PUBLISHERS)},
            "Action": "sns:Publish",
            "Resource": topic.arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": self.site.account_id}},
        }
        plain_text: dict[str, object] = {
            "Sid": "NothingWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic.arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return aws.sns.TopicPolicy(
            self.child(f"{severity}-policy"),
            arn=topic.arn,
            policy=policy_json([publish, plain_text]),
            opts=self.options(),
        )

    def _subscription(
        self, topic: aws.sns.Topic, severity: str, address: str
    ) -> aws.sns.TopicSubscription:
        # Named by the address: when one leaves, the others need not confirm again.
        digest = hashlib.sha256(address.encode()).hexdigest()[:8]
        return aws.sns.TopicSubscription(
            self.child(f"{severity}-email-{digest}"),
            topic=topic.arn,
            protocol="email",
            endpoint=address,
            opts=self.options(),
        )
