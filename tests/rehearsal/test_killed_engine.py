"""`kill -9` of the real engine while it makes or deletes something: one recovery, then an `up`
that ends as if nothing had happened. No duplicates, no orphans, nothing pending."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from ops.resource_ids import FROM_ARN, identity
from rehearsal.engine import cloud_process
from rehearsal.engine.cloud_process import CloudProcess
from tests.infra.documents import committed, with_values
from tests.rehearsal.conftest import Program
from tests.rehearsal.crash import Drill, Operation, Verb

pytestmark = pytest.mark.rehearsal
LET_GO = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:secretsmanager/secretVersion:SecretVersion",
}
"""Types whose deletion calls nothing: they go with what they belong to."""


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudProcess]:
    """An account of each test's own: what a destroy leaves is nobody else's."""
    folder = tmp_path / "cloud"
    folder.mkdir()
    running = cloud_process.start(folder)
    yield running
    running.stop()


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
@pytest.mark.timeout(3600)
def test_each_creation_of_a_core_stack_may_be_the_engines_last(core: Drill) -> None:
    """In waves: all that can be under way at once is, and then the engine is killed."""
    created = core.announced()
    assert len(created) >= 80
    assert len({each.type for each in created}) >= 30
    assert _killed_at_each(core, "up", created) == set()
    _settled(core)
    assert core.resources().total() >= len(created)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_each_deletion_of_a_core_stack_may_be_the_engines_last(core: Drill) -> None:
    """In the same way."""
    assert core.stack.up().succeeded
    stays = _retained(core)
    deleted = [Operation("deleting", one["urn"]) for one in _made(core) if _goes(one)]
    assert _killed_at_each(core, "destroy", deleted) == LET_GO
    assert core.resources() == {}
    assert set(core.tagged()) <= stays


@pytest.fixture
def core(program: Program, cloud: CloudProcess, tmp_path: Path) -> Drill:
    """The platform's data layer; nothing of it is made yet."""
    return Drill(program("core", settings=_core()), cloud, "us-east-1", tmp_path)


def _killed_at_each(drill: Drill, verb: Verb, wanted: Sequence[Operation]) -> set[str]:
    """Each of the operations once, with a recovery after each death; types of those that change
    nothing in the account, at which nobody can be killed."""
    left, before = set(wanted), drill.kills
    while killed := drill.wave(verb, left):
        left -= killed
        drill.recover()
    print(
        f"{verb}: {drill.kills - before} deaths at {len(wanted) - len(left)} of {len(wanted)} "
        f"operations of {len({each.type for each in wanted})} types"
    )
    return {each.type for each in left}


def _made(drill: Drill) -> list[Mapping[str, Any]]:
    """What the state knows outside itself."""
    outside = ("aws:", "kubernetes:")
    return [one for one in _resources(drill) if one["type"].startswith(outside)]


def _goes(resource: Mapping[str, Any]) -> bool:
    return not resource.get("retainOnDelete") and not resource.get("external")


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


def _settled(drill: Drill) -> None:
    again = drill.stack.up()
    assert again.succeeded, again.output
    assert again.changed == {}, again.output
    there = drill.tagged()
    assert {tag: count for tag, count in there.items() if count > 1} == {}
    assert set(there) <= _identities(_resources(drill)), "nothing is forgotten"
    # What is found by its tag must be told by it; else a second one would not have been seen.
    marked = [one for one in _resources(drill) if one["type"] in FROM_ARN]
    assert _identities(marked) <= set(there)


def _resources(drill: Drill) -> list[Mapping[str, Any]]:
    return drill.stack.export()["deployment"].get("resources") or []


def _identities(resources: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every `mlops:id` of these."""
    known = (identity(cast("Mapping[str, object]", one["inputs"])) for one in resources
             if "inputs" in one)  # fmt: skip
    return {one for one in known if one}


def _retained(drill: Drill) -> set[str]:
    """Those of resources that a destroy leaves."""
    left = [one for one in _resources(drill) if one.get("retainOnDelete")]
    return {one for each in left if (one := identity(each["inputs"]))}
