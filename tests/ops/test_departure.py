"""A region that is left while it lives: nothing is lost, and what cannot be sure is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.errors import Refused
from ops.failover.runbook import failover
from ops.failover.target import Consent
from tests.ops.memory.faults import Faults
from tests.ops.memory.platform import HOME_DATABASE, Platform
from tests.ops.memory.region import BACKUPS, DATABASE, FILES, LOST, STANDBY, wanted
from tests.ops.runbooks import SiteRunbook, apply, at_home, departure


def _run(platform: Platform, file: Path, make: Any = departure) -> bool:
    return apply(make, platform, file, reads=Platform.reads, world=Platform.world)


def _refused(platform: Platform, tmp_path: Path) -> str:
    platform.faults = Faults(sealed=True)
    with pytest.raises(Refused) as refused:
        _run(platform, tmp_path / "journal.jsonl")
    return str(refused.value)


def _without(name: str) -> Any:
    def make(both: Any) -> Any:
        book = departure(both)
        return replace(book, steps=[step for step in book.steps if step.name != name])

    return make


def test_no_acknowledged_row_is_lost_however_far_the_replica_is_behind(tmp_path: Path) -> None:
    platform = at_home()
    platform.away.database.behind = 40.0
    assert _run(platform, tmp_path / "journal.jsonl")
    assert platform.lost_rows(STANDBY) == []
    assert len(platform.writer.acknowledged) > 100


def test_without_waiting_for_the_last_write_rows_are_lost(tmp_path: Path) -> None:
    platform = at_home()
    platform.away.database.behind = 40.0
    _run(platform, tmp_path / "journal.jsonl", _without("last write"))
    assert platform.lost_rows(STANDBY)


def test_files_take_writes_once_they_have_all_from_before(tmp_path: Path) -> None:
    platform = at_home()
    began = platform.clock.now()
    _run(platform, tmp_path / "journal.jsonl")
    assert platform.away.files.replicates(FILES) is None
    assert platform.clock.now() - began >= platform.away.files.behind


def test_inference_and_nodes_are_ready_before_anybody_stops_writing() -> None:
    names = [step.name for step in departure(at_home().reads()).steps]
    assert names[:4] == ["nodes asked for", "nodes", "models", "epoch"]
    assert names.index("last write") < names.index("database")


def test_a_region_whose_agents_do_not_renew_is_not_left_so(tmp_path: Path) -> None:
    platform = at_home()
    platform.fence.alive = set()
    platform.clock.sleep(60)
    assert f"the agents of {LOST} do not renew their lease" in _refused(platform, tmp_path)


def test_a_region_that_does_not_tell_how_far_it_wrote_is_not_left_so(tmp_path: Path) -> None:
    platform = at_home()
    found = platform.home.database.instances[HOME_DATABASE]
    platform.home.database.instances[HOME_DATABASE] = replace(found, status="modifying")
    said = _refused(platform, tmp_path)
    assert f"{HOME_DATABASE} and {DATABASE} do not tell how far their logs are" in said


def test_a_replica_that_is_far_behind_is_waited_for_before_anybody_closes(tmp_path: Path) -> None:
    platform = at_home()
    platform.away.database.behind = 90.0
    assert f"{DATABASE} is 90 s behind; wait until it is at most 60 s" in _refused(
        platform, tmp_path
    )
    platform.away.database.behind = None
    assert f"{DATABASE} is not measured" in _refused(platform, tmp_path)


def test_a_region_that_lives_is_only_given_up_with_its_last_rows_knowingly(
    tmp_path: Path,
) -> None:
    platform = at_home()

    def make(consent: Consent) -> Any:
        def book(reads: Any) -> SiteRunbook:
            return failover(wanted(), consent, BACKUPS, reads)

        return book

    platform.home.traffic.primary_alive = platform.away.traffic.primary_alive = True
    with pytest.raises(Refused, match="leave it with --planned"):
        apply(make(Consent(lost=True)), platform.away, tmp_path / "one.jsonl")
    assert apply(make(Consent(lost=True, loss=True)), platform.away, tmp_path / "two.jsonl")
