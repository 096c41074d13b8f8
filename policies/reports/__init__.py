"""What was found, for people and for programs: text, JSON, SARIF and JUnit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from policies.report import Report
from policies.reports.as_json import as_json
from policies.reports.as_junit import as_junit
from policies.reports.as_sarif import as_sarif
from policies.reports.as_text import as_text

Format: TypeAlias = Callable[[Report], str]

FORMATS: Mapping[str, Format] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "junit": as_junit,
}
