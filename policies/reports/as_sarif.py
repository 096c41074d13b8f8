"""For code scanning: SARIF 2.1.0, a descriptor for each rule and a result for each finding.

A finding has no line in a file: its place is the resource, by URN, beside what was judged.
Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from policies.finding import Finding, Outcome
from policies.report import Report
from policies.rule import Rule

Object: TypeAlias = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[Outcome, str] = {
    "violation": "error",
    "advice": "warning",
    "unknown": "note",
    "exempted": "error",
}
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
"""Security severity as code scanning reads it, from 0 to 10."""


def as_sarif(report: Report) -> str:
    """The report as SARIF, ending with a newline."""
    rules = [_descriptor(rule) for rule in report.rules]
    run = {
        "tool": {"driver": {"name": "mlops policy", "version": "0.1.0", "rules": rules}},
        "results": [_result(one) for one in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _descriptor(rule: Rule) -> Object:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.because},
        "fullDescription": {"text": f"{rule.because} {rule.fix}"},
        "help": {"text": rule.fix},
        "helpUri": rule.reference,
        "defaultConfiguration": {"level": "error" if rule.level == "mandatory" else "warning"},
        "properties": {"security-severity": SCORES[rule.severity], "tags": ["security"]},
    }


def _result(found: Finding) -> Object:
    result: Object = {
        "ruleId": found.rule,
        "level": LEVELS[found.outcome],
        "message": {"text": found.message},
        "locations": [_location(found)],
        "partialFingerprints": {"resource/v1": f"{found.rule}|{found.urn}|{found.path}"},
    }
    if found.outcome == "exempted":
        result["suppressions"] = [{"kind": "external", "justification": found.note}]
    return result


def _location(found: Finding) -> Object:
    return {
        # Code scanning takes no result without a line of a file; the program would be mended.
        "physicalLocation": {
            "artifactLocation": {"uri": "Pulumi.yaml"},
            "region": {"startLine": 1},
        },
        "logicalLocations": [
            {"name": found.resource, "fullyQualifiedName": found.urn, "kind": "resource"}
        ],
    }
