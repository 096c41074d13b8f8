"""Examples of refusals in what watches an account: GuardDuty, Security Hub, Config,
CloudTrail, Access Analyzer, budgets, logs, alarms and topics."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import ACCOUNT_ID, GHOST, Account, allow, policy
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()


@EXAMPLES.of("a region has one GuardDuty detector")
def _(a: Account, refused: Refused) -> None:
    a.guardduty.create_detector(Enable=True)
    refused(a.guardduty.create_detector, Enable=True)
    a.there("us-west-2").guardduty.create_detector(Enable=True)


@EXAMPLES.of("Security Hub is enabled once")
def _(a: Account, refused: Refused) -> None:
    a.securityhub.enable_security_hub()
    refused(a.securityhub.enable_security_hub)


@EXAMPLES.of("a Security Hub standard exists in the region")
def _(a: Account, refused: Refused) -> None:
    a.securityhub.enable_security_hub(EnableDefaultStandards=False)
    best = "standards/aws-foundational-security-best-practices/v/1.0.0"

    def standard(region: str) -> list[dict[str, str]]:
        return [{"StandardsArn": f"arn:aws:securityhub:{region}::{best}"}]

    enable = a.securityhub.batch_enable_standards
    refused(enable, StandardsSubscriptionRequests=standard("us-west-2"))
    enable(StandardsSubscriptionRequests=standard("us-east-1"))


@EXAMPLES.of("the role of a recorder exists and trusts Config")
def _(a: Account, refused: Refused) -> None:
    def recorder(role: str) -> dict[str, Any]:
        return {"ConfigurationRecorder": {"name": "default", "roleARN": role}}

    refused(a.config.put_configuration_recorder, **recorder(GHOST))
    refused(a.config.put_configuration_recorder, **recorder(a.role("wrong")))
    right = a.role("config", "config.amazonaws.com")
    a.config.put_configuration_recorder(**recorder(right))


@EXAMPLES.of("an analyzer's name is not taken")
def _(a: Account, refused: Refused) -> None:
    a.accessanalyzer.create_analyzer(analyzerName="main", type="ACCOUNT")
    refused(a.accessanalyzer.create_analyzer, analyzerName="main", type="ACCOUNT")


@EXAMPLES.of("a region has one analyzer of a type")
def _(a: Account, refused: Refused) -> None:
    a.accessanalyzer.create_analyzer(analyzerName="main", type="ACCOUNT")
    refused(a.accessanalyzer.create_analyzer, analyzerName="other", type="ACCOUNT")
    a.accessanalyzer.create_analyzer(analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS")


def notification(percent: float, *addresses: str) -> dict[str, Any]:
    details = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": percent,
    }
    subscribers = [{"SubscriptionType": "EMAIL", "Address": each} for each in addresses]
    return {"Notification": details, "Subscribers": subscribers}


def budget(*notifications: dict[str, Any]) -> dict[str, Any]:
    limit = {"Amount": "1000", "Unit": "USD"}
    asked = {"BudgetName": "main", "BudgetLimit": limit, "TimeUnit": "MONTHLY"}
    return {
        "AccountId": ACCOUNT_ID,
        "Budget": {**asked, "BudgetType": "COST"},
        "NotificationsWithSubscribers": list(notifications),
    }


@EXAMPLES.of("a budget has five notifications at most")
def _(a: Account, refused: Refused) -> None:
    alerts = [notification(10.0 * n, "a@example.com") for n in range(1, 7)]
    refused(a.budgets.create_budget, **budget(*alerts))
    a.budgets.create_budget(**budget(*alerts[:5]))


@EXAMPLES.of("a notification has ten addresses and one topic at most")
def _(a: Account, refused: Refused) -> None:
    addresses = [f"{n}@example.com" for n in range(11)]
    refused(a.budgets.create_budget, **budget(notification(80.0, *addresses)))
    a.budgets.create_budget(**budget(notification(80.0, *addresses[:10])))


@EXAMPLES.of("a budget has a notification once")
def _(a: Account, refused: Refused) -> None:
    a.budgets.create_budget(**budget(notification(80.0, "a@example.com")))
    named = {"AccountId": ACCOUNT_ID, "BudgetName": "main"}
    create = a.budgets.create_notification
    refused(create, **named, **notification(80.0, "b@example.com"))
    create(**named, **notification(100.0, "b@example.com"))


@EXAMPLES.of("an account has one anomaly monitor of a dimension")
def _(a: Account, refused: Refused) -> None:
    def monitor(name: str) -> dict[str, Any]:
        kind = {"MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
        return {"AnomalyMonitor": {"MonitorName": name, **kind}}

    a.ce.create_anomaly_monitor(**monitor("services"))
    refused(a.ce.create_anomaly_monitor, **monitor("again"))


def deliver_to(a: Account, bucket: str, service: str) -> None:
    principal = {"Service": service}
    document = policy(
        allow("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", Principal=principal),
        allow("s3:PutObject", f"arn:aws:s3:::{bucket}/AWSLogs/*", Principal=principal),
    )
    a.s3.put_bucket_policy(Bucket=bucket, Policy=document)


@EXAMPLES.of("CloudTrail may write into a trail's bucket")
def _(a: Account, refused: Refused) -> None:
    trail = {"Name": "trail", "S3BucketName": a.bucket("trail-logs")}
    refused(a.cloudtrail.create_trail, **trail)
    deliver_to(a, "trail-logs", "cloudtrail.amazonaws.com")
    a.cloudtrail.create_trail(**trail)


@EXAMPLES.of("a trail's name is not taken")
def _(a: Account, refused: Refused) -> None:
    trail = {"Name": "trail", "S3BucketName": a.bucket("trail-logs")}
    deliver_to(a, "trail-logs", "cloudtrail.amazonaws.com")
    a.cloudtrail.create_trail(**trail)
    refused(a.cloudtrail.create_trail, **trail)


@EXAMPLES.of("Config may write into a channel's bucket")
def _(a: Account, refused: Refused) -> None:
    recorder = {"name": "default", "roleARN": a.role("config", "config.amazonaws.com")}
    a.config.put_configuration_recorder(ConfigurationRecorder=recorder)
    channel = {"name": "default", "s3BucketName": a.bucket("config-logs")}
    refused(a.config.put_delivery_channel, DeliveryChannel=channel)
    deliver_to(a, "config-logs", "config.amazonaws.com")
    a.config.put_delivery_channel(DeliveryChannel=channel)


@EXAMPLES.of("logs are kept for one of the numbers of days on offer")
def _(a: Account, refused: Refused) -> None:
    a.logs.create_log_group(logGroupName="main")
    refused(a.logs.put_retention_policy, logGroupName="main", retentionInDays=31)
    a.logs.put_retention_policy(logGroupName="main", retentionInDays=30)


def alarm(**more: Any) -> dict[str, Any]:
    return {
        "AlarmName": "main",
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 80.0,
        "Period": 60,
        "EvaluationPeriods": 3,
        **more,
    }


def judged(rule: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    """The example of a rule that judges an alarm by itself."""

    @EXAMPLES.of(rule)
    def _(a: Account, refused: Refused) -> None:
        refused(a.cloudwatch.put_metric_alarm, **alarm(**wrong))
        a.cloudwatch.put_metric_alarm(**alarm(**right))


judged("an alarm's period is a multiple of a minute, or short", {"Period": 45}, {"Period": 120})
judged(
    "an alarm treats missing data in a known way",
    {"TreatMissingData": "notbreaching"},
    {"TreatMissingData": "notBreaching"},
)
judged(
    "an alarm needs no more datapoints than it looks at",
    {"DatapointsToAlarm": 4},
    {"DatapointsToAlarm": 2},
)
judged(
    "an alarm's actions are ARNs of its region",
    {"AlarmActions": [f"arn:aws:sns:us-west-2:{ACCOUNT_ID}:alerts"]},
    {"AlarmActions": [f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:alerts"]},
)


@EXAMPLES.of("a subscription by email has an address")
def _(a: Account, refused: Refused) -> None:
    topic = {"TopicArn": a.sns.create_topic(Name="alerts")["TopicArn"], "Protocol": "email"}
    refused(a.sns.subscribe, **topic, Endpoint="on-call")
    a.sns.subscribe(**topic, Endpoint="on-call@example.com")
