"""Cost Anomaly Detection: tells when a service suddenly costs more than it used to."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site
from components.ownership import CREATE, Ownership


@dataclass(frozen=True, kw_only=True)
class CostAnomalyArgs:
    """`ownership.existing`: ARN of the monitor; an account has one per dimension."""

    topic_arn: Input[str]
    threshold_usd: int = 100
    """Extra cost from which an anomaly is worth a message."""
    ownership: Ownership = CREATE


class CostAnomaly(Component):
    """The account's monitor of services, and a subscription to it."""

    monitor_arn: pulumi.Output[str] | None = None

    def __init__(
        self, name: str, args: CostAnomalyArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        if args.ownership.creates:
            monitor = self._monitor()
            self._subscription(args, monitor)
            self.monitor_arn = monitor.arn
        elif args.ownership.adopted:
            found = aws.costexplorer.AnomalyMonitor.get(
                self.child("monitor"), args.ownership.adopted, opts=self.options()
            )
            self.monitor_arn = found.arn
        self.register_outputs({"monitor_arn": self.monitor_arn})

    def _monitor(self) -> aws.costexplorer.AnomalyMonitor:
        name = self.site.name("services")
        return aws.costexplorer.AnomalyMonitor(
            self.child("monitor"),
            name=name,
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags=self.tags("monitor", name=name),
            opts=self.options(),
        )

    def _subscription(
        self, args: CostAnomalyArgs, monitor: aws.costexplorer.AnomalyMonitor
    ) -> aws.costexplorer.AnomalySubscription:
        name = self.site.name("anomalies")
        impact = aws.costexplorer.AnomalySubscriptionThresholdExpressionDimensionArgs(
            key="ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            match_options=["GREATER_THAN_OR_EQUAL"],
            values=[str(args.threshold_usd)],
        )
        return aws.costexplorer.AnomalySubscription(
            self.child("subscription"),
            name=name,
            # At once goes to topics only; people are subscribed to the topic.
            frequency="IMMEDIATE",
            monitor_arn_lists=[monitor.arn],
            subscribers=[
                aws.costexplorer.AnomalySubscriptionSubscriberArgs(
                    type="SNS", address=args.topic_arn
                )
            ],
            threshold_expression=aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                dimension=impact
            ),
            tags=self.tags("subscription", name=name),
            opts=self.options(),
        )
