"""Random values are as they were asked for, made once, and made anew when asked otherwise."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest

from rehearsal.providers.plugin import Found, PluginError, Subject
from rehearsal.providers.random.provider import RandomProvider
from rehearsal.providers.wire import UNKNOWN

PASSWORD = "random:index/randomPassword:RandomPassword"
STRING = "random:index/randomString:RandomString"
ID = "random:index/randomId:RandomId"

provider = RandomProvider()


def make(token: str, **props: Any) -> Found:
    """Check and create, as a first deployment does."""
    checked = provider.check(Subject(token, "it"), props, {})
    assert not checked.failures
    return provider.create(Subject(token, "it"), checked.inputs)


def refused(token: str, **props: Any) -> str:
    """What check says against `props`."""
    failures = provider.check(Subject(token, "it"), props, {}).failures
    return "; ".join(f"{failure.prop}: {failure.reason}" for failure in failures)


def test_an_alphanumeric_password_has_no_special_characters() -> None:
    result = make(PASSWORD, length=200, special=False).outputs["result"]
    assert len(result) == 200
    assert set(result) <= set(string.ascii_letters + string.digits)


def test_a_password_has_at_least_what_was_asked_of_each_kind() -> None:
    made = make(PASSWORD, length=8, minLower=2, minUpper=2, minNumeric=2, minSpecial=2)
    result = made.outputs["result"]
    assert sum(one.islower() for one in result) == 2
    assert sum(one.isupper() for one in result) == 2
    assert sum(one.isdigit() for one in result) == 2


def test_special_characters_can_be_chosen() -> None:
    only = make(
        STRING, length=50, overrideSpecial="_~", lower=False, upper=False, numeric=False
    ).outputs["result"]
    assert set(only) <= {"_", "~"}


def test_two_values_differ() -> None:
    assert (
        make(PASSWORD, length=32).outputs["result"] != make(PASSWORD, length=32).outputs["result"]
    )


def test_the_id_of_a_password_does_not_give_it_away() -> None:
    assert make(PASSWORD, length=16).id == "none"


def test_the_id_of_a_string_is_the_string() -> None:
    made = make(STRING, length=16)
    assert made.id == made.outputs["result"]


def test_a_value_that_was_made_stays_the_same() -> None:
    made = make(PASSWORD, length=16)
    assert provider.diff(Subject(PASSWORD, "it"), made.inputs, made.inputs).changed == []
    found = provider.read(Subject(PASSWORD, "it", outputs=made.outputs), made.id, made.inputs)
    assert found == made


def test_another_length_makes_another_value() -> None:
    made = make(PASSWORD, length=16)
    changes = provider.diff(Subject(PASSWORD, "it"), made.inputs, {**made.inputs, "length": 20})
    assert changes.replaces == ["length"]


def test_a_changed_keeper_makes_another_value() -> None:
    made = make(PASSWORD, length=16, keepers={"generation": "1"})
    news = {**made.inputs, "keepers": {"generation": "2"}}
    assert provider.diff(Subject(PASSWORD, "it"), made.inputs, news).replaces == ["keepers"]


def test_an_id_is_the_same_bytes_in_every_notation() -> None:
    shown = make(ID, byteLength=4, prefix="mlops-").outputs
    assert shown["hex"].startswith("mlops-")
    value = int(shown["hex"].removeprefix("mlops-"), 16)
    assert shown["dec"] == f"mlops-{value}"
    assert len(shown["hex"]) == len("mlops-") + 8


def test_an_imported_id_is_read_back() -> None:
    made = make(ID, byteLength=8, prefix="p-")
    found = provider.read(Subject(ID, "it"), f"p-,{made.id}", {})
    assert found is not None
    assert found.outputs["hex"] == made.outputs["hex"]


@pytest.mark.parametrize(
    ("props", "reason"),
    [
        ({"length": 0}, "length: 0 given, at least 1"),
        ({"length": 3, "minUpper": 4}, "length: 3 given, at least 4"),
        ({"length": 8, "upper": False, "minUpper": 1}, "minUpper: 1 wanted, but upper is off"),
        (
            dict.fromkeys(("upper", "lower", "numeric", "special"), False) | {"length": 8},
            "no characters to choose from",
        ),
        ({}, "length: .* needs this property"),
        ({"length": 8, "number": True}, "number: .* does not honour this property"),
    ],
)
def test_what_cannot_be_made_is_refused(props: dict[str, Any], reason: str) -> None:
    assert re.search(reason, refused(PASSWORD, **props))


def test_an_id_of_no_bytes_is_refused() -> None:
    assert "byteLength: 0 given" in refused(ID, byteLength=0)


def test_an_unknown_length_is_not_judged_in_a_preview() -> None:
    assert not refused(PASSWORD, length=UNKNOWN)


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(PluginError, match="randomPet.*does not know this resource type"):
        make("random:index/randomPet:RandomPet")
