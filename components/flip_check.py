"""The health check by which traffic leaves the primary region: a switch in the other region.

A failover publishes the metric there, as long as the other region serves: a write to the data
plane, which works while the primary region and Route 53's control plane are away. The alarm is
in alarm unless the metric says 1, and the check is inverted: silence keeps traffic where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from components.base import Component, Site

NAMESPACE = "MLOps/Failover"
METRIC = "TrafficMoved"
MOVED = 1
"""Published every minute while the other region serves; anything less, or nothing, is 'no'."""
PERIOD_SECONDS = 60
QUIET_PERIODS = 3
"""Missed minutes before traffic returns: one lost heartbeat moves nobody."""


@dataclass(frozen=True, kw_only=True)
class FlipCheckArgs:
    """`peer_region` holds the switch: where traffic goes when it is thrown."""

    peer_region: str


class FlipCheck(Component):
    """An alarm in the peer region, and the health check of the primary's records on it."""

    health_check_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: FlipCheckArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.health_check_id = self._health_check(args, self._alarm(args)).id
        self.register_outputs({"health_check_id": self.health_check_id})

    def _alarm(self, args: FlipCheckArgs) -> aws.cloudwatch.MetricAlarm:
        name = self.site.name("traffic-stays")
        return aws.cloudwatch.MetricAlarm(
            self.child("alarm"),
            region=args.peer_region,
            name=name,
            alarm_description="In alarm while traffic stays in the primary region: its usual state",
            namespace=NAMESPACE,
            metric_name=METRIC,
            dimensions={"Platform": self.site.prefix},
            statistic="Maximum",
            period=PERIOD_SECONDS,
            evaluation_periods=QUIET_PERIODS,
            datapoints_to_alarm=QUIET_PERIODS,
            comparison_operator="LessThanThreshold",
            threshold=MOVED,
            treat_missing_data="breaching",
            tags=self.tags("alarm", name=name),
            opts=self.options(),
        )

    def _health_check(
        self, args: FlipCheckArgs, alarm: aws.cloudwatch.MetricAlarm
    ) -> aws.route53.HealthCheck:
        name = self.site.name("traffic-stays")
        return aws.route53.HealthCheck(
            self.child("check"),
            type="CLOUDWATCH_METRIC",
            cloudwatch_alarm_name=alarm.name,
            cloudwatch_alarm_region=args.peer_region,
            # Inverted: no data counts as unhealthy, and so as healthy.
            insufficient_data_health_status="Unhealthy",
            invert_healthcheck=True,
            reference_name=f"{self.site.prefix[:20]}-flip",
            tags=self.tags("check", name=name),
            opts=self.options(),
        )
