"""GuardDuty, Security Hub, Config, Access Analyzer, budgets and cost anomalies: mostly,
what an account has once."""

from __future__ import annotations

from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_role, trusts
from rehearsal.cloud.operations.access_analyzer import ANALYZERS
from rehearsal.cloud.operations.cost_anomalies import MONITORS
from rehearsal.cloud.operations.security_hub import is_enabled, standard_arns
from rehearsal.cloud.plain import listing, mapping
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com"
NOTIFICATIONS, EMAILS = 5, 10


def _detector(call: Call) -> str | None:
    if call.here.moto("guardduty").detectors:
        return "The request is rejected because a detector already exists for the current account."
    return None


def _hub(call: Call) -> str | None:
    if is_enabled(call):
        return "Account is already subscribed to Security Hub"
    return None


def _standard(call: Call) -> str | None:
    for request in call.listed("StandardsSubscriptionRequests"):
        if request["StandardsArn"] not in standard_arns(call.region):
            return (
                f"Invalid parameter: standard ARN {request['StandardsArn']} is not a valid standard"
            )
    return None


def _recorder_role(call: Call) -> str | None:
    arn = mapping(call.params["ConfigurationRecorder"]).get("roleARN")
    problem = absent_role(call, arn)
    if problem:
        return problem
    if arn and ":role/" in arn and not trusts(call, arn, "config.amazonaws.com"):
        return f"The role {arn} does not trust config.amazonaws.com"
    return None


def _analyzer_taken(call: Call) -> str | None:
    if call.params["analyzerName"] in call.here.table(ANALYZERS):
        return f"Analyzer {call.params['analyzerName']} already exists"
    return None


def _analyzer_quota(call: Call) -> str | None:
    kind = call.params["type"]
    if any(each["type"] == kind for each in call.here.table(ANALYZERS).values()):
        return f"The quota of one analyzer of type {kind} in a region has been reached"
    return None


def _notifications(call: Call) -> list[dict[str, Any]]:
    return [mapping(each) for each in call.listed("NotificationsWithSubscribers")]


def _many_notifications(call: Call) -> str | None:
    if len(_notifications(call)) > NOTIFICATIONS:
        return f"A budget has at most {NOTIFICATIONS} notifications"
    return None


def _many_emails(call: Call) -> str | None:
    for each in _notifications(call):
        kinds = [sub["SubscriptionType"] for sub in listing(each.get("Subscribers"))]
        if kinds.count("EMAIL") > EMAILS or kinds.count("SNS") > 1:
            return f"A notification has at most {EMAILS} email subscribers and one SNS topic"
    return None


def _same_notification(call: Call) -> str | None:
    budget = call.cloud.moto("budgets").budgets[call.account].get(call.params["BudgetName"])
    wanted = _identity(call.mapped("Notification"))
    for each in budget.notifications if budget is not None else ():
        if _identity(each.details) == wanted:
            return "Error creating notification: the notification already exists."
    return None


def _identity(details: dict[str, Any]) -> tuple[Any, ...]:
    kind = details.get("ThresholdType") or "PERCENTAGE"
    parts = ("NotificationType", "ComparisonOperator", "Threshold")
    return (kind, *(details.get(part) for part in parts))


def _monitor(call: Call) -> str | None:
    given = call.mapped("AnomalyMonitor")
    for each in call.cloud.everywhere.table(MONITORS).values():
        if given.get("MonitorDimension") and (
            each.get("MonitorDimension") == given["MonitorDimension"]
        ):
            return f"Limit exceeded on dimensional spend monitor creation: {each['MonitorName']}"
    return None


RULES = (
    Rule(
        name="a region has one GuardDuty detector",
        service="guardduty",
        operations=("CreateDetector",),
        code="BadRequestException",
        url=f"{DOCS}/guardduty/latest/APIReference/API_CreateDetector.html",
        broken=_detector,
    ),
    Rule(
        name="Security Hub is enabled once",
        service="securityhub",
        operations=("EnableSecurityHub",),
        code="ResourceConflictException",
        url=f"{DOCS}/securityhub/1.0/APIReference/API_EnableSecurityHub.html",
        broken=_hub,
    ),
    Rule(
        name="a Security Hub standard exists in the region",
        service="securityhub",
        operations=("BatchEnableStandards",),
        code="InvalidInputException",
        url=f"{DOCS}/securityhub/latest/userguide/standards-reference.html",
        broken=_standard,
    ),
    Rule(
        name="the role of a recorder exists and trusts Config",
        service="config",
        operations=("PutConfigurationRecorder",),
        code="InvalidRoleException",
        url=f"{DOCS}/config/latest/developerguide/iamrole-permissions.html",
        broken=_recorder_role,
    ),
    Rule(
        name="an analyzer's name is not taken",
        service="accessanalyzer",
        operations=("CreateAnalyzer",),
        code="ConflictException",
        url=f"{DOCS}/access-analyzer/latest/APIReference/API_CreateAnalyzer.html",
        broken=_analyzer_taken,
    ),
    Rule(
        name="a region has one analyzer of a type",
        service="accessanalyzer",
        operations=("CreateAnalyzer",),
        code="ServiceQuotaExceededException",
        url=f"{DOCS}/IAM/latest/UserGuide/access-analyzer-getting-started.html",
        broken=_analyzer_quota,
    ),
    Rule(
        name="a budget has five notifications at most",
        service="budgets",
        operations=("CreateBudget",),
        code="CreationLimitExceededException",
        url=f"{DOCS}/cost-management/latest/userguide/management-limits.html",
        broken=_many_notifications,
    ),
    Rule(
        name="a notification has ten addresses and one topic at most",
        service="budgets",
        operations=("CreateBudget", "CreateNotification"),
        code="InvalidParameterException",
        url=f"{DOCS}/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html",
        broken=_many_emails,
    ),
    Rule(
        name="a budget has a notification once",
        service="budgets",
        operations=("CreateNotification",),
        code="DuplicateRecordException",
        url=f"{DOCS}/aws-cost-management/latest/APIReference/API_budgets_CreateNotification.html",
        broken=_same_notification,
    ),
    Rule(
        name="an account has one anomaly monitor of a dimension",
        service="ce",
        operations=("CreateAnomalyMonitor",),
        code="LimitExceededException",
        url=f"{DOCS}/cost-management/latest/userguide/getting-started-ad.html",
        broken=_monitor,
    ),
)
