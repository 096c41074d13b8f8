"""A check passes unless something mandatory is broken."""

from __future__ import annotations

import pytest

from policies.finding import Finding, Outcome
from policies.report import Report


def _report(*outcomes: Outcome) -> Report:
    findings = [
        Finding(
            rule="database-private", outcome=one, severity="high", urn="urn", resource="database",
            type="aws:rds/instance:Instance", path="publiclyAccessible", found="true",
            wanted="false", because="", fix="", reference="",
        )
        for one in outcomes
    ]  # fmt: skip
    return Report(sources=["x"], judged=1, rules=[], findings=findings)


def test_only_a_violation_fails_a_check() -> None:
    assert _report().passed
    assert _report("advice", "unknown", "exempted").passed
    assert not _report("advice", "violation").passed


@pytest.mark.parametrize("outcome", ["violation", "advice", "unknown", "exempted"])
def test_findings_are_found_by_their_outcome(outcome: Outcome) -> None:
    report = _report("exempted", "violation", "advice", "unknown", outcome)
    assert [one.outcome for one in report.of(outcome)] == [outcome, outcome]
