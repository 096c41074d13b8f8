"""The simulated clock reads the same, however the engine's threads happened to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal import report
from rehearsal.report.model import Simulated
from rehearsal.scenario.world import project_root

RUNS = 5


@pytest.mark.nightly
@pytest.mark.rehearsal
def test_five_rehearsals_take_the_same_simulated_time(tmp_path: Path) -> None:
    """Makespan, critical path and every operation's start, typical and slow."""
    found = [_deployment(tmp_path / str(run)) for run in range(RUNS)]
    assert all(one == found[0] for one in found[1:])


def _deployment(folder: Path) -> list[object]:
    folder.mkdir()
    command = [sys.executable, "-m", "rehearsal", "--stack", "production", "--no-whole"]
    done = subprocess.run(
        [*command, "--output", str(folder)], cwd=project_root(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    step = report.read(folder / "rehearsal.json").stacks[0].deployment
    assert step is not None
    assert step.typical is not None
    assert step.slow is not None
    return [*_told(step.typical), *_told(step.slow)]


def _told(simulated: Simulated) -> list[object]:
    path = [one.urn for one in simulated.critical_path]
    starts = sorted((one.urn, one.start, one.seconds) for one in simulated.operations)
    return [simulated.makespan_seconds, simulated.critical_seconds, path, starts]
