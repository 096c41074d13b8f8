"""Each format tells the same: what is broken, where, why, how to mend, and what is exempted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from jsonschema import Draft4Validator

from policies.catalogue import RULES
from policies.finding import Finding, Outcome
from policies.report import Report
from policies.reports import FORMATS
from policies.stack_settings import Exemption

SCHEMA = Path(__file__).parents[2] / "data" / "sarif-2.1.0.schema.json"
REASON = "The vendor's appliance takes no other key until its next release."
EXEMPTION = Exemption(
    rule="database-private", resource="database", reason=REASON, until=date(2099, 1, 1)
)


def _finding(outcome: Outcome, rule: str = "database-encrypted") -> Finding:
    return Finding(
        rule=rule,
        outcome=outcome,
        severity="critical",
        urn=f"urn:pulumi:production::mlops-platform::aws:rds/instance:Instance::{outcome}",
        resource=outcome,
        type="aws:rds/instance:Instance",
        path="storageEncrypted",
        found="false",
        wanted="true",
        because="Disks are read.",
        fix="Encrypt.",
        reference="https://docs.aws.amazon.com/x",
        note=f"exempted until 2099-01-01: {REASON}" if outcome == "exempted" else "",
    )


def _report(*outcomes: Outcome) -> Report:
    return Report(
        sources=["state.json"],
        judged=7,
        rules=RULES,
        findings=[_finding(one) for one in outcomes],
        exemptions=[EXEMPTION],
    )


ALL = _report("violation", "advice", "unknown", "exempted")


def test_text_says_what_where_why_and_how_and_counts() -> None:
    text = FORMATS["text"](ALL)
    assert "must be mended (1)" in text
    assert "database-encrypted [critical] violation (aws:rds/instance:Instance)" in text
    assert "storageEncrypted is false, wanted: true" in text
    assert "why: Disks are read." in text
    assert "fix: Encrypt." in text
    assert f"database-private: database, until 2099-01-01: {REASON}" in text
    assert text.endswith(
        f"refused: 7 resources, {len(RULES)} rules, "
        "1 violations, 1 advisory, 1 unknown, 1 exempted\n"
    )


def test_without_a_violation_text_says_that_it_passed() -> None:
    assert "\npassed: " in FORMATS["text"](_report("advice"))


def test_json_holds_every_finding_and_exemption() -> None:
    document = json.loads(FORMATS["json"](ALL))
    assert document["passed"] is False
    assert [one["outcome"] for one in document["findings"]] == [
        "violation", "advice", "unknown", "exempted",
    ]  # fmt: skip
    assert document["exemptions"][0]["until"] == "2099-01-01"


def test_sarif_meets_the_standards_schema() -> None:
    document = json.loads(FORMATS["sarif"](ALL))
    assert _wrong(document) == []


def test_the_standards_schema_would_notice() -> None:
    document = json.loads(FORMATS["sarif"](ALL))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert any("'fatal' is not one of" in one for one in _wrong(document))


def _wrong(document: Any) -> list[str]:
    """What the standard's schema finds wrong. Source: OASIS, without its prose."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator: Any = Draft4Validator(schema)
    return [str(error.message) for error in validator.iter_errors(document)]


def test_sarif_names_each_rule_and_suppresses_what_is_exempted() -> None:
    run: Any = json.loads(FORMATS["sarif"](ALL))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [one.name for one in RULES]
    levels = [(one["level"], "suppressions" in one) for one in run["results"]]
    assert levels == [("error", False), ("warning", False), ("note", False), ("error", True)]


def test_sarif_says_what_code_scanning_asks_of_rules_and_places() -> None:
    run: Any = json.loads(FORMATS["sarif"](ALL))["runs"][0]
    asked = ("id", "shortDescription", "fullDescription", "help", "defaultConfiguration")
    assert [rule for rule in run["tool"]["driver"]["rules"] if not set(asked) <= set(rule)] == []
    for result in run["results"]:
        (place,) = result["locations"]
        assert place["physicalLocation"]["region"]["startLine"] == 1
        assert place["logicalLocations"][0]["fullyQualifiedName"].startswith("urn:pulumi:")


def test_junit_fails_only_for_what_is_broken() -> None:
    suite = ET.fromstring(FORMATS["junit"](ALL)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == (str(len(RULES)), "1")
    broken = suite.find("testcase[@name='database-encrypted']")
    assert broken is not None
    assert [one.tag for one in broken] == ["failure", "skipped", "skipped", "skipped"]


def test_junit_counts_what_no_rule_found() -> None:
    report = Report(
        sources=["x"], judged=0, rules=RULES, findings=[_finding("violation", "exemption-expired")]
    )
    suite = ET.fromstring(FORMATS["junit"](report)).find("testsuite")
    assert suite is not None
    assert suite.find("testcase[@name='exemption-expired']/failure") is not None
