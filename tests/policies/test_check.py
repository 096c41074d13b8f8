"""States judged without an engine: each by itself, beside the others, and by its exemptions."""

from __future__ import annotations

from datetime import date
from typing import Any

from policies.catalogue import RULES
from policies.check import Source, check_states
from policies.report import Report
from policies.stack_settings import Exemption
from policies.state import Exported
from policies.subject import Stack
from tests.policies.cases import CASES
from tests.policies.scene import Described, recorded, root, settings_of

TODAY = date(2026, 11, 28)
APART = CASES["regions-apart-in-addresses"].failing[0]
PUBLIC = recorded("aws:rds/instance:Instance").but({"publiclyAccessible": True})
PLAIN = PUBLIC.but({"publiclyAccessible": False})
REASON = "It is shown here what an exemption does."


def _source(*resources: Described, name: str = "production.json", **changes: Any) -> Source:
    """A state whose inputs and outputs are alike."""
    settings = settings_of("primary").model_copy(update=changes)
    subjects = [one.subject(settings) for one in (root(), *resources)]
    return Source(name, Exported(subjects, Stack(subjects, settings)), settings)


def _report(*sources: Source) -> Report:
    return check_states(RULES, sources, TODAY)


def _found(report: Report, rule: str) -> list[tuple[str, str]]:
    return [(one.resource, one.outcome) for one in report.findings if one.rule == rule]


def _exemption(until: date) -> Exemption:
    return Exemption(rule="database-private", resource=PUBLIC.name, reason=REASON, until=until)


def test_a_resource_and_what_is_missing_in_its_stack_are_found_in_one_state() -> None:
    report = _report(_source(PUBLIC))
    assert _found(report, "database-private") == [(PUBLIC.name, "violation")]
    assert _found(report, "budget-that-tells") == [(root().name, "violation")]
    assert (report.sources, report.judged, report.rules) == (["production.json"], 2, RULES)


def test_two_states_are_judged_beside_each_other_and_one_alone_is_not() -> None:
    here = _source(*APART.resources)
    there = _source(*APART.others, name="dr.json")
    (name,) = {one.name for one in APART.resources if one.type.endswith(":Vpc")}
    report = _report(here, there)
    assert (name, "violation") in _found(report, "regions-apart-in-addresses")
    assert report.sources == ["production.json", "dr.json"]
    assert _found(_report(here), "regions-apart-in-addresses") == []


def test_what_stands_beside_may_be_spread_over_several_states() -> None:
    here = _source(*APART.resources)
    beside = [_source(PLAIN, name="link.json"), _source(*APART.others, name="dr.json")]
    assert _found(_report(here, *beside), "regions-apart-in-addresses") != []


def test_an_exemption_of_today_is_told_and_one_of_yesterday_is_a_finding_of_the_stack() -> None:
    held = _report(_source(PUBLIC, exemptions=(_exemption(TODAY),)))
    assert _found(held, "database-private") == [(PUBLIC.name, "exempted")]
    assert held.exemptions == [_exemption(TODAY)]
    over = _report(_source(PUBLIC, exemptions=(_exemption(date(2026, 11, 27)),)))
    assert _found(over, "database-private") == [(PUBLIC.name, "violation")]
    (expired,) = [one for one in over.findings if one.rule == "exemption-expired"]
    assert (expired.urn, expired.outcome) == (root().urn, "violation")


def test_a_state_without_a_root_still_tells_what_expired() -> None:
    settings = settings_of("primary").model_copy(
        update={"exemptions": (_exemption(date(2026, 11, 27)),)}
    )
    subjects = [PLAIN.subject(settings)]
    report = _report(Source("x", Exported(subjects, Stack(subjects, settings)), settings))
    assert [one.urn for one in report.findings if one.rule == "exemption-expired"] == [""]
