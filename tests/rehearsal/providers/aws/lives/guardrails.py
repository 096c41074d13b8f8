"""Lives of what watches over the account."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

DETECTOR = (
    "aws:guardduty/detector:Detector",
    {"findingPublishingFrequency": "FIFTEEN_MINUTES", "tags": {"Name": "threats"}},
)
HUB = ("aws:securityhub/account:Account", {"enableDefaultStandards": False})
RECORDER = (
    "aws:cfg/recorder:Recorder",
    {
        "name": "platform",
        "roleArn": "{config_role}",
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    },
)
CHANNEL = (
    "aws:cfg/deliveryChannel:DeliveryChannel",
    {"name": "platform", "s3BucketName": "{bucket}", "s3KeyPrefix": "config"},
)
MONITOR = (
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    {
        "name": "services",
        "monitorType": "DIMENSIONAL",
        "monitorDimension": "SERVICE",
        "tags": {"Name": "services"},
    },
)
SPENT = {
    "notificationType": "ACTUAL",
    "comparisonOperator": "GREATER_THAN",
    "threshold": 80,
    "thresholdType": "PERCENTAGE",
    "subscriberEmailAddresses": [],
    "subscriberSnsTopicArns": ["{topic}"],
}


def _threshold(value: str) -> dict[str, Any]:
    impact = {
        "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "matchOptions": ["GREATER_THAN_OR_EQUAL"],
        "values": [value],
    }
    return {"dimension": impact}


def _trail(account: Account, id_: str) -> Any:
    return account("cloudtrail").describe_trails(trailNameList=[id_])["trailList"][0]


def _subscription(account: Account, id_: str) -> Any:
    found = account("ce").get_anomaly_subscriptions(SubscriptionArnList=[id_])
    return found["AnomalySubscriptions"][0]


def _budget(account: Account, id_: str) -> Any:
    owner, name = id_.split(":")
    return account("budgets").describe_budget(AccountId=owner, BudgetName=name)["Budget"]


LIVES = (
    Life(
        token="aws:cloudtrail/trail:Trail",
        props={
            "name": "audit",
            "s3BucketName": "{bucket}",
            "s3KeyPrefix": "audit",
            "isMultiRegionTrail": True,
            "enableLogFileValidation": True,
            "tags": {"Name": "audit"},
        },
        change={"s3KeyPrefix": "trail", "tags": {"Name": "trail"}},
        look=lambda account, id_: _trail(account, id_)["S3KeyPrefix"],
        shows="trail",
        meddle=lambda account, id_: account("cloudtrail").stop_logging(Name=id_),
    ),
    Life(
        token=DETECTOR[0],
        props=DETECTOR[1],
        change={"findingPublishingFrequency": "ONE_HOUR"},
        look=lambda account, id_: account("guardduty").get_detector(DetectorId=id_)[
            "FindingPublishingFrequency"
        ],
        shows="ONE_HOUR",
        meddle=lambda account, id_: account("guardduty").update_detector(
            DetectorId=id_, Enable=False
        ),
    ),
    Life(
        token="aws:guardduty/detectorFeature:DetectorFeature",
        before={"detector": DETECTOR},
        props={
            "detectorId": "{before.detector.id}",
            "name": "S3_DATA_EVENTS",
            "status": "ENABLED",
        },
        meddle=lambda account, id_: account("guardduty").update_detector(
            DetectorId=id_.split("/")[0],
            Features=[{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}],
        ),
        stays=True,
    ),
    Life(
        token=HUB[0],
        props=HUB[1],
        change={"autoEnableControls": False},
        look=lambda account, _id: account("securityhub").describe_hub()["AutoEnableControls"],
        shows=False,
        meddle=lambda account, _id: account("securityhub").update_security_hub_configuration(
            AutoEnableControls=True
        ),
    ),
    Life(
        token="aws:securityhub/standardsSubscription:StandardsSubscription",
        before={"hub": HUB},
        props={
            "standardsArn": (
                "arn:aws:securityhub:us-east-1::standards/"
                "aws-foundational-security-best-practices/v/1.0.0"
            )
        },
        meddle=lambda account, id_: account("securityhub").batch_disable_standards(
            StandardsSubscriptionArns=[id_]
        ),
    ),
    Life(
        token=RECORDER[0],
        props=RECORDER[1],
        change={
            "recordingGroup": {
                "allSupported": False,
                "includeGlobalResourceTypes": False,
                "resourceTypes": ["AWS::EC2::Instance"],
            }
        },
        look=lambda account, id_: account("config").describe_configuration_recorders(
            ConfigurationRecorderNames=[id_]
        )["ConfigurationRecorders"][0]["recordingGroup"]["resourceTypes"],
        shows=["AWS::EC2::Instance"],
        meddle=lambda account, id_: account("config").put_configuration_recorder(
            ConfigurationRecorder={
                "name": id_,
                "roleARN": account.config_role,
                "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": False},
            }
        ),
    ),
    Life(
        token=CHANNEL[0],
        before={"recorder": RECORDER},
        props=CHANNEL[1],
        change={"s3KeyPrefix": "recorded"},
        look=lambda account, id_: account("config").describe_delivery_channels(
            DeliveryChannelNames=[id_]
        )["DeliveryChannels"][0]["s3KeyPrefix"],
        shows="recorded",
        meddle=lambda account, id_: account("config").delete_delivery_channel(
            DeliveryChannelName=id_
        ),
    ),
    Life(
        token="aws:cfg/recorderStatus:RecorderStatus",
        before={"recorder": RECORDER, "channel": CHANNEL},
        props={"name": "platform", "isEnabled": True},
        meddle=lambda account, id_: account("config").stop_configuration_recorder(
            ConfigurationRecorderName=id_
        ),
        stays=True,
    ),
    Life(
        token="aws:accessanalyzer/analyzer:Analyzer",
        props={"analyzerName": "access", "tags": {"Name": "access"}},
        change={"tags": {"Name": "exposure"}},
        look=lambda account, id_: account("accessanalyzer").get_analyzer(analyzerName=id_)[
            "analyzer"
        ]["tags"],
        shows={"Name": "exposure"},
        meddle=lambda account, id_: account("accessanalyzer").delete_analyzer(analyzerName=id_),
    ),
    Life(
        token="aws:budgets/budget:Budget",
        props={
            "name": "monthly",
            "accountId": "123456789012",
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "5000.0",
            "limitUnit": "USD",
            "notifications": [SPENT],
            "tags": {"Name": "monthly"},
        },
        change={"limitAmount": "6000.0", "notifications": [SPENT, {**SPENT, "threshold": 95}]},
        look=lambda account, id_: float(_budget(account, id_)["BudgetLimit"]["Amount"]),
        shows=6000,
        meddle=lambda account, id_: account("budgets").delete_budget(
            AccountId="123456789012", BudgetName="monthly"
        ),
    ),
    Life(
        token=MONITOR[0],
        props=MONITOR[1],
        change={"name": "all-services"},
        look=lambda account, id_: account("ce").get_anomaly_monitors(MonitorArnList=[id_])[
            "AnomalyMonitors"
        ][0]["MonitorName"],
        shows="all-services",
        meddle=lambda account, id_: account("ce").update_anomaly_monitor(
            MonitorArn=id_, MonitorName="somebody's"
        ),
    ),
    Life(
        token="aws:costexplorer/anomalySubscription:AnomalySubscription",
        before={"monitor": MONITOR},
        props={
            "name": "anomalies",
            "frequency": "IMMEDIATE",
            "monitorArnLists": ["{before.monitor.arn}"],
            "subscribers": [{"type": "SNS", "address": "{topic}"}],
            "thresholdExpression": _threshold("100"),
            "tags": {"Name": "anomalies"},
        },
        change={"thresholdExpression": _threshold("200")},
        look=lambda account, id_: _subscription(account, id_)["ThresholdExpression"]["Dimensions"][
            "Values"
        ],
        shows=["200"],
        meddle=lambda account, id_: account("ce").update_anomaly_subscription(
            SubscriptionArn=id_, SubscriptionName="somebody's"
        ),
    ),
)
