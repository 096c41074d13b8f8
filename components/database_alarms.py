"""Alarms on one database instance: what fills up, what saturates, what falls behind.

Part of `Database`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

GIB = 1024**3
PERIOD_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class DatabaseAlarmsArgs:
    """Alarms wait for the `instance`, or they would ring until it exists."""

    identifier: str
    instance: pulumi.Resource
    storage_gib: int
    """The allocated size; the volume may have grown since."""
    memory_gib: float
    topic_arn: Input[str] | None
    """Where alarms go; without a topic they only show in the console."""
    lag_seconds: int | None
    """How far it may fall behind its source; None for a primary."""


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One metric of `AWS/RDS` and where it becomes an alarm."""

    part: str
    metric: str
    comparison: str
    value: float
    minutes: int
    because: str


class DatabaseAlarms(Component):
    """One alarm per threshold; missing data is an alarm too, since RDS always reports."""

    def __init__(
        self, name: str, args: DatabaseAlarmsArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        for threshold in thresholds(args.storage_gib, args.memory_gib, args.lag_seconds):
            self._alarm(args, threshold)
        self.register_outputs({})

    def _alarm(self, args: DatabaseAlarmsArgs, threshold: Threshold) -> None:
        name = f"{args.identifier}-{threshold.part}"
        actions = [] if args.topic_arn is None else [args.topic_arn]
        aws.cloudwatch.MetricAlarm(
            self.child(threshold.part),
            name=name,
            alarm_description=threshold.because,
            namespace="AWS/RDS",
            metric_name=threshold.metric,
            dimensions={"DBInstanceIdentifier": args.identifier},
            statistic="Average",
            comparison_operator=threshold.comparison,
            threshold=threshold.value,
            period=PERIOD_SECONDS,
            evaluation_periods=threshold.minutes,
            treat_missing_data="breaching",
            alarm_actions=actions,
            ok_actions=actions,
            tags=self.tags(threshold.part, name=name),
            opts=self.options(depends_on=[args.instance]),
        )


def thresholds(storage_gib: int, memory_gib: float, lag_seconds: int | None) -> Sequence[Threshold]:
    """80 % of CPU and connections, a tenth of storage and memory, and a replica's lag."""
    free, freeable = storage_gib * GIB / 10, memory_gib * GIB / 10
    connections = 0.8 * max_connections(memory_gib)
    found = [
        _over("cpu", "CPUUtilization", 80, 10, "CPU is above 80 % for ten minutes"),
        _over("connections", "DatabaseConnections", connections, 5, "80 % of connections are used"),
        _under("storage", "FreeStorageSpace", free, 5, "less than a tenth of the storage is free"),
        _under("memory", "FreeableMemory", freeable, 10, "less than a tenth of memory is left"),
    ]
    if lag_seconds is not None:
        behind = f"the replica is more than {lag_seconds} s behind its source"
        found.append(_over("lag", "ReplicaLag", lag_seconds, 5, behind))
    return found


def max_connections(memory_gib: float) -> int:
    """RDS's default for PostgreSQL. Source: RDS user guide, maximum number of connections."""
    return min(int(memory_gib * GIB) // 9_531_392, 5_000)


def _over(part: str, metric: str, value: float, minutes: int, because: str) -> Threshold:
    return Threshold(
        part=part,
        metric=metric,
        comparison="GreaterThanThreshold",
        value=value,
        minutes=minutes,
        because=because,
    )


def _under(part: str, metric: str, value: float, minutes: int, because: str) -> Threshold:
    return replace(_over(part, metric, value, minutes, because), comparison="LessThanThreshold")
