"""Exemptions: a finding that one covers is reported with its reason and date; one that has
expired is a finding itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from policies.finding import Finding
from policies.stack_settings import Exemption

EXPIRED = "exemption-expired"


def exempted(
    findings: Iterable[Finding], exemptions: Sequence[Exemption], today: date
) -> Iterator[Finding]:
    """`findings`, with those that an exemption of today covers marked so."""
    for finding in findings:
        covering = [one for one in exemptions if one.until >= today and covers(one, finding)]
        if covering and finding.outcome in ("violation", "advice"):
            note = f"exempted until {covering[0].until}: {covering[0].reason}"
            yield replace(finding, outcome="exempted", note=note)
        else:
            yield finding


def expired(exemptions: Sequence[Exemption], today: date, urn: str) -> Iterator[Finding]:
    """A violation for each exemption whose last day is over; `urn` is the stack's."""
    for one in exemptions:
        if one.until < today:
            yield Finding(
                rule=EXPIRED,
                outcome="violation",
                severity="high",
                urn=urn,
                resource=one.resource,
                type="exemption",
                path=one.rule,
                found=f"exempted until {one.until}",
                wanted="a resource that keeps the rule, or a new date",
                because="an exemption is a debt with a date, not a switch",
                fix=f"mend the resource, or review the reason: {one.reason}",
                reference="docs/policies.md",
            )


def covers(exemption: Exemption, finding: Finding) -> bool:
    """Whether `exemption` means `finding`."""
    names = (finding.resource, finding.urn)
    return exemption.rule == finding.rule and any(
        fnmatchcase(name, exemption.resource) for name in names
    )
