"""Repairs change properties in place, and nothing that they do not know."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from policies.finding import Broken
from policies.properties import SECRET, SIGNATURE, Malformed, Unknown
from policies.repair import Draft, breaks
from policies.subject import Subject
from tests.policies.scene import UNKNOWN, recorded, secret, settings_of

ONE = recorded("aws:ec2/vpc:Vpc").subject(settings_of("primary"))


def _marked(raw: dict[str, Any], key: str) -> Draft:
    draft = Draft(raw)
    for below in draft.each(key):
        below.set("on", True)
    return draft


@pytest.mark.parametrize("hidden", ["nothing", "the object", "the list"])
def test_each_object_of_a_list_is_changed_where_it_stands(hidden: str) -> None:
    disks: list[Any] = [{"on": False}, secret({"on": False}), UNKNOWN]
    spec = {"disks": secret(disks) if hidden == "the list" else disks}
    raw = {"spec": secret(spec) if hidden == "the object" else spec}
    assert _marked(raw, "spec.disks").changed
    assert disks == [{"on": True}, secret({"on": True}), UNKNOWN]


def test_an_object_that_stands_without_a_list_is_changed_too() -> None:
    raw = {"disk": {"on": False}}
    assert _marked(raw, "disk").changed
    assert raw == {"disk": {"on": True}}


@pytest.mark.parametrize("raw", [{}, {"spec": UNKNOWN}, {"spec": {"disks": UNKNOWN}}])
def test_nothing_is_changed_in_a_list_that_is_not_known(raw: dict[str, Any]) -> None:
    assert not _marked(raw, "spec.disks").changed


def test_a_list_that_is_right_already_is_not_changed() -> None:
    assert not _marked({"disks": [{"on": True}]}, "disks").changed
    changed_first = _marked({"disks": [{"on": False}, {"on": True}]}, "disks")
    assert changed_first.changed


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ({}, {"a": {"b": True}}),
        ({"a": {"c": 1}}, {"a": {"b": True, "c": 1}}),
        ({"a": [{"c": 1}]}, {"a": [{"b": True, "c": 1}]}),
        ({"a": secret({"b": False})}, {"a": secret({"b": True})}),
        ({"a": secret([{"b": False}])}, {"a": secret([{"b": True}])}),
        ({"a": [secret({"b": False})]}, {"a": [secret({"b": True})]}),
    ],
)
def test_a_dotted_key_is_set_where_it_stands(raw: dict[str, Any], wanted: object) -> None:
    draft = Draft(raw)
    draft.set("a.b", True)
    assert (raw, draft.changed) == (wanted, True)


@pytest.mark.parametrize(
    "value",
    [
        {"b": True}, {"b": UNKNOWN}, UNKNOWN, "text", [], [{"b": 1}, {"b": 2}],
        {SIGNATURE: SECRET, "ciphertext": "v1:x"},
    ],
)  # fmt: skip
def test_what_is_right_unknown_sealed_or_of_another_shape_stays(value: Any) -> None:
    raw, draft = {"a": copy.deepcopy(value)}, Draft({"a": value})
    draft.set("a.b", True)
    assert (draft.raw, draft.changed) == (raw, False)


def test_a_place_in_a_list_is_set_if_it_is_there() -> None:
    draft = Draft({"a": [{}, {}]})
    draft.put(["a", 1], "b", True)
    assert draft.raw == {"a": [{}, {"b": True}]}


@pytest.mark.parametrize("value", [[{}, {}], {"x": 1}, "xyz", UNKNOWN])
def test_a_place_that_is_not_there_is_not_made(value: Any) -> None:
    raw, draft = {"a": copy.deepcopy(value)}, Draft({"a": value})
    draft.put(["a", 2], "b", True)
    assert (draft.raw, draft.changed) == (raw, False)


def _found(_one: Subject) -> Iterator[Broken]:
    yield Broken("a", "b", "c")


def _nothing(_one: Subject) -> Iterator[Broken]:
    yield from ()


def _unknown(_one: Subject) -> Iterator[Broken]:
    yield from ()
    raise Unknown("a")


def _malformed(_one: Subject) -> Iterator[Broken]:
    yield from ()
    raise Malformed("a", "b", "c")


def test_what_is_unknown_is_not_broken_and_what_is_malformed_is() -> None:
    told = [breaks(ONE, predicate) for predicate in (_found, _nothing, _unknown, _malformed)]
    assert told == [True, False, False, True]
