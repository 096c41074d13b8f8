"""Backups: what is wrong with them is named; taken ones have names; restored ones are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.backups.command import wrong_backups
from ops.backups.objects import restore_model, restore_state
from ops.backups.take import backup_now, hour_name
from ops.errors import Refused
from ops.world.database import FAILED, Snapshot
from tests.ops.memory.clock import START
from tests.ops.memory.faults import Faults
from tests.ops.memory.region import BACKUPS, DATABASE, Region
from tests.ops.runbooks import STATE, TARGET, apply


def _wrong(region: Region, *, thoroughly: bool = True) -> list[str]:
    return wrong_backups(BACKUPS, region.reads(), thoroughly=thoroughly)


def test_good_backups_are_good() -> None:
    assert _wrong(Region()) == []
    assert _wrong(Region(), thoroughly=False) == []


def test_a_dump_that_is_not_what_was_dumped_is_named() -> None:
    region = Region()
    region.dump("2027/01/15/070000", b"garbled")
    (line,) = _wrong(region)
    assert line == (
        "s3://backups/postgres/2027/01/15/070000/mlflow.dump: its content is not what was dumped"
    )


def test_a_dump_that_is_gone_is_named() -> None:
    region = Region()
    region.objects.put("backups", "postgres/2027/01/15/060000/mlflow.dump", None)
    assert _wrong(region) == ["s3://backups/postgres/2027/01/15/060000/mlflow.dump: missing"]


def test_a_dump_that_was_not_finished_does_not_count() -> None:
    region = Region()
    region.objects.put("backups", "postgres/2027/01/15/070000/mlflow.dump", b"half")
    assert _wrong(region) == []


def test_a_dump_that_will_not_be_finished_any_more_is_told_until_there_is_a_newer_one() -> None:
    region = Region()
    region.objects.put("backups", "postgres/2027/01/15/070000/mlflow.dump", b"half")
    region.clock.sleep(3 * 3600)
    (line,) = _wrong(region)
    assert line == "s3://backups/postgres/2027/01/15/070000/: not finished, so this is no dump"
    region.dump("2027/01/15/090000")
    assert _wrong(region) == []


def test_an_old_dump_is_told() -> None:
    region = Region()
    region.clock.sleep(40 * 3600)
    (old, _) = _wrong(region)
    assert old.startswith("s3://backups/postgres/2027/01/15/060000/: newest dump: 42 h old")


def test_a_failed_snapshot_is_told_is_no_backup_and_goes_with_the_next_one(tmp_path: Path) -> None:
    region = Region()
    failed = Snapshot(name=f"{DATABASE}-a", status=FAILED, taken_at=START, encrypted=True)
    region.database.taken[DATABASE].append(failed)
    assert _wrong(region) == [
        f"snapshot {DATABASE}-a: failed, so this is no backup; the next mlops backup now removes it"
    ]
    with pytest.raises(Refused, match=rf"snapshot {DATABASE}-a: it failed.*--name"):
        apply(lambda _: backup_now(TARGET, DATABASE, "a"), region, tmp_path / "a.jsonl")
    assert apply(lambda _: backup_now(TARGET, DATABASE, "b"), region, tmp_path / "b.jsonl")
    names = [each.name for each in region.database.taken[DATABASE]]
    assert names == ["rds:nightly", f"{DATABASE}-b"]
    assert _wrong(region) == []


def test_no_dump_and_no_snapshot_are_told() -> None:
    region = Region()
    region.objects.content.clear()
    region.database.taken.clear()
    dump, snapshot = _wrong(region)
    assert dump == "s3://backups/postgres/: no dump"
    assert "newest snapshot: none, expected one of the last 36 hours" in snapshot


def test_old_and_unencrypted_snapshots_are_told() -> None:
    region = Region()
    (taken,) = region.database.taken[DATABASE]
    old = replace(taken, taken_at=START - 172_800, encrypted=False)
    region.database.taken[DATABASE] = [old]
    plain, age = _wrong(region)
    assert plain == "snapshot rds:nightly: not encrypted"
    assert "newest snapshot: 48 h old" in age


def test_a_backup_without_a_name_is_the_hours() -> None:
    assert hour_name(START) == "manual-2027011508"


def test_a_dump_that_failed_is_no_backup(tmp_path: Path) -> None:
    region = Region()
    region.cluster.ends_as = "failed"
    with pytest.raises(Refused, match="this is no backup.*--name"):
        apply(lambda _: backup_now(TARGET, DATABASE, "a"), region, tmp_path / "journal.jsonl")


def test_a_model_that_never_was_is_refused() -> None:
    with pytest.raises(Refused, match="nothing is or was there"):
        restore_model(TARGET, "models", "absent", Region().storage())


def test_a_version_that_never_was_is_refused_with_those_that_are() -> None:
    region = Region()
    region.objects.put("models", "a", b"1")
    with pytest.raises(Refused, match=r"--version v9: expected one of\n  v0 "):
        restore_model(TARGET, "models", "a", region.storage(), "v9")


def test_a_model_is_brought_back_as_it_was_and_the_rest_is_left_alone(tmp_path: Path) -> None:
    region = Region()
    for key, data in (("m/a", b"weights"), ("m/a", None), ("m/b", b"kept")):
        region.objects.put("models", key, data)
    make = _restoring("m")
    assert apply(make, region, tmp_path / "journal.jsonl")
    assert region.objects.text("models", "m/a") == "weights"
    assert len(region.objects.content["models", "m/b"]) == 1


def test_an_object_of_which_only_the_deletion_is_left_cannot_be_brought_back(
    tmp_path: Path,
) -> None:
    region = Region()
    region.objects.put("models", "m/a", None)
    with pytest.raises(Refused, match="only its deletion is left"):
        apply(_restoring("m"), region, tmp_path / "journal.jsonl")


def test_without_a_version_the_newest_ones_are_named() -> None:
    region = Region()
    for state in (b"1", b"2", b"3"):
        region.objects.put("state", STATE, state)
    with pytest.raises(Refused, match=r"(?s)expected one of\n  v2  written .*\n  v0 "):
        restore_state(TARGET, "state", region.storage())


def test_a_state_is_not_restored_under_an_engine_at_work(tmp_path: Path) -> None:
    region = Region(faults=Faults(sealed=True))
    for state in (b"1", b"2"):
        region.objects.put("state", STATE, state)
    lock = ".pulumi/locks/organization/mlops-platform/dr/0.json"
    region.objects.put("state", lock, b"{}")
    book = restore_state(TARGET, "state", region.storage(), "v0")
    with pytest.raises(Refused, match="pulumi cancel --stack dr"):
        apply(lambda _: book, region, tmp_path / "journal.jsonl")


def test_a_state_without_versions_is_refused() -> None:
    with pytest.raises(Refused, match="is the stack's name right"):
        restore_state(TARGET, "state", Region().storage())


def _restoring(prefix: str) -> Callable[[Any], Any]:
    return lambda reads: restore_model(TARGET, "models", prefix, reads)
