"""For scripts: one object; keys are those of `Finding`."""

from __future__ import annotations

import json
from dataclasses import asdict

from policies.report import Report


def as_json(report: Report) -> str:
    """The report as JSON, ending with a newline."""
    document = {
        "passed": report.passed,
        "sources": list(report.sources),
        "judged": report.judged,
        "rules": len(report.rules),
        "findings": [asdict(one) for one in report.findings],
        "exemptions": [one.model_dump(mode="json") for one in report.exemptions],
    }
    return json.dumps(document, indent=2) + "\n"
