"""Logs, alarms and topics."""

from __future__ import annotations

import re

from rehearsal.cloud.call import Call
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com"
ALARM = f"{DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192),
    *(2557, 2922, 3288, 3653),
)
MISSING = ("breaching", "notBreaching", "ignore", "missing")
PERIODS = (10, 20, 30)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _retention(call: Call) -> str | None:
    days = call.params["retentionInDays"]
    if days not in RETENTION_DAYS:
        return (
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy"
            f" constraint: Member must satisfy enum value set: {list(RETENTION_DAYS)}"
        )
    return None


def _period(call: Call) -> str | None:
    seconds = call.params.get("Period")
    if seconds is not None and seconds not in PERIODS and seconds % 60:
        return f"Period {seconds} must be 10, 20, 30 or a multiple of 60"
    return None


def _missing(call: Call) -> str | None:
    value = call.params.get("TreatMissingData")
    if value is not None and value not in MISSING:
        return f"TreatMissingData {value} must be one of {', '.join(MISSING)}"
    return None


def _datapoints(call: Call) -> str | None:
    points, periods = call.params.get("DatapointsToAlarm"), call.params.get("EvaluationPeriods")
    if points is not None and periods is not None and points > periods:
        return f"DatapointsToAlarm {points} must not be above EvaluationPeriods {periods}"
    return None


def _actions(call: Call) -> str | None:
    for kind in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for arn in call.listed(kind):
            if not arn.startswith("arn:"):
                return f"Invalid arn syntax: {arn}"
            parts = arn.split(":")
            if parts[2] == "sns" and parts[3] != call.region:
                return f"Invalid region {parts[3]} specified. Only {call.region} is supported."
    return None


def _email(call: Call) -> str | None:
    endpoint = call.params.get("Endpoint") or ""
    if call.params.get("Protocol") == "email" and not _EMAIL.fullmatch(endpoint):
        return "Invalid parameter: Email address"
    return None


RULES = (
    Rule(
        name="logs are kept for one of the numbers of days on offer",
        service="logs",
        operations=("PutRetentionPolicy",),
        code="InvalidParameterException",
        url=f"{DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
        broken=_retention,
    ),
    Rule(
        name="an alarm's period is a multiple of a minute, or short",
        service="cloudwatch",
        operations=("PutMetricAlarm",),
        code="ValidationError",
        url=ALARM,
        broken=_period,
    ),
    Rule(
        name="an alarm treats missing data in a known way",
        service="cloudwatch",
        operations=("PutMetricAlarm",),
        code="ValidationError",
        url=ALARM,
        broken=_missing,
    ),
    Rule(
        name="an alarm needs no more datapoints than it looks at",
        service="cloudwatch",
        operations=("PutMetricAlarm",),
        code="ValidationError",
        url=ALARM,
        broken=_datapoints,
    ),
    Rule(
        name="an alarm's actions are ARNs of its region",
        service="cloudwatch",
        operations=("PutMetricAlarm",),
        code="ValidationError",
        url=ALARM,
        broken=_actions,
    ),
    Rule(
        name="a subscription by email has an address",
        service="sns",
        operations=("Subscribe",),
        code="InvalidParameter",
        url=f"{DOCS}/sns/latest/api/API_Subscribe.html",
        broken=_email,
    ),
)
