"""For CI: JUnit, a test case for each rule, which fails with what it found."""

from __future__ import annotations

from typing import cast

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from policies.finding import Finding
from policies.report import Report


def as_junit(report: Report) -> str:
    """The report as XML. Advice and what is unknown or exempted skip, violations fail."""
    suite = TestSuite("mlops policy")
    named = {rule.name for rule in report.rules}
    # An expired exemption is a finding of no rule.
    more = sorted({one.rule for one in report.findings} - named)
    for name in [*(rule.name for rule in report.rules), *more]:
        suite.add_testcase(_case(name, [one for one in report.findings if one.rule == name]))
    xml = JUnitXml()
    xml.add_testsuite(suite)
    xml.update_statistics()
    text = cast("bytes", xml.tostring())
    return text.decode() + "\n"


def _case(rule: str, findings: list[Finding]) -> TestCase:
    case = TestCase(rule, "policies")
    case.result = [
        (Failure if one.outcome == "violation" else Skipped)(one.message, one.outcome)
        for one in findings
    ]
    return case
