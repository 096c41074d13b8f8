"""`kill -9` of the real engine while it makes or deletes something: one recovery, then an `up`
that ends as if nothing had happened. No duplicates, no orphans, nothing pending."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from ops.resource_ids import identity
from rehearsal.engine.cloud_process import CloudProcess
from tests.infra.documents import committed, with_values
from tests.rehearsal.conftest import Program
from tests.rehearsal.crash import Drill, Verb

pytestmark = pytest.mark.rehearsal


@pytest.mark.parametrize(
    "at", [3, *(pytest.param(at, marks=pytest.mark.nightly) for at in (1, 2, 4, 5, 6))]
)
def test_what_was_under_way_is_neither_made_twice_nor_lost(
    program: Program, cloud: CloudProcess, tmp_path: Path, at: int
) -> None:
    drill = Drill(program("few_resources"), cloud, "us-west-2", tmp_path)
    assert drill.kill("up", at)
    drill.recover()
    assert drill.stack.up().succeeded
    _settled(drill)
    assert drill.kill("destroy", at)
    drill.recover()
    assert drill.stack.destroy().succeeded
    assert drill.resources() == {}


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_each_operation_of_a_core_stack_may_be_the_engines_last(
    program: Program, cloud: CloudProcess, tmp_path: Path
) -> None:
    drill = Drill(program("core", settings=_core()), cloud, "us-east-1", tmp_path)
    drill.stack.parallel = 1
    made = _until_done(drill, "up")
    known = drill.resources()
    assert made >= known.total() >= 80
    assert len(known) >= 30
    _settled(drill)
    stays = _retained(drill)
    assert _until_done(drill, "destroy") >= known.total() - len(stays)
    assert drill.resources() == {}
    assert set(drill.tagged()) <= stays


def _core() -> str:
    """Production without what lives outside the account, and with data that can be deleted."""
    changes = {
        "identity.permissions_boundary": None,
        "protect_data": False,
        "prefix": "mlops-core",
        "peer": None,
        "recovery.witness_region": None,
    }
    document = with_values(committed("production"), changes)
    return json.dumps(document)


def _until_done(drill: Drill, verb: Verb) -> int:
    """Kill at the first operation that is left, recover, and again; how often."""
    before = len(drill.kills)
    while drill.kill(verb, 1):
        drill.recover()
    return len(drill.kills) - before


def _settled(drill: Drill) -> None:
    again = drill.stack.up()
    assert again.succeeded, again.output
    assert again.changed == {}, again.output
    there = drill.tagged()
    assert {tag: count for tag, count in there.items() if count > 1} == {}
    assert set(there) == _identities(drill)


def _resources(drill: Drill) -> list[Mapping[str, Any]]:
    return drill.stack.export()["deployment"].get("resources") or []


def _identities(drill: Drill) -> set[str]:
    """Every `mlops:id` that the state knows."""
    known = (identity(cast("Mapping[str, object]", one["inputs"])) for one in _resources(drill)
             if "inputs" in one)  # fmt: skip
    return {one for one in known if one}


def _retained(drill: Drill) -> set[str]:
    """Those of resources that a destroy leaves."""
    left = [one for one in _resources(drill) if one.get("retainOnDelete")]
    return {one for each in left if (one := identity(each["inputs"]))}
