"""Every runbook on a region in memory: what the laws are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from ops.backups.objects import restore_model, restore_state
from ops.backups.take import backup_kubernetes, backup_now
from ops.bootstrap_state import bootstrap_state
from ops.consistency.runbook import consistency
from ops.drill.runbook import drill
from ops.executor import Hands, carry_out
from ops.failback.abort import abort
from ops.failback.runbook import failback
from ops.failback.sides import AWAY, on
from ops.failover.departure import Departure
from ops.failover.runbook import failover
from ops.failover.target import Consent
from ops.journal import opened
from ops.progress import PlainProgress
from ops.recover import recover
from ops.restore_database import restore_database
from ops.step import Check, Runbook, Step, plan
from ops.world.database import Source
from ops.world.pair import PairReads, PairWorld
from ops.world.site import SiteReads
from ops.world.state_store import Place
from tests.ops.memory.faults import Faults
from tests.ops.memory.pending import MemoryPending
from tests.ops.memory.platform import AWAY_BACKUPS, HOME_DATABASE, Platform, returning
from tests.ops.memory.region import BACKUPS, DATABASE, LOST, STANDBY, Region, wanted

SiteRunbook = Runbook[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A runbook, and the region on which it has something to do."""

    name: str
    make: Callable[[SiteReads], SiteRunbook]
    region: Callable[[], Any] = Region
    reads: Callable[[Any], Any] = Region.reads
    world: Callable[[Any], Any] = Region.world

    def apply(self, region: Any, journal: Path) -> bool:
        """Carry it out, as `--apply` does."""
        return apply(self.make, region, journal, reads=self.reads, world=self.world)

    def left(self, region: Any) -> list[str]:
        """Names of the steps whose goal does not hold."""
        seen = self.reads(region)
        return [step.name for step in plan(self.make(seen).steps, seen)]


def _failover(reads: SiteReads) -> SiteRunbook:
    return failover(wanted(), Consent(), BACKUPS, reads)


def _failback(reads: Any) -> SiteRunbook:
    return failback(returning(), AWAY_BACKUPS, reads)


def _abort(_: object) -> SiteRunbook:
    return abort(returning())


def departure(both: Any, **changes: Any) -> SiteRunbook:
    """A failover of a region that lives, as a runbook on both."""
    left = Departure(database=both.home.database, identifier=HOME_DATABASE)
    book = failover(wanted(**changes), Consent(), BACKUPS, both.away, left)

    def judged(check: Check[SiteReads]) -> Check[PairReads]:
        return Check(name=check.name, judge=lambda now: check.judge(now.away))

    return Runbook[PairReads, PairWorld](
        name=book.name,
        target=book.target,
        steps=[on(AWAY, step) for step in book.steps],
        checks=[judged(check) for check in book.checks],
        stamp=lambda now: book.stamp(now.away),
        facts=lambda now: book.facts(now.away),
    )


def at_home() -> Platform:
    """A platform that lives where it belongs, with its standby in the other region."""
    platform = Platform()
    _walked(platform, failback(returning(), AWAY_BACKUPS, platform.reads()).steps)
    platform.faults = Faults()
    return platform


def _walked(platform: Platform, steps: Iterable[Step[Any, Any]]) -> None:
    for step in steps:
        if not step.holds(platform.reads()):
            step.make(platform.world())
        for _ in range(500):
            if step.holds(platform.reads()):
                break
            platform.clock.sleep(5)


def _drill(_: object) -> SiteRunbook:
    return drill(wanted(), TARGET, BACKUPS, "2026112804")


def handed_over() -> Platform:
    """A failback that stopped between the handover and the promotion."""
    platform = Platform()
    steps = failback(returning(), AWAY_BACKUPS, platform.reads()).steps
    _walked(platform, takewhile(lambda step: step.name != "database", steps))
    platform.faults = Faults()
    return platform


def _without_mlflow() -> Region:
    region = Region()
    region.cluster.workloads = {}
    return region


def _model(reads: Any) -> SiteRunbook:
    return restore_model(TARGET, "models", "churn/1", reads)


def _model_version(reads: Any) -> SiteRunbook:
    return restore_model(TARGET, "models", "churn/2/model", reads, "v0")


def _models() -> Region:
    """Two deleted objects, a kept one, and one that was overwritten."""
    region = Region()
    for key in ("churn/1/model", "churn/1/MLmodel"):
        region.objects.put("models", key, key.encode())
        region.objects.put("models", key, None)
    region.objects.put("models", "churn/1/kept", b"kept")
    region.objects.put("models", "churn/2/model", b"good")
    region.objects.put("models", "churn/2/model", b"bad")
    return region


def _state() -> Region:
    region = Region()
    for state in (b"old", b"new"):
        region.objects.put("state", STATE, state)
    return region


def _state_before(reads: Any) -> SiteRunbook:
    return restore_state(TARGET, "state", reads, "v0")


def _backup(_: SiteReads) -> SiteRunbook:
    return backup_now(TARGET, DATABASE, "manual-1")


def _cluster_backup(_: SiteReads) -> SiteRunbook:
    return backup_kubernetes(TARGET, "manual-1")


def _database(_: object) -> SiteRunbook:
    return restore_database(TARGET, DATABASE, Source(snapshot="rds:nightly"))


def _primary() -> Region:
    """A region whose database follows nobody."""
    region = Region()
    found = region.database.instances[DATABASE]
    region.database.instances[DATABASE] = replace(found, follows=None)
    return region


def _bootstrap(_: object) -> SiteRunbook:
    return bootstrap_state(TARGET, HOME, COPY)


def _recover(reads: Any) -> SiteRunbook:
    return recover(TARGET, reads)


def _consistency(_: Any) -> SiteRunbook:
    return consistency(TARGET)


def _half_replicated() -> Region:
    """Of four models of three runs one came over whole."""
    region = Region()
    region.experiments.log("whole", "ranking")
    region.experiments.log("late", "spam", "churn", came=False)
    region.experiments.log("half", "fraud")
    region.experiments.there.remove("1/models/m-fraud/artifacts/MLmodel")
    return region


def _killed() -> Region:
    """An engine was killed while it made three things, of which two are there, changed one and
    deleted one."""
    region = Region()
    made = [
        operation("aws:s3/bucket:Bucket", "b", {"bucket": "models"}),
        operation("aws:ec2/vpc:Vpc", "v", {"tags": {"mlops:id": "1:v"}}),
        operation("aws:ec2/subnet:Subnet", "s", {"tags": {"mlops:id": "2:s"}}),
        operation("random:index/randomPassword:RandomPassword", "p", {}),
        operation("aws:iam/role:Role", "r", {"name": "r"}, "updating"),
        operation("aws:iam/role:Role", "d", {"name": "d"}, "deleting"),
    ]
    region.operations = MemoryPending(
        region.account,
        deployment={"resources": [resource("r"), resource("d")], "pending_operations": made},
        there={"models": {"bucket": "models"}, "vpc-1": {"id": "vpc-1"}},
        tags={"1:v": ["arn:aws:ec2:us-west-2:123456789012:vpc/vpc-1"]},
    )
    return region


def operation(
    type_: str, name: str, inputs: dict[str, Any], kind: str = "creating"
) -> dict[str, Any]:
    """A pending operation as the engine writes it."""
    urn = f"urn:pulumi:dr::mlops-platform::{type_}::{name}"
    return {"type": kind, "resource": {"urn": urn, "type": type_, "custom": True, "inputs": inputs}}


def resource(name: str, type_: str = "aws:iam/role:Role") -> dict[str, Any]:
    """A resource that the state knows."""
    urn = f"urn:pulumi:dr::mlops-platform::{type_}::{name}"
    return {"urn": urn, "type": type_, "id": name, "outputs": {"name": name}}


TARGET = wanted().target
HOME, COPY = Place(region=STANDBY, bucket="state"), Place(region=LOST, bucket="state-backup")
STATE = ".pulumi/stacks/mlops-platform/dr.json"
CASES = (
    Case(name="failover", make=_failover),
    Case(name="failover-cold", make=_failover, region=_without_mlflow),
    Case(
        name="failover-planned",
        make=departure,
        region=at_home,
        reads=Platform.reads,
        world=Platform.world,
    ),
    Case(
        name="failback",
        make=_failback,
        region=Platform,
        reads=Platform.reads,
        world=Platform.world,
    ),
    Case(
        name="failback-abort",
        make=_abort,
        region=handed_over,
        reads=Platform.reads,
        world=Platform.world,
    ),
    Case(
        name="drill",
        make=_drill,
        reads=Region.drill_reads,
        world=Region.drill_world,
    ),
    Case(name="restore-model", make=_model, region=_models),
    Case(name="restore-model-version", make=_model_version, region=_models),
    Case(name="restore-state", make=_state_before, region=_state),
    Case(name="restore-database", make=_database, region=_primary),
    Case(name="backup-now", make=_backup),
    Case(name="backup-kubernetes", make=_cluster_backup),
    Case(
        name="bootstrap-state",
        make=_bootstrap,
        reads=Region.state_reads,
        world=Region.state_world,
    ),
    Case(
        name="consistency",
        make=_consistency,
        region=_half_replicated,
        reads=Region.experiment_reads,
        world=Region.experiment_world,
    ),
    Case(
        name="recover",
        make=_recover,
        region=_killed,
        reads=Region.pending_reads,
        world=Region.pending_world,
    ),
)


def apply(
    make: Callable[[Any], SiteRunbook],
    region: Any,
    journal: Path,
    confirm: Callable[[str], bool] = lambda _: True,
    *,
    reads: Callable[[Any], Any] = Region.reads,
    world: Callable[[Any], Any] = Region.world,
) -> bool:
    """Carry the runbook out on the region, as `--apply` does."""
    hands: Hands[Any, Any] = Hands(
        reads=reads(region),
        world=world(region),
        clock=region.clock,
        progress=PlainProgress(lambda _: None),
        confirm=confirm,
    )
    runbook = make(hands.reads)
    with opened(journal, runbook.name, runbook.target, sync=lambda _: None) as log:
        return carry_out(runbook, log, hands)
