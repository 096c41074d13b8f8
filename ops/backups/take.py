"""`mlops backup now` and `mlops backup-kubernetes`: a backup beside the nightly ones.

A backup has a name, by default the hour's: the same command again within the hour resumes or
does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from catalog.timings import Timing, seconds
from ops.account import account_check
from ops.errors import Refused
from ops.step import Runbook, Step, Target
from ops.world.cluster import ClusterReads, ClusterVerbs, Outcome, Workload
from ops.world.database import AVAILABLE, FAILED
from ops.world.site import SiteReads, SiteWorld

DUMPS = Workload(namespace="mlops-platform", name="database-backup")
"""The CronJob that dumps each database."""
NIGHTLY = "velero-nightly"
"""Velero's schedule, as its chart names it."""
DUMP_TIME = seconds("kubernetes:batch/v1:Job", "create", "dump")
CLUSTER_TIME = seconds("runbook", "wait", "cluster-backup")
SNAPSHOT_TIME = seconds("aws:rds/snapshot:Snapshot", "create")

BackupStep = Step[SiteReads, SiteWorld]
Look = Callable[[ClusterReads], Outcome | None]
Make = Callable[[ClusterVerbs], None]


def hour_name(now: float) -> str:
    """`manual-2026112804` for a moment in seconds since 1970."""
    return f"manual-{datetime.fromtimestamp(now, UTC):%Y%m%d%H}"


def backup_now(target: Target, database: str, name: str) -> Runbook[SiteReads, SiteWorld]:
    """A snapshot of the instance, and a dump of each database in it."""
    return Runbook(
        name="backup-now",
        target=target,
        checks=[account_check(target)],
        steps=[
            _snapshot(database, f"{database}-{name}"),
            _dump(f"{DUMPS.name}-{name}"),
            _swept(database),
        ],
    )


def backup_kubernetes(target: Target, name: str) -> Runbook[SiteReads, SiteWorld]:
    """The cluster's objects and volumes, as the nightly backup takes them."""
    step = _ended(
        name="cluster",
        goal=f"the cluster's backup {name} is complete",
        look=lambda cluster: cluster.backup(name),
        make=lambda cluster: cluster.start_backup(NIGHTLY, name),
        takes=CLUSTER_TIME,
    )
    return Runbook(
        name="backup-kubernetes", target=target, checks=[account_check(target)], steps=[step]
    )


def _snapshot(database: str, name: str) -> BackupStep:
    def holds(reads: SiteReads) -> bool:
        found = [each for each in reads.database.snapshots(database) if each.name == name]
        if found and found[0].status == FAILED:
            raise _no_backup(f"snapshot {name}")
        return bool(found) and found[0].status == AVAILABLE

    def make(world: SiteWorld) -> None:
        if name not in [each.name for each in world.database.snapshots(database)]:
            world.database.snapshot(database, name)

    return Step(
        name="snapshot",
        goal=f"the snapshot {name} is available",
        holds=holds,
        make=make,
        takes=SNAPSHOT_TIME,
        kind="wait",
    )


def _no_backup(what: str) -> Refused:
    return Refused(
        f"{what}: it failed, so this is no backup: read what it logged, then begin another with "
        "--name"
    )


def _swept(database: str) -> BackupStep:
    """What failed before, once there is something better. Failed jobs are the CronJob's to keep, a
    few of them."""

    def left(reads: SiteReads | SiteWorld) -> list[str]:
        return [
            each.name
            for each in reads.database.snapshots(database)
            if each.status == FAILED and each.name.startswith(f"{database}-")
        ]

    def make(world: SiteWorld) -> None:
        for name in left(world):
            world.database.discard(name)

    return Step(
        name="swept",
        goal=f"no failed snapshot of {database} is left",
        holds=lambda reads: not left(reads),
        make=make,
        takes=seconds("aws:rds/snapshot:Snapshot", "delete"),
    )


def _dump(name: str) -> BackupStep:
    job = Workload(namespace=DUMPS.namespace, name=name)
    return _ended(
        name="dump",
        goal=f"the job {job} has dumped every database, and compared what it stored",
        look=lambda cluster: cluster.job(job),
        make=lambda cluster: cluster.start_job(DUMPS, name),
        takes=DUMP_TIME,
    )


def _ended(name: str, goal: str, look: Look, make: Make, takes: Timing) -> BackupStep:
    """Something that runs once under a name, and is refused where it failed."""

    def holds(reads: SiteReads) -> bool:
        outcome = look(reads.cluster)
        if outcome == "failed":
            raise _no_backup(name)
        return outcome == "succeeded"

    def begin(world: SiteWorld) -> None:
        if look(world.cluster) is None:
            make(world.cluster)

    return Step(name=name, goal=goal, holds=holds, make=begin, takes=takes, kind="wait")
