"""Alarms on metrics of AWS: what is measured, and where it becomes an alarm.

Below whatever AWS measures by itself: the database, the online store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

PERIOD_SECONDS = 60

Statistic: TypeAlias = Literal["Average", "Sum"]


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One metric and where it becomes an alarm."""

    part: str
    metric: str
    comparison: str
    value: float
    minutes: int
    because: str
    dimensions: Mapping[str, str]
    """Whose metric it is."""
    statistic: Statistic = "Average"


@dataclass(frozen=True, kw_only=True)
class MetricAlarmsArgs:
    """Alarms wait for what they `watch`, or they would ring until it exists."""

    namespace: str
    """Of the metrics, such as `AWS/RDS`."""
    prefix: str
    """Start of each alarm's name."""
    watch: pulumi.Resource
    thresholds: Sequence[Threshold]
    topic_arn: Input[str] | None
    """Where alarms go; without a topic they only show in the console."""


class MetricAlarms(Component):
    """One alarm per threshold; missing data is an alarm too, since AWS always reports."""

    def __init__(
        self, name: str, args: MetricAlarmsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        for threshold in args.thresholds:
            self._alarm(args, threshold)
        self.register_outputs({})

    def _alarm(self, args: MetricAlarmsArgs, threshold: Threshold) -> None:
        name = f"{args.prefix}-{threshold.part}"
        actions = [] if args.topic_arn is None else [args.topic_arn]
        aws.cloudwatch.MetricAlarm(
            self.child(threshold.part),
            name=name,
            alarm_description=threshold.because,
            namespace=args.namespace,
            metric_name=threshold.metric,
            dimensions=threshold.dimensions,
            statistic=threshold.statistic,
            comparison_operator=threshold.comparison,
            threshold=threshold.value,
            period=PERIOD_SECONDS,
            evaluation_periods=threshold.minutes,
            treat_missing_data="breaching",
            alarm_actions=actions,
            ok_actions=actions,
            tags=self.tags(threshold.part, name=name),
            opts=self.options(depends_on=[args.watch]),
        )


def over(
    part: str,
    metric: str,
    value: float,
    minutes: int,
    because: str,
    *,
    statistic: Statistic = "Average",
    **dimensions: str,
) -> Threshold:
    """Too much, for `minutes` on end."""
    return Threshold(
        part=part,
        metric=metric,
        comparison="GreaterThanThreshold",
        value=value,
        minutes=minutes,
        because=because,
        dimensions=dimensions,
        statistic=statistic,
    )


def under(
    part: str,
    metric: str,
    value: float,
    minutes: int,
    because: str,
    *,
    statistic: Statistic = "Average",
    **dimensions: str,
) -> Threshold:
    """Too little, for `minutes` on end."""
    found = over(part, metric, value, minutes, because, statistic=statistic, **dimensions)
    return replace(found, comparison="LessThanThreshold")
