"""Lives of logs, alarms, queues and topics."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life


def sending(service: str) -> str:
    """A policy that lets a service send."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


QUEUE = ("aws:sqs/queue:Queue", {"name": "interruptions"})
TOPIC = ("aws:sns/topic:Topic", {"name": "pages"})
QUERIES = [
    {"id": "rate", "expression": "errors / 60", "label": "rate", "returnData": True},
    {
        "id": "errors",
        "metric": {
            "metricName": "Errors",
            "namespace": "Platform",
            "period": 60,
            "stat": "Sum",
            "dimensions": {"Service": "mlflow", "env": "x"},
        },
    },
]


def _attributes(account: Account, url: str) -> dict[str, Any]:
    found = account("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return found["Attributes"]


def _group(account: Account, name: str) -> Any:
    found = account("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    tags = account("logs").list_tags_for_resource(resourceArn=found["arn"].removesuffix(":*"))
    return [found["retentionInDays"], tags["tags"]]


def _alarm(account: Account, name: str) -> Any:
    return account("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]


def _topic(account: Account, arn: str) -> dict[str, Any]:
    return account("sns").get_topic_attributes(TopicArn=arn)["Attributes"]


LIVES = (
    Life(
        token="aws:cloudwatch/logGroup:LogGroup",
        props={
            "name": "/aws/eks/platform/cluster",
            "retentionInDays": 30,
            "kmsKeyId": "{key}",
            "tags": {"Name": "cluster"},
        },
        change={"retentionInDays": 90, "tags": {"Name": "api"}},
        look=_group,
        shows=[90, {"Name": "api"}],
        meddle=lambda account, name: account("logs").delete_retention_policy(logGroupName=name),
    ),
    Life(
        token="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        props={"policyName": "waf", "policyDocument": sending("delivery.logs")},
        change={"policyDocument": sending("es")},
        look=lambda account, name: account("logs").describe_resource_policies()["resourcePolicies"][
            0
        ]["policyDocument"],
        shows=sending("es"),
        meddle=lambda account, name: account("logs").delete_resource_policy(policyName=name),
    ),
    Life(
        token="aws:cloudwatch/metricAlarm:MetricAlarm",
        props={
            "name": "database-cpu",
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 3,
            "datapointsToAlarm": 2,
            "metricName": "CPUUtilization",
            "namespace": "AWS/RDS",
            "period": 60,
            "statistic": "Average",
            "threshold": 80,
            "dimensions": {"DBInstanceIdentifier": "mlflow-g1"},
            "alarmActions": ["{topic}"],
            "okActions": ["{topic}"],
            "treatMissingData": "breaching",
            "tags": {"Name": "cpu"},
        },
        change={"threshold": 90.5, "tags": {"Name": "load"}},
        look=lambda account, name: _alarm(account, name)["Threshold"],
        shows=90.5,
        meddle=lambda account, name: account("cloudwatch").delete_alarms(AlarmNames=[name]),
    ),
    Life(
        token="aws:cloudwatch/metricAlarm:MetricAlarm",
        props={
            "name": "error-rate",
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 1,
            "threshold": 1,
            "metricQueries": QUERIES,
        },
        change={"alarmDescription": "too many errors"},
        look=lambda account, name: [
            len(_alarm(account, name)["Metrics"]),
            _alarm(account, name)["AlarmDescription"],
        ],
        shows=[2, "too many errors"],
        meddle=lambda account, name: account("cloudwatch").put_metric_alarm(
            AlarmName=name,
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            Threshold=1000,
            Metrics=[{"Id": "rate", "Expression": "1", "ReturnData": True}],
        ),
    ),
    Life(
        token=QUEUE[0],
        props={
            **QUEUE[1],
            "messageRetentionSeconds": 300,
            "sqsManagedSseEnabled": True,
            "tags": {"Name": "queue"},
        },
        change={"visibilityTimeoutSeconds": 60, "messageRetentionSeconds": None},
        look=lambda account, url: [
            _attributes(account, url)[key]
            for key in ("VisibilityTimeout", "MessageRetentionPeriod")
        ],
        shows=["60", "345600"],
        meddle=lambda account, url: account("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"VisibilityTimeout": "5"}
        ),
    ),
    Life(
        token="aws:sqs/queuePolicy:QueuePolicy",
        before={"queue": QUEUE},
        props={"queueUrl": "{before.queue.id}", "policy": sending("events")},
        change={"policy": sending("s3")},
        look=lambda account, url: _attributes(account, url)["Policy"],
        shows=sending("s3"),
        meddle=lambda account, url: account("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": ""}
        ),
    ),
    Life(
        token=TOPIC[0],
        props={**TOPIC[1], "kmsMasterKeyId": "{key}", "tags": {"Name": "pages"}},
        change={"displayName": "Alerts", "tags": {"Name": "alarms"}},
        look=lambda account, arn: _topic(account, arn)["DisplayName"],
        shows="Alerts",
        meddle=lambda account, arn: account("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
        ),
    ),
    Life(
        token="aws:sns/topicPolicy:TopicPolicy",
        before={"topic": TOPIC},
        props={"arn": "{before.topic.id}", "policy": sending("cloudwatch")},
        change={"policy": sending("budgets")},
        look=lambda account, arn: _topic(account, arn)["Policy"],
        shows=sending("budgets"),
        meddle=lambda account, arn: account("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=sending("events")
        ),
        stays=True,
    ),
    Life(
        token="aws:sns/topicSubscription:TopicSubscription",
        before={"topic": TOPIC},
        props={
            "topic": "{before.topic.id}",
            "protocol": "email",
            "endpoint": "oncall@example.com",
        },
        change={"filterPolicy": '{"severity": ["critical"]}'},
        look=lambda account, arn: account("sns").get_subscription_attributes(SubscriptionArn=arn)[
            "Attributes"
        ]["FilterPolicy"],
        shows='{"severity": ["critical"]}',
        meddle=lambda account, arn: account("sns").unsubscribe(SubscriptionArn=arn),
    ),
)
