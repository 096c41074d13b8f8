"""Repairs change properties in place, and nothing that they do not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policies.finding import Broken
from policies.properties import Malformed, Unknown
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
