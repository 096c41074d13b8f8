"""The whole rehearsal of both committed stacks, once, and what it must have shown."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal import report
from rehearsal.report import Report, StepRecord
from rehearsal.scenario.lifecycle import lifecycle
from rehearsal.scenario.lineup import committed, lined_up
from rehearsal.scenario.world import project_root

pytestmark = [
    pytest.mark.rehearsal,
    pytest.mark.xdist_group("lifecycle"),
    pytest.mark.timeout(2400),
]

STACKS = ("production", "dr", "link")
STEPS = [
    (step.stack, step.title) for step in lifecycle(lined_up(STACKS, committed(project_root())))
]

StepOf = Callable[[str, str], StepRecord]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `mlops rehearse` wrote its report."""
    output = tmp_path_factory.mktemp("report")
    done = subprocess.run(
        [sys.executable, "-m", "ops.main", "rehearse", "--output", str(output)],
        cwd=project_root(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return output


@pytest.fixture(scope="module")
def written(folder: Path) -> Report:
    return report.read(folder / "rehearsal.json")


@pytest.fixture(scope="module")
def step_of(written: Report) -> StepOf:
    """The record of one step."""
    records = {(s.name, step.name): step for s in written.stacks for step in s.steps}
    return lambda stack, title: records[stack, title]


@pytest.mark.parametrize(("stack", "title"), STEPS)
def test_every_check_of_the_step_holds(step_of: StepOf, stack: str, title: str) -> None:
    checks = step_of(stack, title).checks
    assert checks
    assert [check for check in checks if not check.passed] == []


def test_a_failover_is_within_what_the_stack_file_declares(step_of: StepOf) -> None:
    found = step_of("dr", "failover").recovery
    assert found is not None
    assert 300 < found.rto_seconds <= found.rto_target_seconds
    assert 0 < found.rpo_seconds <= found.rpo_target_seconds
    assert 0 < found.software_seconds <= 60


def test_a_failback_and_a_drill_are_within_what_the_stack_file_declares(step_of: StepOf) -> None:
    back, drill = step_of("dr", "failback").failback, step_of("dr", "drill").drill
    assert back is not None
    assert 300 < back.outage_seconds <= back.outage_target_seconds
    assert 0 < back.software_seconds <= 60
    assert drill is not None
    assert 0 < drill.rpo_seconds <= drill.rpo_target_seconds
    assert 300 < drill.rto_seconds <= drill.rto_target_seconds


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_the_simulated_makespan_stays_near_the_critical_path(step_of: StepOf, stack: str) -> None:
    typical = step_of(stack, "up").typical
    assert typical is not None
    assert typical.makespan_seconds <= 1.05 * typical.critical_seconds
    assert typical.critical_path


def test_the_whole_of_production_takes_at_most_twenty_two_minutes(step_of: StepOf) -> None:
    """Simulated, in the typical case: Multi-AZ RDS alone takes almost fourteen, and nothing
    waits beside the slowest chain."""
    typical = step_of("production", "up").typical
    assert typical is not None
    assert 827 < typical.makespan_seconds <= 22 * 60
    assert typical.makespan_seconds <= 1.1 * typical.critical_seconds


def test_a_teardown_leaves_what_the_manifest_declares(written: Report) -> None:
    for stack in (one for one in written.stacks if one.name != "link"):
        assert stack.leftovers is not None
        kinds = {one.kind for one in stack.leftovers.found}
        assert any("key" in kind for kind in kinds)
        assert "bucket" in kinds
        assert stack.leftovers.missing == ()
        assert stack.leftovers.unexpected == ()


def test_the_page_needs_nothing_from_elsewhere(folder: Path) -> None:
    """Self-contained: no script, style, font or picture is fetched."""
    page = (folder / "rehearsal.html").read_text()
    fetched = re.findall(r"""(?:src|href)=["'](?!#)([^"']+)|url\((?!#)([^)]+)\)|@import""", page)
    assert [one for one in fetched if not one[0].startswith("data:")] == []
    assert "production" in page
    assert "<svg" in page
