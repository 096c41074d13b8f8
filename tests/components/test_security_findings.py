"""Serious findings reach the topic, each once."""

from __future__ import annotations

import json

from components.base import Site
from components.security_findings import SecurityFindings, SecurityFindingsArgs
from tests.components.recorder import ACCOUNT, Recording, record

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:critical"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"


def build(site: Site, *sources: str, topic: str | None = TOPIC) -> Recording[SecurityFindings]:
    args = SecurityFindingsArgs(sources=sources, topic_arn=topic)
    return record(lambda: SecurityFindings("findings", args, site))


def test_findings_from_severity_seven_on_go_to_the_topic(site: Site) -> None:
    recording = build(site, "guardduty")
    pattern = json.loads(recording.one(RULE).inputs["eventPattern"])
    assert pattern["source"] == ["aws.guardduty"]
    assert pattern["detail"]["severity"] == [{"numeric": [">=", 7]}]
    assert recording.one(TARGET).inputs["arn"] == TOPIC


def test_the_hub_tells_of_what_is_new_and_not_of_what_guardduty_told(site: Site) -> None:
    pattern = json.loads(build(site, "security-hub").one(RULE).inputs["eventPattern"])
    findings = pattern["detail"]["findings"]
    assert findings["Severity"] == {"Label": ["CRITICAL", "HIGH"]}
    assert findings["Workflow"] == {"Status": ["NEW"]}
    assert findings["ProductName"] == [{"anything-but": "GuardDuty"}]


def test_rules_are_found_by_the_name_that_the_dashboard_asks_for(site: Site) -> None:
    names = [one.inputs["name"] for one in build(site, "guardduty", "security-hub").all(RULE)]
    assert names == [
        "mlops-platform-production-findings-guardduty",
        "mlops-platform-production-findings-security-hub",
    ]


def test_without_a_topic_findings_are_still_counted(site: Site) -> None:
    recording = build(site, "guardduty", topic=None)
    assert recording.one(RULE)
    assert not recording.all(TARGET)
