"""CloudWatch metric alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import Words, reported, request
from rehearsal.providers.wire import Props

_SETTINGS = frozenset(
    {
        "actionsEnabled",
        "alarmActions",
        "alarmDescription",
        "comparisonOperator",
        "datapointsToAlarm",
        "dimensions",
        "evaluateLowSampleCountPercentiles",
        "evaluationPeriods",
        "extendedStatistic",
        "insufficientDataActions",
        "metricName",
        "metricQueries",
        "name",
        "namespace",
        "okActions",
        "period",
        "statistic",
        "threshold",
        "thresholdMetricId",
        "treatMissingData",
        "unit",
    }
)
_RENAME = {"name": "AlarmName", "metricQueries": "Metrics"}


class MetricAlarm(Resource):
    """Its ID is its name; every change puts the whole alarm again."""

    token: ClassVar[str] = "aws:cloudwatch/metricAlarm:MetricAlarm"
    inputs: ClassVar[frozenset[str]] = _SETTINGS | {"tags"}
    required: ClassVar[frozenset[str]] = frozenset({"comparisonOperator", "evaluationPeriods"})
    replaces: ClassVar[frozenset[str]] = frozenset({"name"})
    autoname: ClassVar[str | None] = "name"
    defaults: ClassVar[Mapping[str, Any]] = {"actionsEnabled": True, "treatMissingData": "missing"}

    def create(self, aws: Aws, props: Props) -> str:
        marks = tagging.given(aws, "cloudwatch", "PutMetricAlarm", props)
        aws.client("cloudwatch").put_metric_alarm(**_requested(props), **marks)
        return props["name"]

    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
        if not found:
            return None
        alarm = found[0]
        described = {
            **alarm,
            "Dimensions": _words(alarm.get("Dimensions")),
            "Metrics": [_query(query) for query in alarm.get("Metrics", ())],
            "Tags": tagging.own(aws, "cloudwatch", alarm["AlarmArn"]),
        }
        shown = reported(props, described, ("name", "tags"), rename=_RENAME)
        return {**shown, "arn": alarm["AlarmArn"]}

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        if any(old.get(key) != new.get(key) for key in _SETTINGS):
            aws.client("cloudwatch").put_metric_alarm(**_requested(new))
        tagging.retag(aws, "cloudwatch", aws.arn("cloudwatch", f"alarm:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("cloudwatch").delete_alarms(AlarmNames=[id_])


def _requested(props: Props) -> dict[str, Any]:
    chosen = _SETTINGS - {"dimensions", "metricQueries"}
    asked = request("cloudwatch", "PutMetricAlarm", props, only=chosen, rename=_RENAME)
    if props.get("dimensions"):
        asked["Dimensions"] = _pairs(props["dimensions"])
    if props.get("metricQueries"):
        asked["Metrics"] = [_query_request(query) for query in props["metricQueries"]]
    return asked


def _query_request(query: Props) -> dict[str, Any]:
    """A metric query: programs put a metric's statistic beside its name, AWS around it."""
    plain = {key: value for key, value in query.items() if key != "metric"}
    asked = request("cloudwatch", "PutMetricAlarm", {"metrics": [plain]})["Metrics"][0]
    metric = query.get("metric")
    if metric:
        around = {key: metric[key] for key in ("period", "stat", "unit") if key in metric}
        name = {key: metric[key] for key in ("metricName", "namespace") if key in metric}
        stat = {**around, "metric": name}
        asked |= request("cloudwatch", "PutMetricAlarm", {"metrics": [{"metricStat": stat}]})[
            "Metrics"
        ][0]
        asked["MetricStat"]["Metric"]["Dimensions"] = _pairs(metric.get("dimensions") or {})
    return asked


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """A described query in the form of the program."""
    stat = query.get("MetricStat")
    if not stat:
        return dict(query)
    metric = {**stat["Metric"], **{key: stat[key] for key in stat if key != "Metric"}}
    words = _words(stat["Metric"].get("Dimensions"))
    return {**query, "Metric": {**metric, "Dimensions": words}}


def _pairs(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted(words.items())]


def _words(pairs: Sequence[Mapping[str, str]] | None) -> Words:
    return Words({pair["Name"]: pair["Value"] for pair in pairs or ()})


RESOURCES: Sequence[Resource] = (MetricAlarm(),)
