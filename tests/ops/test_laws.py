"""The laws that hold for every runbook: planning writes nothing, a second run does nothing, and
an interruption anywhere is resumed by the same command."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import cast, get_args

import pytest

from ops.errors import RunbookError
from ops.step import findings
from ops.world.database import Snapshot
from tests.ops.memory.faults import Faults, Killed, Kind, Moment
from tests.ops.memory.region import Region
from tests.ops.runbooks import CASES, Case

RUNBOOKS = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
KINDS: tuple[Kind, ...] = get_args(Kind)
MOMENTS: tuple[Moment, ...] = get_args(Moment)


def _verbs(case: Case, folder: Path) -> int:
    """How many verbs the runbook calls when nothing goes wrong."""
    region = case.region()
    case.apply(region, folder / "undisturbed.jsonl")
    return len(region.faults.calls)


def _settled(region: Region) -> dict[str, object]:
    """The state once everything that is under way is done."""
    region.clock.sleep(10_000)
    state = region.state()
    # Moments differ by how long the interruption lasted.
    moments = ("fence.record", "traffic.published", "database.taken", "files.began")
    kept = {name: value for name, value in state.items() if not name.endswith(moments)}
    snapshots = {
        name: _named(cast("dict[str, list[Snapshot]]", taken))
        for name, taken in state.items()
        if name.endswith("database.taken")
    }
    return {**kept, **snapshots}


def _named(taken: dict[str, list[Snapshot]]) -> dict[str, list[tuple[str, str]]]:
    return {name: [(each.name, each.status) for each in found] for name, found in taken.items()}


@RUNBOOKS
def test_planning_writes_nothing(case: Case) -> None:
    region = case.region()
    region.faults.sealed = True
    before = deepcopy(region.state())
    assert case.left(region)
    seen = case.reads(region)
    findings(case.make(seen).checks, seen)
    assert region.state() == before


@RUNBOOKS
def test_a_run_reaches_every_goal(case: Case, tmp_path: Path) -> None:
    region = case.region()
    assert case.apply(region, tmp_path / "journal.jsonl")
    assert case.left(region) == []


@RUNBOOKS
def test_a_second_run_does_nothing(case: Case, tmp_path: Path) -> None:
    region, journal = case.region(), tmp_path / "journal.jsonl"
    case.apply(region, journal)
    written = journal.read_text()
    region.faults = Faults(sealed=True)
    assert not case.apply(region, journal)
    assert journal.read_text() == written


@RUNBOOKS
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_wrong_at_any_verb_is_resumed_by_the_same_command(
    case: Case, kind: Kind, moment: Moment, tmp_path: Path
) -> None:
    undisturbed = case.region()
    case.apply(undisturbed, tmp_path / "undisturbed.jsonl")
    expected = _settled(undisturbed)
    for verb in range(1, _verbs(case, tmp_path) + 1):
        region, journal = case.region(), tmp_path / f"{kind}-{moment}-{verb}.jsonl"
        region.faults = Faults(kind=kind, moment=moment, verb=verb)
        epochs = [_epoch(region)]
        for _ in range(2):
            try:
                case.apply(region, journal)
            except (RunbookError, Killed):
                region.clock.sleep(1)
            epochs.append(_epoch(region))
        assert case.left(region) == [], (kind, moment, verb)
        assert _settled(region) == expected, (kind, moment, verb)
        assert epochs == sorted(epochs)
        assert epochs[-1] - epochs[0] <= 1, "one run, one epoch"


def _epoch(region: Region) -> int:
    record = region.fence.current()
    return record.epoch if record else 0


@RUNBOOKS
def test_a_journal_tells_each_step_once_it_is_done_and_how_the_run_ended(
    case: Case, tmp_path: Path
) -> None:
    region, journal = case.region(), tmp_path / "journal.jsonl"
    case.apply(region, journal)
    lines = journal.read_text().splitlines()
    assert '"event":"begun"' in lines[0]
    assert '"event":"finished"' in lines[-1]
    assert all(line.startswith("{") for line in lines)
