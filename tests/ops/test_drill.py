"""A drill: what it leaves alone, what it measures, and what it says where a target is missed."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops import journal
from ops.drill.command import Drilled, carried
from ops.drill.runbook import drill, scratch_name
from ops.errors import GoalNotReached, Refused
from ops.executor import Hands
from ops.failover.steps import failover_steps
from ops.failover.target import Failover
from ops.progress import PlainProgress
from ops.run import Options
from ops.world.scratch import DrillReads, DrillWorld
from tests.ops.memory.faults import Faults
from tests.ops.memory.region import BACKUPS, DATABASE, Region, wanted
from tests.ops.memory.scratch import PROMOTION_SECONDS
from tests.ops.runbooks import TARGET

NAME = "2026112804"


class Operator:
    """Runs drills on a region; keeps what they say."""

    def __init__(self, region: Region, folder: Path) -> None:
        self.region, self.folder = region, folder
        self.said: list[str] = []

    def drill(self, name: str = NAME, *, apply: bool = True, **changes: Any) -> int:
        """The exit status."""
        goal: Failover = wanted(**changes)
        drilled = Drilled(
            name=name,
            wanted=goal,
            failover=failover_steps(goal, installed=True),
            report=self.folder / f"{name}.json",
        )
        hands: Hands[DrillReads, DrillWorld] = Hands(
            reads=self.region.drill_reads(),
            world=self.region.drill_world(),
            clock=self.region.clock,
            progress=PlainProgress(self.said.append),
            confirm=lambda _: True,
        )
        path = self.folder / f"{name}.jsonl"
        options = Options(project=self.folder, apply=apply, journal=path)
        return carried(drilled, drill(goal, TARGET, BACKUPS, name), hands, options)

    def report(self, name: str = NAME) -> dict[str, Any]:
        """What the last drill wrote."""
        return json.loads((self.folder / f"{name}.json").read_text())


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(Region(), tmp_path)


def test_a_drill_changes_nothing_but_what_it_made(operator: Operator) -> None:
    region = operator.region
    before = deepcopy(region.state())
    assert operator.drill() == 0
    after = region.state()
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed == {"scratch.notes"}
    assert {call.partition(".")[0] for call in region.faults.calls} == {"scratch"}


def test_its_recovery_time_has_the_promotion_that_it_measured(operator: Operator) -> None:
    operator.drill()
    quick = operator.report()
    assert PROMOTION_SECONDS <= quick["measured"]["database"] <= PROMOTION_SECONDS + 10
    assert quick["rto_seconds"] < 1_800
    assert quick["rpo_seconds"] == 4.0
    assert quick["within"]
    assert "database" not in quick["assumed"]
    assert "files" in quick["assumed"]
    told = "\n".join(operator.said)
    assert f"RTO {quick['rto_seconds']:.0f} s of 1800 s" in told
    assert "RPO 4 s of 900 s" in told


def test_a_missed_target_ends_with_1(operator: Operator) -> None:
    assert operator.drill(rto_seconds=600.0) == 1
    assert "A TARGET IS MISSED" in operator.said
    assert not operator.report()["within"]


def test_a_drill_that_is_over_tells_its_figures_again(operator: Operator) -> None:
    operator.drill()
    first = operator.report()
    (operator.folder / f"{NAME}.json").unlink()
    operator.region.faults = Faults(sealed=True)
    assert operator.drill() == 0
    assert operator.report() == first


def test_the_next_drill_removes_what_one_left_that_was_given_up(operator: Operator) -> None:
    region = operator.region
    region.faults = Faults(kind="refusal", verb=2)
    with pytest.raises(Refused):
        operator.drill("given")
    assert region.scratch.drilled() == [scratch_name(DATABASE, "given")]
    region.clock.sleep(3_600)
    assert operator.drill("next") == 0
    assert region.scratch.drilled() == []


def test_cold_models_stop_it_before_anything_is_made(operator: Operator) -> None:
    operator.region.probe.broken = {"churn"}
    with pytest.raises(GoalNotReached, match="--without"):
        operator.drill()
    assert operator.region.faults.calls == []
    assert operator.drill(models=()) == 0


def test_a_standby_that_could_not_take_over_is_not_drilled(operator: Operator) -> None:
    operator.region.cluster.quotas = {}
    operator.region.database.behind = 5_000.0
    operator.region.faults = Faults(sealed=True)
    assert operator.drill(apply=False) == 1
    with pytest.raises(Refused, match=r"(?s)replica's lag.*GPU quota"):
        operator.drill()


def test_a_primary_is_not_drilled(operator: Operator) -> None:
    known = operator.region.database.instances
    known[DATABASE] = replace(known[DATABASE], follows=None)
    operator.region.declaration.deployed = "primary"
    with pytest.raises(Refused, match="drill the region that is the standby now"):
        operator.drill()


def test_a_copy_that_differs_from_the_standby_is_refused(operator: Operator) -> None:
    operator.region.faults = Faults(kind="refusal", verb=2)
    with pytest.raises(Refused):
        operator.drill()
    operator.region.clock.sleep(3_600)
    made = operator.region.scratch.made
    name = scratch_name(DATABASE, NAME)
    made[name] = replace(made[name], encryption_key="another")
    with pytest.raises(Refused, match="encryption_key: another, expected key"):
        operator.drill()


def test_a_copy_that_lacks_rows_of_the_standby_is_never_promoted(operator: Operator) -> None:
    operator.region.scratch.missing = 1
    with pytest.raises(GoalNotReached, match="has every row that the standby has"):
        operator.drill()
    assert "scratch.promote" not in operator.region.faults.calls


def test_two_drills_at_once_are_one_too_many(operator: Operator) -> None:
    lock = operator.folder / ".mlops" / "journals" / f"drills-{TARGET.stack}.lock"
    with (
        journal.opened(lock, "drill", TARGET),
        pytest.raises(Refused, match="another process runs this runbook"),
    ):
        operator.drill()


def test_a_plan_makes_no_file(operator: Operator) -> None:
    operator.region.faults = Faults(sealed=True)
    assert operator.drill(apply=False) == 0
    assert list(operator.folder.iterdir()) == []
    assert any("to do    database" in line for line in operator.said)
