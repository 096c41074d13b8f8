"""A teardown leaves what its manifest declares, and nothing else."""

from __future__ import annotations

from rehearsal.leftovers.inventory import Item
from rehearsal.leftovers.manifest import compare

_DEFAULT_VPC = Item("us-east-1 vpc", "vpc-default")
_KEY = Item("us-east-1 key", "data", "pending deletion")


def test_what_was_there_before_does_not_count() -> None:
    assert compare(
        {_DEFAULT_VPC}, {_DEFAULT_VPC, _KEY}, ["us-east-1 key: data (pending deletion)"]
    ).agrees


def test_something_left_behind_undeclared_is_named() -> None:
    found = compare(
        set(), {_KEY, Item("role", "stray")}, ["us-east-1 key: data (pending deletion)"]
    )
    assert not found.agrees
    assert str(found) == "undeclared: role: stray"


def test_data_that_should_have_been_kept_is_named() -> None:
    found = compare(set(), set(), ["us-east-1 database snapshot: final"])
    assert str(found) == "absent: us-east-1 database snapshot: final"
