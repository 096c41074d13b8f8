"""What a failback keeps: every acknowledged row, one writer at a time, a way back; what it refuses,
and what it says to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops import journal
from ops.errors import GoalNotReached, Refused, Retryable, RunbookError
from ops.failback.abort import abort
from ops.failback.runbook import failback
from ops.report import handover_lines, report
from ops.world.database import Instance
from ops.world.fence import Fence
from ops.world.pair import PairReads
from tests.ops.memory.clock import START
from tests.ops.memory.databases import MemoryDatabases
from tests.ops.memory.faults import Faults, Killed
from tests.ops.memory.platform import (
    AWAY_BACKUPS,
    EPOCH,
    HOME_DATABASE,
    HOME_FILES,
    STANDBY_NODES,
    Platform,
    returning,
)
from tests.ops.memory.region import DATABASE, FILES, LOST, STANDBY
from tests.ops.runbooks import SiteRunbook, apply, departure, handed_over

ASIDE = f"{HOME_DATABASE}-before-e{EPOCH + 1}"
RETIRED = f"{DATABASE}-before-e{EPOCH + 1}"
Confirm = Callable[[str], bool]


def _book(reads: PairReads) -> SiteRunbook:
    return failback(returning(), AWAY_BACKUPS, reads)


def _run(
    platform: Platform,
    file: Path,
    make: Callable[[Any], SiteRunbook] = _book,
    confirm: Confirm = lambda _: True,
) -> bool:
    return apply(make, platform, file, confirm, reads=Platform.reads, world=Platform.world)


def _refused(platform: Platform, tmp_path: Path, make: Callable[[Any], SiteRunbook] = _book) -> str:
    """What it says when it refuses; nothing must have been changed."""
    platform.faults = Faults(sealed=True)
    with pytest.raises(Refused) as refused:
        _run(platform, tmp_path / "journal.jsonl", make)
    return str(refused.value)


def _without(name: str) -> Callable[[PairReads], SiteRunbook]:
    def make(reads: PairReads) -> SiteRunbook:
        book = _book(reads)
        return replace(book, steps=[step for step in book.steps if step.name != name])

    return make


def test_no_acknowledged_row_is_lost_however_far_the_copy_is_behind(tmp_path: Path) -> None:
    platform = Platform()
    platform.home.database.behind = 40.0
    _run(platform, tmp_path / "journal.jsonl")
    assert len(platform.writer.acknowledged) > 100
    assert platform.lost_rows(LOST) == []


def test_without_waiting_for_the_last_write_rows_are_lost(tmp_path: Path) -> None:
    platform = Platform()
    platform.home.database.behind = 40.0
    _run(platform, tmp_path / "journal.jsonl", _without("last write"))
    assert platform.lost_rows(LOST)


def test_twenty_planned_rounds_lose_no_acknowledged_row(tmp_path: Path) -> None:
    platform, epochs = Platform(), [EPOCH]
    for number in range(20):
        _run(platform, tmp_path / f"back-{number}.jsonl")
        assert platform.lost_rows(LOST) == []
        epochs.append(_epoch(platform))
        _fail_over_as_planned(platform, tmp_path / f"over-{number}.jsonl")
        assert platform.lost_rows(STANDBY) == []
        epochs.append(_epoch(platform))
    assert epochs == list(range(EPOCH, EPOCH + 41))
    assert len(platform.writer.acknowledged) > 20 * 100


def _fail_over_as_planned(platform: Platform, file: Path) -> None:
    _run(platform, file, departure)
    platform.clock.sleep(60)


def _epoch(platform: Platform) -> int:
    record = platform.fence.current()
    return record.epoch if record else 0


def test_nobody_ever_writes_to_what_the_lost_region_had(tmp_path: Path) -> None:
    platform = Platform()
    before = platform.rows.of("db-OLD")
    _run(platform, tmp_path / "journal.jsonl")
    assert platform.rows.of("db-OLD") == before
    assert platform.home.database.instances[ASIDE].resource_id == "db-OLD"


def test_both_regions_end_as_they_were_before_the_loss(tmp_path: Path) -> None:
    platform = Platform()
    _run(platform, tmp_path / "journal.jsonl")
    here = platform.home.database.instances[HOME_DATABASE]
    there = platform.away.database.instances[DATABASE]
    assert here.writable
    assert here.encryption_key == "key-home"
    assert there.follows == here.arn
    assert set(platform.away.database.instances) == {DATABASE}
    assert [each.name for each in platform.away.database.taken[RETIRED]] == [f"{RETIRED}-final"]
    assert platform.home.files.replicates(HOME_FILES) is None
    assert platform.away.files.replicates(FILES) == HOME_FILES
    assert platform.away.declaration.deployed == "standby"
    assert platform.home.declaration.adopted == here.resource_id
    assert platform.away.declaration.adopted == there.resource_id
    assert not platform.away.traffic.schedule
    assert not platform.home.files.takes_copies(HOME_FILES)
    groups = platform.away.cluster.groups
    assert {name: group.desired for name, group in groups.items()} == STANDBY_NODES


def test_the_next_failover_finds_a_standby(tmp_path: Path) -> None:
    platform = Platform()
    _run(platform, tmp_path / "journal.jsonl")
    _fail_over_as_planned(platform, tmp_path / "over.jsonl")
    assert platform.away.database.instances[DATABASE].writable


def test_names_of_what_cannot_be_undone_are_asked_for_before_anything(tmp_path: Path) -> None:
    platform, asked = Platform(), list[str]()

    def confirm(name: str) -> bool:
        asked.append(name)
        return name == HOME_DATABASE

    platform.faults = Faults(sealed=True)
    with pytest.raises(Refused, match=f"--confirm {DATABASE}"):
        _run(platform, tmp_path / "journal.jsonl", confirm=confirm)
    assert asked == [HOME_DATABASE, DATABASE]


def test_the_report_tells_how_long_writes_were_away_and_not_how_long_the_copy_took(
    tmp_path: Path,
) -> None:
    platform = Platform()
    _run(platform, tmp_path / "journal.jsonl")
    log = journal.seen(tmp_path / "journal.jsonl", "failback", returning().target)
    found = report(_book(platform.reads()), log.run())
    assert found.epoch == EPOCH + 1
    assert 300 < found.rto_seconds < 900
    assert sum(step.seconds for step in found.steps) > 3_000
    assert "writes were away for" in "\n".join(handover_lines(found, 1_800))


def test_models_answer_at_home_before_the_handover(tmp_path: Path) -> None:
    platform = Platform()
    platform.home.probe.broken = {"churn"}
    with pytest.raises(GoalNotReached, match="--without"):
        _run(platform, tmp_path / "journal.jsonl")
    assert platform.fence.admits(STANDBY)


def _no_fence(platform: Platform) -> None:
    platform.fence.record = None


def _a_strangers_fence(platform: Platform) -> None:
    platform.fence.record = Fence(holder="eu-west-1", epoch=9, lease_until=START)


def _half_a_failover(platform: Platform) -> None:
    platform.away.declaration.deployed = "standby"


def _no_primary(platform: Platform) -> None:
    del platform.away.database.instances[DATABASE]


def _no_agents_at_home(platform: Platform) -> None:
    platform.fence.record = Fence(holder=STANDBY, epoch=5, lease_until=0, opens_at=START + 9)


def _no_old_database(platform: Platform) -> None:
    del platform.home.database.instances[HOME_DATABASE]


def _somebody_elses_replica(platform: Platform) -> None:
    known = platform.home.database.instances
    known[HOME_DATABASE] = replace(known[HOME_DATABASE], follows="arn:x")


def _no_quota(platform: Platform) -> None:
    platform.home.cluster.quotas.clear()


def _no_gpu_nodes(platform: Platform) -> None:
    del platform.home.cluster.groups["gpu-1"]


def _no_snapshot(platform: Platform) -> None:
    platform.away.database.taken.clear()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_no_fence, "nobody holds it; start the lease agents"),
        (_a_strangers_fence, "held by 'eu-west-1', which is neither of the two regions"),
        (_half_a_failover, "role primary, deployed as standby; finish it first: mlops failover"),
        (_no_primary, f"{DATABASE} is not there; wait until it is available"),
        (_no_agents_at_home, "have not said that its database is closed; see that they run there"),
        (_no_old_database, "restore it from a snapshot"),
        (_somebody_elses_replica, "follows arn:x; whose replica is it? delete it"),
        (_no_quota, "ask for more of L-DB2E81BA in us-east-1"),
        (_no_gpu_nodes, "deploy the stack of us-east-1 first"),
        (_no_snapshot, "mlops backup now --stack dr --apply"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(
    change: Callable[[Platform], None], said: str, tmp_path: Path
) -> None:
    platform = Platform()
    change(platform)
    assert said in _refused(platform, tmp_path)


def test_another_account_is_refused(tmp_path: Path) -> None:
    assert "the credentials are of account 9" in _refused(Platform("999999999999"), tmp_path)


class Silent(MemoryDatabases):
    """RDS of a region that is not back."""

    def instance(self, identifier: str) -> Instance | None:
        raise Retryable("rds in us-east-1: no answer")


def test_a_region_that_does_not_answer_is_refused_by_name(tmp_path: Path) -> None:
    platform = Platform()
    platform.home.database = Silent(platform.clock)
    platform.home.files.sources.clear()
    said = _refused(platform, tmp_path)
    assert "us-east-1 does not answer as a healthy region does" in said
    assert "databases: rds in us-east-1: no answer" in said
    assert "file systems: FileSystemNotFound" in said


class Unread(MemoryDatabases):
    """A database that cannot be reached from the operator's machine."""

    def written(self, identifier: str) -> int | None:
        raise Retryable("PostgreSQL at db: timeout")


def test_a_log_that_cannot_be_read_is_refused_before_the_outage(tmp_path: Path) -> None:
    platform = Platform()
    known = platform.away.database
    platform.away.database = Unread(platform.clock, known.instances, known.taken)
    assert "PostgreSQL at db: timeout; how far it has written" in _refused(platform, tmp_path)


def test_a_platform_that_never_left_has_nothing_to_return_from(tmp_path: Path) -> None:
    platform = Platform()
    _run(platform, tmp_path / "back.jsonl")
    platform.home.probe.runs.clear()
    assert "there is nothing to return from" in _refused(platform, tmp_path)


def test_two_at_once_are_one_too_many(tmp_path: Path) -> None:
    platform, file = Platform(), tmp_path / "journal.jsonl"
    with (
        journal.opened(file, "failback", returning().target),
        pytest.raises(Refused, match="another process runs this runbook"),
    ):
        _run(platform, file)


def test_a_journal_of_another_turn_of_the_fence_is_stale(tmp_path: Path) -> None:
    platform = Platform()
    platform.faults = Faults(kind="refusal", verb=5)
    with pytest.raises(Refused):
        _run(platform, tmp_path / "journal.jsonl")
    platform.fence.record = Fence(holder=STANDBY, epoch=EPOCH + 4, lease_until=START)
    assert "stale journal" in _refused(platform, tmp_path)


def test_the_fence_does_not_move_to_a_region_that_has_no_copy(tmp_path: Path) -> None:
    """Its agents would open the old database."""
    platform = Platform()

    def make(reads: PairReads) -> SiteRunbook:
        book = _book(reads)
        late = [step for step in book.steps if step.name in {"epoch", "traffic"}]
        return replace(book, steps=late)

    with pytest.raises(Refused, match="expected a replica of"):
        _run(platform, tmp_path / "journal.jsonl", make)
    assert platform.fence.admits(STANDBY)


def test_a_handover_can_be_taken_back_until_the_copy_is_promoted(tmp_path: Path) -> None:
    platform = handed_over()
    assert not platform.fence.admits(STANDBY)
    _run(platform, tmp_path / "abort.jsonl", lambda _: abort(returning()))
    assert platform.fence.admits(STANDBY)
    assert _epoch(platform) == EPOCH + 2
    platform.clock.sleep(60)
    assert platform.lost_rows(STANDBY) == []
    assert platform.away.traffic.moved()


def test_what_a_given_up_failback_prepared_serves_the_next(tmp_path: Path) -> None:
    platform = handed_over()
    _run(platform, tmp_path / "abort.jsonl", lambda _: abort(returning()))
    platform.faults = Faults()
    _run(platform, tmp_path / "again.jsonl")
    assert platform.lost_rows(LOST) == []
    assert platform.faults.calls.count("database.replicate") == 1


def test_a_promoted_copy_is_not_gone_back_from(tmp_path: Path) -> None:
    platform = Platform()
    _run(platform, tmp_path / "back.jsonl")
    said = _refused(platform, tmp_path, lambda _: abort(returning()))
    assert "is no replica of" in said
    assert "finish it: mlops failback --apply" in said


def test_killed_anywhere_before_the_promotion_it_can_be_given_up(tmp_path: Path) -> None:
    undisturbed = Platform()
    _run(undisturbed, tmp_path / "undisturbed.jsonl")
    promotion = undisturbed.faults.calls.index("database.promote") + 1
    for verb in range(1, promotion):
        platform = Platform()
        platform.faults = Faults(kind="kill", moment="after", verb=verb)
        with pytest.raises(Killed):
            _run(platform, tmp_path / f"{verb}.jsonl")
        _run(platform, tmp_path / f"abort-{verb}.jsonl", lambda _: abort(returning()))
        platform.clock.sleep(3_000)
        assert platform.fence.admits(STANDBY), verb
        assert platform.lost_rows(STANDBY) == [], verb


@pytest.mark.parametrize("kind", ["error", "timeout", "kill", "refusal"])
def test_no_row_is_lost_whatever_goes_wrong_and_wherever(kind: Any, tmp_path: Path) -> None:
    undisturbed = Platform()
    _run(undisturbed, tmp_path / "undisturbed.jsonl")
    for verb in range(1, len(undisturbed.faults.calls) + 1):
        platform = Platform()
        platform.home.database.behind = 40.0
        platform.faults = Faults(kind=kind, moment="after", verb=verb)
        for _ in range(2):
            try:
                _run(platform, tmp_path / f"{kind}-{verb}.jsonl")
            except (RunbookError, Killed):
                platform.clock.sleep(1)
        assert platform.fence.admits(LOST), verb
        assert platform.lost_rows(LOST) == [], verb
