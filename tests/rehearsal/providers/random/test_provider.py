"""Passwords are what was asked for, and stay what they are."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.providers.plugin import PluginError, Subject
from rehearsal.providers.random.provider import CLASSES, PASSWORD, RandomProvider, password

_SUBJECT = Subject(PASSWORD, "password")
_KINDS = st.sets(st.sampled_from(sorted(CLASSES)), min_size=1)


@given(st.integers(8, 64), _KINDS, st.integers(0, 2))
def test_a_password_has_the_length_and_the_kinds_that_were_asked(
    length: int, kinds: set[str], least: int
) -> None:
    props: dict[str, Any] = {"length": length} | {key: key in kinds for key in CLASSES}
    props |= {f"min{key.title()}": least for key in kinds}
    made = password(props)
    assert len(made) == length
    assert set(made) <= set("".join(CLASSES[key] for key in kinds))
    assert all(sum(c in CLASSES[key] for c in made) >= least for key in kinds)


def test_an_alphanumeric_password_has_no_special_characters() -> None:
    made = password({"length": 32, "special": False})
    assert set(made) <= set(string.ascii_letters + string.digits)


def test_two_passwords_differ() -> None:
    assert password({"length": 32}) != password({"length": 32})


def test_a_refresh_keeps_the_password() -> None:
    made = RandomProvider().create(_SUBJECT, {"length": 12})
    subject = Subject(PASSWORD, "password", outputs=made.outputs)
    found = RandomProvider().read(subject, made.id, {"length": 12})
    assert found is not None
    assert found.outputs["result"] == made.outputs["result"]


def test_every_change_asks_for_a_new_password() -> None:
    changes = RandomProvider().diff(_SUBJECT, {"length": 12}, {"length": 16})
    assert changes.replaces == ["length"]


def test_wrong_properties_are_named() -> None:
    failures = RandomProvider().check(_SUBJECT, {"lenght": 12}, {}).failures
    assert {failure.prop for failure in failures} == {"lenght", "length"}


def test_minimums_must_fit_into_the_length() -> None:
    wrong = {"length": 3, "minUpper": 4}
    assert [one.prop for one in RandomProvider().check(_SUBJECT, wrong, {}).failures] == ["length"]


def test_another_type_is_refused() -> None:
    with pytest.raises(PluginError, match="knows only"):
        RandomProvider().check(Subject("random:index/randomPet:RandomPet", "pet"), {}, {})
