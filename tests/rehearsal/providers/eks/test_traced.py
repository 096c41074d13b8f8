"""Values that remember where they came from."""

from __future__ import annotations

import operator

from rehearsal.providers.eks.traced import Traced, combined, traced_inputs, untraced
from rehearsal.providers.wire import UNKNOWN


def test_a_combination_depends_on_all_of_its_parts() -> None:
    made = combined(operator.add, Traced("x", frozenset({"u1"})), Traced("y", frozenset({"u2"})))
    assert made == Traced("xy", frozenset({"u1", "u2"}))


def test_a_combination_with_an_unknown_is_unknown_but_keeps_its_dependencies() -> None:
    made = combined(
        operator.add, Traced("x", frozenset({"u1"})), Traced(UNKNOWN, frozenset({"u2"}))
    )
    assert made == Traced(UNKNOWN, frozenset({"u1", "u2"}))


def test_parts_of_an_unknown_object_are_unknown() -> None:
    assert Traced(UNKNOWN)["any"]["part"].value == UNKNOWN
    assert Traced({"a": 1})["b"].value is None


def test_a_structure_gives_up_its_dependencies_and_drops_what_has_no_value() -> None:
    value, urns = untraced({"a": [Traced(1, frozenset({"u"}))], "b": Traced()})
    assert value == {"a": [1]}
    assert urns == {"u"}


def test_inputs_carry_the_dependencies_that_the_engine_names() -> None:
    inputs = traced_inputs({"vpcId": "vpc-1", "name": "n"}, {"vpcId": frozenset({"u"})})
    assert inputs["vpcId"].urns == {"u"}
    assert not inputs["name"].urns
