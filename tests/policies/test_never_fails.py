"""Whatever a resource looks like, no rule and no repair fails on it, and no secret is shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeGuard, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.catalogue import RULES
from policies.finding import Finding
from policies.judging import judge_pair, judge_resource, judge_stack, repair
from policies.properties import SIGNATURE
from policies.repair import Draft
from policies.rule import ResourceRule, Rule
from rehearsal.providers.wire import is_list, is_object
from tests.policies.cases import CASES
from tests.policies.scene import PLAINTEXT, UNKNOWN, Case, Described, everything, secret

NIGHTLY, SAMPLE = 20_000, 1500
"""Resources that are judged by every rule, in the nightly campaign and in each run."""
SCENES = [
    *(Case([one]) for one in everything()),
    *(case for cases in CASES.values() for case in (*cases.failing, *cases.passing)),
]
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, "", "x", "*", "0.0.0.0/0", "{", "[]", '{"Statement": 1}',
    '{"Statement": [{"Effect": "Allow", "Principal": 1, "Action": {}, "Condition": []}]}',
    [], {}, [None], ["x"], [1], [{}], [[]], {"x": 1}, {"name": None}, UNKNOWN, [UNKNOWN],
    secret(PLAINTEXT), secret(None), secret([]), secret({"x": PLAINTEXT}), [secret(PLAINTEXT)],
    secret(secret(PLAINTEXT)), {SIGNATURE: "another"},
)  # fmt: skip
"""Values of every kind, the right ones among them."""
IN_DOCUMENTS = tuple(one for one in ODD if SIGNATURE not in json.dumps(one))
"""A text has no secrets in it: it is one, or not."""
DROPPED = object()
Draw = Callable[[st.SearchStrategy[Any]], Any]
SPARE = [HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def spoilt(draw: Draw) -> Case:
    """A recorded resource, or a case of a rule, with up to three values that are others."""
    case: Case = draw(st.sampled_from(SCENES))
    resources = [replace(one, properties=_copied(one)) for one in case.resources]
    for _ in range(draw(st.integers(1, 3))):
        one: Described = draw(st.sampled_from(resources))
        _spoil(cast("dict[str, Any]", one.properties), draw)
    return replace(case, resources=resources)


def _spoil(raw: dict[str, Any], draw: Draw, odd: tuple[Any, ...] = ODD) -> None:
    places = list(_places(raw))
    if not places:
        raw[draw(st.sampled_from(["name", "policy", "metadata", "spec"]))] = copy.deepcopy(
            draw(st.sampled_from(odd))
        )
        return
    place: int = draw(st.integers(0, len(places) - 1))
    holder, key = places[place]
    told = _document(holder[key])
    if told is not None and draw(st.booleans()):
        _spoil(told, draw, IN_DOCUMENTS)
        holder[key] = json.dumps(told)
        return
    value = draw(st.sampled_from([DROPPED, *odd]))
    if value is DROPPED:
        del holder[key]
    else:
        holder[key] = secret(holder[key]) if value == "x" and odd is ODD else copy.deepcopy(value)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list below `value`, with each of its keys. A secret keeps its mark."""
    if is_object(value) and SIGNATURE in value:
        yield from _places(value.get("value"))
        return
    keys: Any = range(len(value)) if is_list(value) else list(value) if is_object(value) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _document(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if is_object(found) else None


def _copied(one: Described) -> dict[str, Any]:
    return copy.deepcopy(dict(one.properties))


def _judged(case: Case) -> list[Finding]:
    stack = case.stack()
    each = [found for one in stack.subjects for found in judge_resource(RULES, one)]
    return [*each, *judge_stack(RULES, stack), *judge_pair(RULES, stack, case.other())]


def _hold(case: Case) -> None:
    before = [_copied(one) for one in case.resources]
    found = _judged(case)
    assert [each for each in found if each.found.startswith("not judged")] == []
    assert [each for each in found if PLAINTEXT in each.message] == []
    assert [one.properties for one in case.resources] == before
    for one in case.resources:
        raw = _copied(one)
        subject = replace(one, properties=raw).subject(case.expected)
        told = [repair(rule, subject, Draft(raw)) for rule in RULES if _repairs(rule)]
        assert [each for each in told if "the rule failed" in each or PLAINTEXT in each] == []


def _repairs(rule: Rule) -> TypeGuard[ResourceRule]:
    return isinstance(rule, ResourceRule) and rule.repair is not None


@settings(max_examples=SAMPLE, deadline=None, suppress_health_check=SPARE)
@given(spoilt())
def test_no_rule_fails(case: Case) -> None:
    _hold(case)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=NIGHTLY, deadline=None, suppress_health_check=SPARE)
@given(spoilt())
def test_no_rule_fails_in_a_long_campaign(case: Case) -> None:
    _hold(case)
