"""The queue of warnings that Karpenter acts on: instances that are about to go.

Source: Karpenter documentation, interruption handling; EventBridge event patterns of EC2 and
AWS Health.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site
from components.permissions import POLICY_VERSION

RETENTION_SECONDS = 300
"""A warning is worth nothing after the instance is gone: two minutes for a spot instance."""

WARNINGS: Mapping[str, Mapping[str, list[str]]] = {
    "spot": {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]},
    "rebalance": {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance Rebalance Recommendation"],
    },
    "state": {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
    },
    "health": {"source": ["aws.health"], "detail-type": ["AWS Health Event"]},
}


class InterruptionQueue(Component):
    """An SQS queue, and the EventBridge rules that fill it."""

    queue_name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, site: Site, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, site, opts)
        queue = self._queue()
        self.queue_name = queue.name
        self.arn = queue.arn
        policy = self._policy(queue)
        for warning in WARNINGS:
            self._rule(warning, queue, policy)
        self.register_outputs({"queue_name": self.queue_name, "arn": self.arn})

    def _queue(self) -> aws.sqs.Queue:
        name = self.site.name(self.name)
        return aws.sqs.Queue(
            self.child("queue"),
            name=name,
            message_retention_seconds=RETENTION_SECONDS,
            # EventBridge cannot use a customer key without a grant on it; the messages name
            # instances only.
            sqs_managed_sse_enabled=True,
            tags=self.tags("queue", name=name),
            opts=self.options(),
        )

    def _policy(self, queue: aws.sqs.Queue) -> aws.sqs.QueuePolicy:
        return aws.sqs.QueuePolicy(
            self.child("policy"),
            queue_url=queue.url,
            policy=queue.arn.apply(self._document),
            opts=self.options(),
        )

    def _document(self, arn: str) -> str:
        rules = (
            f"arn:aws:events:{self.site.region}:{self.site.account_id}:rule/{self.site.prefix}-*"
        )
        statements = [
            {
                "Sid": "Warnings",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": self.site.account_id},
                    "ArnLike": {"aws:SourceArn": rules},
                },
            },
            {
                "Sid": "EncryptedOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ]
        return json.dumps({"Version": POLICY_VERSION, "Statement": statements})

    def _rule(self, warning: str, queue: aws.sqs.Queue, policy: aws.sqs.QueuePolicy) -> None:
        name = self.site.name(f"{self.name}-{warning}")
        rule = aws.cloudwatch.EventRule(
            self.child(warning),
            name=name,
            description=f"Instances that are about to go: {warning}",
            event_pattern=json.dumps(WARNINGS[warning]),
            tags=self.tags(warning, name=name),
            opts=self.options(),
        )
        aws.cloudwatch.EventTarget(
            self.child(f"{warning}-target"),
            rule=rule.name,
            target_id="queue",
            arn=queue.arn,
            opts=self.options(depends_on=[policy]),
        )
