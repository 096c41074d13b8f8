"""Budgets and cost anomalies."""

from __future__ import annotations

import pytest

from components.base import Site
from components.budget import Budget, BudgetArgs
from components.cost_anomaly import CostAnomaly, CostAnomalyArgs
from tests.components.recorder import record

TOPIC = "arn:aws:sns:us-east-1:123456789012:mlops-platform-production-alerts-cost"


def test_the_budget_warns_before_and_when_the_money_is_spent(site: Site) -> None:
    args = BudgetArgs(monthly_usd=12000, emails=["finops@example.com"], topic_arns=[TOPIC])
    inputs = record(lambda: Budget("budget", args, site)).one("aws:budgets/budget:Budget").inputs
    assert inputs["limitAmount"] == "12000.0"
    assert inputs["timeUnit"] == "MONTHLY"
    told = [(one["notificationType"], one["threshold"]) for one in inputs["notifications"]]
    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    for one in inputs["notifications"]:
        assert one["subscriberEmailAddresses"] == ["finops@example.com"]
        assert one["subscriberSnsTopicArns"] == [TOPIC]


def test_a_budget_with_one_threshold_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        BudgetArgs(
            monthly_usd=1, actual_thresholds=[100], forecast_thresholds=[], emails=["a@b.example"]
        )


def test_a_budget_that_tells_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one subscriber"):
        BudgetArgs(monthly_usd=1)


def test_anomalies_are_told_at_once_to_the_cost_topic(site: Site) -> None:
    args = CostAnomalyArgs(topic_arn=TOPIC, threshold_usd=250)
    recording = record(lambda: CostAnomaly("anomaly", args, site))
    monitor = recording.one("aws:costexplorer/anomalyMonitor:AnomalyMonitor").inputs
    assert monitor["monitorDimension"] == "SERVICE"
    told = recording.one("aws:costexplorer/anomalySubscription:AnomalySubscription").inputs
    assert told["frequency"] == "IMMEDIATE"
    assert told["subscribers"] == [{"type": "SNS", "address": TOPIC}]
    assert told["thresholdExpression"]["dimension"]["values"] == ["250"]
