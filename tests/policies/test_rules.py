"""Every rule of the pack, proven both ways, on an unknown and on a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from policies.catalogue import RULES
from policies.finding import Finding
from policies.judging import applies, judge_pair, judge_resource, judge_stack
from policies.repair import Draft
from policies.rule import ResourceRule, Rule
from tests.policies.cases import CASES
from tests.policies.scene import PLAINTEXT, Case, Described

BY_NAME = {rule.name: rule for rule in RULES}
REPAIRED = [rule for rule in RULES if isinstance(rule, ResourceRule) and rule.repair]


def _each(kind: str) -> list[object]:
    """A parameter for each case of each rule, named after it."""
    found: list[object] = []
    for name, cases in CASES.items():
        wanted = {
            "failing": cases.failing,
            "passing": cases.passing,
            "unknown": [cases.unknown],
            "secret": [cases.secret] if cases.secret else [],
        }[kind]
        found += [
            pytest.param(BY_NAME[name], one, id=f"{name}-{index}")
            for index, one in enumerate(wanted)
        ]
    return found


def _found(rule: Rule, case: Case) -> list[Finding]:
    return list(_judged(rule, case))


def _judged(rule: Rule, case: Case) -> Iterator[Finding]:
    stack = case.stack()
    for one in stack.subjects:
        yield from judge_resource([rule], one)
    yield from judge_stack([rule], stack)
    yield from judge_pair([rule], stack, case.other())


def test_every_rule_has_its_cases() -> None:
    assert set(CASES) == set(BY_NAME)
    short = [name for name, one in CASES.items() if len(one.failing) < 2 or len(one.passing) < 2]
    assert not short, f"fewer than two failing and two passing cases: {short}"


def test_names_are_given_once_and_a_number_twice_only_for_two_levels_or_scopes() -> None:
    assert len(BY_NAME) == len(RULES)
    assert len({(rule.number, rule.level, type(rule)) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("rule", "case"), _each("failing"))
def test_what_breaks_a_rule_is_found_where_it_does(rule: Rule, case: Case) -> None:
    found = _found(rule, case)
    assert {one.path for one in found} == {case.at}
    assert [one.found for one in found if one.found.startswith("not judged")] == []
    wanted = "violation" if rule.level == "mandatory" else "advice"
    assert {one.outcome for one in found} == {wanted}
    assert any(case.wanted in one.wanted for one in found)


@pytest.mark.parametrize(("rule", "case"), _each("passing"))
def test_what_keeps_a_rule_is_let_pass(rule: Rule, case: Case) -> None:
    assert _found(rule, case) == []


@pytest.mark.parametrize(("rule", "case"), _each("unknown"))
def test_what_a_preview_cannot_know_is_said_and_not_refused(rule: Rule, case: Case) -> None:
    expected = [] if CASES[rule.name].unknown_is == "passing" else ["unknown"]
    assert [one.outcome for one in _found(rule, case)] == expected


@pytest.mark.parametrize(("rule", "case"), _each("secret"))
def test_a_secret_is_judged_and_not_shown(rule: Rule, case: Case) -> None:
    found = _found(rule, case)
    assert {one.path for one in found} == {case.at}
    assert not [one for one in found if PLAINTEXT in one.message]


@pytest.mark.parametrize("rule", REPAIRED, ids=lambda rule: rule.name)
def test_a_repair_mends_whatever_fails(rule: ResourceRule) -> None:
    for case in CASES[rule.name].failing:
        for one in case.resources if case.repairable else ():
            left = judge_resource([rule], _repaired(rule, one, case).subject(case.expected))
            assert list(left) == []


@pytest.mark.parametrize("rule", REPAIRED, ids=lambda rule: rule.name)
def test_a_repair_leaves_what_passes_as_it_is(rule: ResourceRule) -> None:
    for case in CASES[rule.name].passing:
        for one in case.resources:
            assert _repaired(rule, one, case) == one


def _repaired(rule: ResourceRule, one: Described, case: Case) -> Described:
    assert rule.repair is not None
    mended = one.but({})
    if not applies(rule, one.subject(case.expected)):
        return mended
    draft = Draft(cast("dict[str, Any]", mended.properties))
    rule.repair(mended.subject(case.expected), draft)
    assert draft.changed == (mended != one)
    return mended
