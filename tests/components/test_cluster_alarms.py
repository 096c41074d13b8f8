"""A dead cluster is told of from outside."""

from __future__ import annotations

import pulumi

from components.base import Site
from components.cluster_alarms import NAMESPACE, thresholds
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from tests.components.recorder import ACCOUNT, Recording, record

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:critical"


def build(site: Site) -> Recording[MetricAlarms]:
    def made() -> MetricAlarms:
        args = MetricAlarmsArgs(
            namespace=NAMESPACE,
            prefix=site.name("cluster"),
            watch=pulumi.ComponentResource("test:index:Cluster", "cluster"),
            thresholds=thresholds(site.prefix),
            topic_arn=TOPIC,
        )
        return MetricAlarms("cluster-alarms", args, site)

    return record(made)


def test_silence_is_the_alarm(site: Site) -> None:
    alarm = build(site).one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["treatMissingData"] == "breaching"
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/EKS", "apiserver_request_total")
    assert alarm["dimensions"] == {"ClusterName": site.prefix}
    assert (alarm["statistic"], alarm["threshold"]) == ("Sum", 1)
    assert alarm["comparisonOperator"] == "LessThanThreshold"
    assert alarm["evaluationPeriods"] * alarm["period"] == 300


def test_it_says_that_the_cluster_is_unavailable_to_whoever_is_paged(site: Site) -> None:
    alarm = build(site).one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["alarmDescription"].startswith("cluster unavailable")
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
