"""What a failover refuses, and what it says to do; what it takes, in figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.outputs import load
from ops import journal
from ops.errors import GoalNotReached, Refused
from ops.failover.features import features_line
from ops.failover.loss import at_risk
from ops.failover.runbook import failover
from ops.failover.target import FEAST, MLFLOW, Consent, failover_of
from ops.progress import PlainProgress
from ops.report import recovery_lines, report
from ops.run import Options, shown
from ops.world.fence import Fence
from ops.world.site import SiteReads
from tests.infra.services.stacks import settings_of
from tests.ops.memory.clock import START
from tests.ops.memory.faults import Faults
from tests.ops.memory.region import BACKUPS, DATABASE, LOST, STANDBY, Region, wanted
from tests.ops.parity import stacks
from tests.ops.runbooks import SiteRunbook, apply


def _book(consent: Consent | None = None, **changes: Any) -> Any:
    def make(reads: SiteReads) -> SiteRunbook:
        return failover(wanted(**changes), consent or Consent(), BACKUPS, reads)

    return make


def _refused(region: Region, tmp_path: Path, consent: Consent | None = None, **more: Any) -> str:
    """What the failover says when it refuses; nothing must have been changed."""
    region.faults = Faults(sealed=True)
    with pytest.raises(Refused) as refused:
        apply(_book(consent, **more), region, tmp_path / "journal.jsonl")
    return str(refused.value)


def test_a_region_that_lives_is_not_failed_over(tmp_path: Path) -> None:
    region = Region()
    region.traffic.primary_alive = True
    region.fence.record = Fence(holder=LOST, epoch=4, lease_until=START + 20)
    said = _refused(region, tmp_path)
    assert "lost region: 0 of 3 signals" in said
    assert "--lost" in said


def test_two_of_three_signals_are_enough(tmp_path: Path) -> None:
    region = Region()
    region.database.behind = None
    region.fence.record = Fence(holder=LOST, epoch=4, lease_until=START + 20)
    consent = Consent(loss=True)
    assert apply(_book(consent), region, tmp_path / "journal.jsonl")


def test_the_operator_may_declare_a_region_lost(tmp_path: Path) -> None:
    region = Region()
    region.traffic.primary_alive = True
    assert apply(_book(Consent(lost=True)), region, tmp_path / "journal.jsonl")


def test_without_a_replica_there_is_nothing_to_promote(tmp_path: Path) -> None:
    region = Region()
    del region.database.instances[DATABASE]
    assert f"{DATABASE} does not exist; deploy the standby first" in _refused(region, tmp_path)


def test_a_replica_that_is_not_available_is_refused(tmp_path: Path) -> None:
    region = Region()
    found = region.database.instances[DATABASE]
    region.database.instances[DATABASE] = replace(found, status="storage-full")
    assert "is storage-full; wait until it is available" in _refused(region, tmp_path)


def test_a_replica_that_somebody_promoted_by_hand_is_refused(tmp_path: Path) -> None:
    region = Region()
    found = region.database.instances[DATABASE]
    region.database.instances[DATABASE] = replace(found, follows=None)
    assert "promoted it outside a failover" in _refused(region, tmp_path)


def test_more_loss_than_the_recovery_point_needs_consent(tmp_path: Path) -> None:
    region = Region()
    region.database.behind = 2_000.0
    assert "at most 1970 s of writes are not here; above" in _refused(region, tmp_path)
    assert "--accept-loss" in _refused(region, tmp_path)
    region.faults = Faults()
    assert apply(_book(Consent(loss=True)), region, tmp_path / "journal.jsonl")


def test_time_after_the_loss_is_no_loss(tmp_path: Path) -> None:
    region = Region()
    region.database.behind = 4.0 + 7_200
    region.fence.record = Fence(holder=LOST, epoch=4, lease_until=START - 7_200)
    assert apply(_book(), region, tmp_path / "journal.jsonl")
    log = journal.seen(tmp_path / "journal.jsonl", "failover", wanted().target)
    assert report(_book()(region.reads()), log.run()).rpo_seconds == 4.0


def test_the_loss_counts_the_time_since_the_lag_was_measured() -> None:
    region = Region()
    region.fence.record = Fence(holder=LOST, epoch=4, lease_until=START - 100)
    region.database.behind, region.database.measured_ago = 104.0, 60.0
    assert at_risk(wanted(), region.reads()) == 64.0


def test_without_a_lease_everything_up_to_now_may_be_lost() -> None:
    region = Region()
    region.database.behind = 500.0
    for fence in (None, Fence(holder=LOST, epoch=1, lease_until=0)):
        region.fence.record = fence
        assert at_risk(wanted(), region.reads()) == 500.0


def test_a_run_that_took_the_fence_still_knows_when_the_lost_region_closed() -> None:
    region = Region()
    region.database.behind = 500.0
    region.fence.record = Fence(
        holder=STANDBY, epoch=5, lease_until=0, previous_until=START - 490, opens_at=START - 489
    )
    assert at_risk(wanted(), region.reads()) == 10.0


def test_a_quota_that_does_not_carry_the_gpus_is_refused(tmp_path: Path) -> None:
    region = Region()
    region.cluster.quotas = {}
    said = _refused(region, tmp_path)
    assert "8 vCPUs wanted, 0 allowed; ask for more of L-DB2E81BA in us-west-2" in said


def test_a_missing_node_group_is_refused(tmp_path: Path) -> None:
    region = Region()
    del region.cluster.groups["gpu-1"]
    assert "gpu-1 not there" in _refused(region, tmp_path)


def test_somebody_elses_fence_is_refused(tmp_path: Path) -> None:
    region = Region()
    region.fence.record = Fence(holder="eu-west-1", epoch=9, lease_until=START)
    assert "held by 'eu-west-1', which is neither of the two regions" in _refused(region, tmp_path)


def test_another_account_is_refused(tmp_path: Path) -> None:
    region = Region(account="999999999999")
    assert "the credentials are of account 999999999999" in _refused(region, tmp_path)


def test_broken_backups_are_told_and_refuse_nothing(tmp_path: Path) -> None:
    region = Region()
    region.dump("2027/01/15/070000", b"garbled")
    said: list[str] = []
    book = _book()(region.reads())
    options = Options(project=tmp_path)
    assert shown(book, region.reads(), PlainProgress(said.append), options)
    assert any("its content is not what was dumped" in line for line in said)


def test_the_name_of_what_cannot_be_undone_must_be_typed(tmp_path: Path) -> None:
    region = Region()
    asked: list[str] = []

    def confirm(name: str) -> bool:
        asked.append(name)
        return False

    region.faults = Faults(sealed=True)
    with pytest.raises(Refused, match=f"--confirm {DATABASE}"):
        apply(_book(), region, tmp_path / "journal.jsonl", confirm)
    assert asked == [DATABASE]


def test_a_plan_shows_every_step_with_its_time_and_writes_nothing(tmp_path: Path) -> None:
    region = Region()
    region.faults = Faults(sealed=True)
    said: list[str] = []
    book = _book()(region.reads())
    shown(book, region.reads(), PlainProgress(said.append), Options(project=tmp_path))
    text = "\n".join(said)
    assert f"to do    database: {DATABASE} takes writes (300 to 900 s; asks for" in text
    assert "ok       lost region: 2 of 3 signals" in text
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_never_answers_stops_before_traffic_and_may_be_left_out(
    tmp_path: Path,
) -> None:
    region = Region()
    region.probe.broken = {"churn"}
    with pytest.raises(GoalNotReached, match="--without"):
        apply(_book(), region, tmp_path / "journal.jsonl")
    assert not region.traffic.moved()
    assert apply(_book(models=()), region, tmp_path / "journal.jsonl")


def test_without_mlflow_in_the_standby_it_is_tried_once_the_stack_is_deployed() -> None:
    region = Region()
    region.cluster.workloads = {}
    names = [step.name for step in _book()(region.reads()).steps]
    assert names.index("probe") > names.index("deployment")


def test_inference_moves_before_the_database_is_waited_for() -> None:
    names = [step.name for step in _book()(Region().reads()).steps]
    assert names.index("traffic") < names.index("database")
    assert names.index("lease") < names.index("database")


def test_nothing_is_promoted_before_the_lost_sides_lease_is_over(tmp_path: Path) -> None:
    region = Region()
    region.fence.record = Fence(holder=LOST, epoch=4, lease_until=START + 90)
    apply(_book(Consent(lost=True)), region, tmp_path / "journal.jsonl")
    log = journal.seen(tmp_path / "journal.jsonl", "failover", wanted().target)
    (promoted,) = [
        entry.at for entry in log.entries if entry.event == "step" and entry.step == "database"
    ]
    assert promoted >= START + 95


def test_the_report_tells_waits_and_software_apart(tmp_path: Path) -> None:
    region = Region()
    region.database.behind = 34.0  # of which 30 s since the lease was over
    apply(_book(), region, tmp_path / "journal.jsonl")
    log = journal.seen(tmp_path / "journal.jsonl", "failover", wanted().target)
    found = report(_book()(region.reads()), log.run())
    assert found.epoch == 5
    assert found.rpo_seconds == 4.0
    assert 300 < found.rto_seconds < 900
    assert found.software < 60
    told = "\n".join(recovery_lines(found, 1800, 900))
    assert "RPO 4 s of 900 s" in told
    assert "database" in told


def test_a_resumed_run_reports_from_its_first_beginning(tmp_path: Path) -> None:
    region = Region()
    region.faults = Faults(kind="refusal", verb=5)
    with pytest.raises(Refused):
        apply(_book(), region, tmp_path / "journal.jsonl")
    region.clock.sleep(1_000)
    apply(_book(), region, tmp_path / "journal.jsonl")
    log = journal.seen(tmp_path / "journal.jsonl", "failover", wanted().target)
    assert report(_book()(region.reads()), log.run()).rto_seconds > 1_000


def test_another_failover_since_makes_a_journal_stale(tmp_path: Path) -> None:
    region = Region()
    region.faults = Faults(kind="refusal", verb=5)
    with pytest.raises(Refused):
        apply(_book(), region, tmp_path / "journal.jsonl")
    region.fence.record = Fence(holder=LOST, epoch=8, lease_until=START)
    said = _refused(region, tmp_path)
    assert "stale journal: its run stopped at epoch 5, the fence is at epoch 8" in said


def test_a_scaled_service_is_left_alone(tmp_path: Path) -> None:
    region = Region()
    apply(_book(workloads={MLFLOW: 0}), region, tmp_path / "journal.jsonl")
    assert "cluster.scale" not in region.faults.calls


def test_whatever_writes_is_scaled_once_the_database_takes_writes(tmp_path: Path) -> None:
    region = Region()
    apply(_book(), region, tmp_path / "journal.jsonl")
    calls = region.faults.calls
    assert calls.count("cluster.scale") == len(wanted().workloads) == 2
    assert calls.index("database.promote") < calls.index("cluster.scale")
    pods = {one: region.cluster.workloads[one].ready for one in wanted().workloads}
    assert pods == dict(wanted().workloads)


def test_one_service_that_is_missing_waits_for_the_deployment() -> None:
    region = Region()
    del region.cluster.workloads[FEAST]
    book = _book()(region.reads())
    names = [step.name for step in book.steps]
    assert names.index("probe") > names.index("deployment")
    (services,) = [one for one in book.checks if one.name == "services"]
    assert f"not installed: {FEAST};" in services.judge(region.reads()).says


def test_features_have_a_time_of_their_own() -> None:
    line = features_line(wanted(features_seconds=45 * 60.0))
    assert "45 min after the services" in line
    assert "rematerialisation_minutes" in line


def test_every_writer_gets_the_pods_of_the_lost_region() -> None:
    primary = settings_of("production", {"learning": {"feast": {"min_replicas": 4}}})
    least = failover_of("dr", settings_of("dr"), primary, load(stacks.told("dr"))).workloads
    assert {str(one): pods for one, pods in least.items()} == {
        "mlops-platform/mlflow": 3,
        "mlops-platform/feast-feature-server": 4,
        "argo/argo-workflows-workflow-controller": 2,
        "argo/argo-workflows-server": 2,
    }


@pytest.mark.parametrize(
    ("primary", "standby", "says"),
    [
        (True, True, "there to open"),
        (False, False, "there to open"),
        (True, False, "nobody writes to what is promoted"),
    ],
)
def test_a_standby_without_agents_is_told_that_nobody_will_open_its_database(
    primary: bool, standby: bool, says: str
) -> None:
    agents = {"applications": {"lease_agent": {"image_digest": "sha256:" + "0" * 64}}}
    ours = settings_of("dr", agents if standby else None)
    theirs = settings_of("production", agents if primary else None)
    closed = failover_of("dr", ours, theirs, load(stacks.told("dr"))).stays_closed
    book = _book(stays_closed=closed)(Region().reads())
    (found,) = [one.judge(Region().reads()) for one in book.checks if one.name == "lease agents"]
    assert says in found.says
    assert not found.refuses


def test_the_standby_holds_the_fence_in_the_end(tmp_path: Path) -> None:
    region = Region()
    apply(_book(), region, tmp_path / "journal.jsonl")
    record = region.fence.current()
    assert record is not None
    assert (record.holder, record.epoch) == (STANDBY, 5)
