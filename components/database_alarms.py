"""Alarms on one database instance: what fills up, what saturates, what falls behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from components.base import Component, Site

GIB = 1024**3
PERIOD_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class DatabaseAlarmsArgs:
    """`storage_gib` is the allocated size that the free-space alarm is measured against."""

    identifier: str
    storage_gib: int
    topic_arn: Input[str] | None
    """Where alarms go; without a topic they only show in the console."""
    replica: bool


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
        for threshold in thresholds(args.storage_gib, replica=args.replica):
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
            opts=self.options(),
        )


def thresholds(storage_gib: int, *, replica: bool) -> Sequence[Threshold]:
    """What is watched: 80 % CPU, a tenth of the storage free, memory, connections, lag."""
    above, below = "GreaterThanThreshold", "LessThanThreshold"
    found = [
        _over("cpu", "CPUUtilization", above, 80, 10, "CPU above 80 % for ten minutes"),
        _over(
            "storage", "FreeStorageSpace", below, storage_gib * GIB / 10, 5,
            "less than a tenth of the allocated storage is free",
        ),
        _over(
            "memory", "FreeableMemory", below, GIB, 10, "less than 1 GiB of memory can be freed"
        ),
        _over("connections", "DatabaseConnections", above, 800, 5, "more than 800 connections"),
    ]  # fmt: skip
    if replica:
        found.append(
            _over("lag", "ReplicaLag", above, 60, 5, "the replica is a minute behind its source")
        )
    return found


def _over(
    part: str, metric: str, comparison: str, value: float, minutes: int, because: str
) -> Threshold:
    return Threshold(
        part=part,
        metric=metric,
        comparison=comparison,
        value=value,
        minutes=minutes,
        because=because,
    )
