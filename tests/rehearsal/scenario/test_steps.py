"""Steps judge what they see: each check passes on the right outcome and fails on a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from rehearsal.engine.events import Tally
from rehearsal.engine.pulumi import Outcome
from rehearsal.leftovers.inventory import Item
from rehearsal.scenario import steps
from rehearsal.scenario.account import Call
from rehearsal.scenario.verdict import Verdict
from rehearsal.scenario.world import World

_EMPTY: dict[str, Any] = {"deployment": {"resources": []}}
_FULL: dict[str, Any] = {"deployment": {"resources": [{"urn": "u", "type": "t"}]}}


def _outcome(
    changes: dict[str, int],
    *,
    exit_code: int = 0,
    errors: Sequence[str] = (),
    refused: Sequence[str] = (),
    judged: bool = True,
) -> Outcome:
    tally = Tally(changes=changes, errors=list(errors), refused=list(refused), judged=judged)
    return Outcome("up", exit_code, 1.0, 100.0, tally, [], Path("log"), "")


@dataclass
class FakeStack:
    """An engine that answers every command with one outcome."""

    outcome: Outcome
    state: dict[str, Any] = field(default_factory=lambda: _FULL)

    def preview(self, watch: object) -> Outcome:
        return self.outcome

    def up(self, watch: object, *, judged: bool = True) -> Outcome:
        return self.outcome

    def refresh(self, watch: object) -> Outcome:
        return self.outcome

    def destroy(self, watch: object, *, preview: bool = False) -> Outcome:
        return self.outcome

    def export(self) -> dict[str, Any]:
        return self.state


@dataclass
class FakeAccount:
    """An account whose calls and items are given; items may differ from look to look."""

    made: Sequence[Call] = ()
    looks: list[frozenset[Item]] = field(default_factory=list[frozenset[Item]])

    def calls(self, after: int = 0) -> Sequence[Call]:
        return [call for call in self.made if call.number > after]

    def items(self, regions: object) -> frozenset[Item]:
        return self.looks.pop(0) if self.looks else frozenset()


class FakeWorkspace:
    """Takes edits and does nothing with them."""

    def edit(self, stack: str, change: object) -> None:
        """Nothing to edit."""


class FakeWorld(World):
    """A world in which no calls have been made yet when a step starts."""

    def last_call(self) -> int:
        return 0


def _world(
    outcome: Outcome, account: FakeAccount | None = None, state: dict[str, Any] = _FULL
) -> World:
    return FakeWorld(
        workspace=cast("Any", None),
        cloud=cast("Any", None),
        account=cast("Any", account or FakeAccount()),
        stacks=cast("Any", {"production": FakeStack(outcome, state)}),
        regions={"production": ["us-east-1"]},
        reached=["us-east-1"],
    )


def _failed(verdict: Verdict) -> list[str]:
    return [check.name for check in verdict.checks if not check.passed]


def _call(operation: str, region: str = "us-east-1", service: str = "ec2") -> Call:
    return Call(1, service, region, operation, 200)


def test_a_preview_that_writes_is_caught() -> None:
    account = FakeAccount([_call("DescribeVpcs"), _call("CreateVpc")])
    verdict = steps.preview(_world(_outcome({"create": 2}), account), "production")
    assert _failed(verdict) == ["no call that writes"]
    assert "ec2:CreateVpc in us-east-1" in verdict.checks[1].detail


def test_a_quiet_preview_passes() -> None:
    account = FakeAccount([_call("DescribeVpcs")])
    assert steps.preview(_world(_outcome({"create": 2}), account), "production").passed


@pytest.mark.parametrize(
    ("refused", "judged"), [(["bucket-versioned at models"], True), ([], False)]
)
def test_what_no_policy_pack_let_pass_is_caught(refused: list[str], judged: bool) -> None:
    world = _world(_outcome({"create": 2}, refused=refused, judged=judged))
    for step in (steps.preview, steps.deploy):
        assert _failed(step(world, "production")) == ["the policy pack refuses nothing"]


@pytest.mark.parametrize(
    ("outcome", "failed"),
    [
        (_outcome({}, exit_code=1, refused=["data-protected at models"]), []),
        (_outcome({}, exit_code=1, refused=["tags-present at models"]), ["for data-protected"]),
        (_outcome({"update": 9}), ["the engine refuses", "for data-protected"]),
    ],
)
def test_a_policy_pack_that_lets_protection_be_lifted_is_caught(
    outcome: Outcome, failed: list[str]
) -> None:
    world = _world(outcome)
    world.workspace = cast("Any", FakeWorkspace())
    run = steps.refused_lifting(lambda _: None)
    assert _failed(run(world, "production")) == failed


def test_a_resource_in_the_wrong_region_is_caught() -> None:
    account = FakeAccount([_call("CreateVpc"), _call("CreateSubnet", "eu-west-1")])
    verdict = steps.deploy(_world(_outcome({"create": 2}), account), "production")
    assert _failed(verdict) == ["regional calls stay in us-east-1"]


def test_services_without_regions_may_be_called_anywhere() -> None:
    account = FakeAccount([_call("CreateRole", "us-west-2", "iam")])
    assert steps.deploy(_world(_outcome({"create": 2}), account), "production").passed


def test_a_deployment_that_the_preview_did_not_announce_is_caught() -> None:
    world = _world(_outcome({"create": 2}))
    world.created["production"] = 3
    assert _failed(steps.deploy(world, "production")) == ["the preview announced it all"]


def test_a_second_up_that_changes_something_is_caught() -> None:
    assert steps.deploy_again()(_world(_outcome({"same": 9})), "production").passed
    verdict = steps.deploy_again()(_world(_outcome({"same": 8, "update": 1})), "production")
    assert _failed(verdict) == ["nothing changes"]
    assert verdict.checks[1].detail == "1 update"


def test_drift_is_caught() -> None:
    verdict = steps.refresh(_world(_outcome({"same": 8, "update": 1})), "production")
    assert _failed(verdict) == ["nothing changes"]


def test_an_edit_that_replaces_where_an_update_was_expected_is_caught() -> None:
    world = _world(_outcome({"update": 1, "replace": 1}))
    world.workspace = cast("Any", FakeWorkspace())
    run = steps.edit("title", lambda _: None, "update")
    assert _failed(run(world, "production")) == ["some resources change, all by update"]


def test_an_edit_that_changes_nothing_is_caught() -> None:
    world = _world(_outcome({"same": 9}))
    world.workspace = cast("Any", FakeWorkspace())
    run = steps.edit("title", lambda _: None, "update")
    assert not run(world, "production").passed


def test_a_destroy_that_takes_protected_data_is_caught() -> None:
    bucket = Item("bucket", "models")
    account = FakeAccount(looks=[frozenset({bucket}), frozenset()])
    verdict = steps.refused_destroy(_world(_outcome({"delete": 1}), account), "production")
    assert _failed(verdict) == ["the engine refuses", "it names the protection", "nothing is lost"]


def test_a_refused_destroy_passes() -> None:
    refusal = _outcome({}, exit_code=255, errors=["resource is protected"])
    assert steps.refused_destroy(_world(refusal), "production").passed


@pytest.mark.parametrize(("state", "passed"), [(_EMPTY, True), (_FULL, False)])
def test_a_destroy_leaves_no_resource_in_the_state(state: dict[str, Any], passed: bool) -> None:
    assert (
        steps.destroy(_world(_outcome({"delete": 3}), state=state), "production").passed is passed
    )


def test_leftovers_are_held_to_the_manifest_of_what_is_gone() -> None:
    stray = FakeAccount(looks=[frozenset({Item("role", "stray")})])
    world = _world(_outcome({}), stray, _EMPTY)
    verdict = steps.leftovers(world, "production")
    assert not verdict.passed
    assert "undeclared: role: stray" in verdict.checks[0].detail
