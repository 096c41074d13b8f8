"""For people: findings by weight, then what is exempted, then one line of numbers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Finding, Outcome
from policies.report import Report

HEADS: dict[Outcome, str] = {
    "violation": "must be mended",
    "advice": "should be looked at",
    "unknown": "not known before up",
    "exempted": "exempted",
}

WORDS: dict[Outcome, str] = {
    "violation": "violations",
    "advice": "advisory",
    "unknown": "unknown",
    "exempted": "exempted",
}


def as_text(report: Report) -> str:
    """The report, ending with a newline."""
    return "\n".join([*_sections(report), *_exemptions(report), _summary(report)]) + "\n"


def _sections(report: Report) -> Iterator[str]:
    for outcome, head in HEADS.items():
        found = report.of(outcome)
        if found:
            yield f"{head} ({len(found)})"
            yield from map(_entry, found)
            yield ""


def _entry(found: Finding) -> str:
    first, *rest = found.message.splitlines()
    return "\n".join([f"  {found.rule} [{found.severity}] {first}", *(f"    {x}" for x in rest)])


def _exemptions(report: Report) -> Iterator[str]:
    if report.exemptions:
        yield f"exemptions ({len(report.exemptions)})"
        for one in report.exemptions:
            yield f"  {one.rule}: {one.resource}, until {one.until}: {one.reason}"
        yield ""


def _summary(report: Report) -> str:
    counts = ", ".join(f"{len(report.of(outcome))} {word}" for outcome, word in WORDS.items())
    said = "passed" if report.passed else "refused"
    return f"{said}: {report.judged} resources, {len(report.rules)} rules, {counts}"
