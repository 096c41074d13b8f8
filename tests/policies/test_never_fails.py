"""Whatever a resource looks like, no rule and no repair fails on it, and no secret is shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.catalogue import RULES
from policies.finding import Finding
from policies.judging import judge_pair, judge_resource, judge_stack, repair
from policies.properties import SIGNATURE
from policies.repair import Draft
from policies.rule import ResourceRule
from policies.subject import Stack
from rehearsal.providers.wire import is_list, is_object
from tests.policies.scene import (
    PLAINTEXT,
    UNKNOWN,
    Described,
    everything,
    root,
    secret,
    settings_of,
)

NIGHTLY, SAMPLE = 20_000, 300
"""Resources that are judged by every rule, in the nightly campaign and in each run."""
RECORDED = [root(), *everything()]
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, "", "x", "*", "0.0.0.0/0", "{", "[]", '{"Statement": 1}',
    '{"Statement": [{"Effect": "Allow", "Principal": 1, "Action": {}, "Condition": []}]}',
    [], {}, [None], ["x"], [1], [{}], [[]], {"x": 1}, {"name": None}, UNKNOWN, [UNKNOWN],
    secret(PLAINTEXT), secret(None), secret([]), secret({"x": PLAINTEXT}), [secret(PLAINTEXT)],
    secret(secret(PLAINTEXT)), {SIGNATURE: "another"},
)  # fmt: skip
"""Values of every kind, the right ones among them."""
DROPPED = object()
Draw = Callable[[st.SearchStrategy[Any]], Any]
SPARE = [HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def resources(draw: Draw) -> Described:
    """A recorded resource with up to three values that are something else."""
    one: Described = draw(st.sampled_from(RECORDED))
    raw = copy.deepcopy(dict(one.properties))
    for _ in range(draw(st.integers(1, 3))):
        _spoil(raw, draw)
    return replace(one, properties=raw, protect=draw(st.booleans()))


def _spoil(raw: dict[str, Any], draw: Draw) -> None:
    places = list(_places(raw))
    if not places:
        raw[draw(st.sampled_from(["name", "policy", "metadata", "spec"]))] = copy.deepcopy(
            draw(st.sampled_from(ODD))
        )
        return
    place: int = draw(st.integers(0, len(places) - 1))
    holder, key = places[place]
    told = _document(holder[key])
    if told is not None and draw(st.booleans()):
        _spoil(told, draw)
        holder[key] = json.dumps(told)
        return
    value = draw(st.sampled_from([DROPPED, *ODD]))
    if value is DROPPED:
        del holder[key]
    else:
        holder[key] = secret(holder[key]) if value == "x" else copy.deepcopy(value)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list below `value`, with each of its keys."""
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


def _judged(one: Described, beside: list[Described]) -> list[Finding]:
    expected = settings_of("primary")
    stack = Stack([each.subject(expected) for each in (one, *beside)], expected)
    other = Stack([each.subject(settings_of("replica")) for each in beside], expected)
    return [
        *judge_resource(RULES, one.subject(expected)),
        *judge_stack(RULES, stack),
        *judge_pair(RULES, stack, other),
    ]


def _hold(one: Described, beside: list[Described]) -> None:
    raw = copy.deepcopy(dict(one.properties))
    found = _judged(one, beside)
    assert [each for each in found if each.found.startswith("not judged")] == []
    assert [each for each in found if PLAINTEXT in each.message] == []
    assert one.properties == raw
    draft = Draft(raw)
    subject = replace(one, properties=raw).subject(settings_of("primary"))
    for rule in RULES:
        if isinstance(rule, ResourceRule):
            assert "the rule failed" not in repair(rule, subject, draft)


@settings(max_examples=SAMPLE, deadline=None, suppress_health_check=SPARE)
@given(resources(), st.lists(resources(), max_size=3))
def test_no_rule_fails(one: Described, beside: list[Described]) -> None:
    _hold(one, beside)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@settings(max_examples=NIGHTLY, deadline=None, suppress_health_check=SPARE)
@given(resources(), st.lists(resources(), max_size=3))
def test_no_rule_fails_in_a_long_campaign(one: Described, beside: list[Described]) -> None:
    _hold(one, beside)
