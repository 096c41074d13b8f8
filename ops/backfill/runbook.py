"""`mlops backfill`: objects that were written before a bucket's replication rule, copied by one
S3 batch job per bucket and direction; images that only one registry has, told.

Replication copies what is written from then on. Source: S3 user guide, batch replication; ECR
user guide: only images pushed after replication is configured are copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.timings import seconds
from ops.account import account_check
from ops.step import Check, Finding, Runbook, Step, Target
from ops.world.backfill import BackfillReads, BackfillVerbs, Job

COMPLETE = "Complete"
OVER = frozenset({COMPLETE, "Failed", "Cancelled"})
COPYING = seconds("runbook", "backfill", "copy")

BackfillRunbook = Runbook[BackfillReads, BackfillVerbs]


@dataclass(frozen=True, kw_only=True)
class Direction:
    """From a region's buckets to the other's. `role_arn`: what the batch jobs take."""

    name: str
    region: str
    other: str
    buckets: Sequence[str]
    role_arn: str


def backfill(
    target: Target, directions: Sequence[Direction], namespace: str | None
) -> BackfillRunbook:
    """The runbook for a link; `namespace` of the registries, or None where none is copied."""
    images = [] if namespace is None else [_images(each, namespace) for each in directions]
    return Runbook(
        name="backfill",
        target=target,
        checks=[account_check(target), *images],
        steps=[_copied(each, bucket) for each in directions for bucket in each.buckets],
    )


def _copied(direction: Direction, bucket: str) -> Step[BackfillReads, BackfillVerbs]:
    def holds(reads: BackfillReads) -> bool:
        return any(_whole(job) for job in reads.jobs(direction.region, bucket))

    def make(world: BackfillVerbs) -> None:
        jobs = world.jobs(direction.region, bucket)
        if not jobs or (jobs[0].status in OVER and not _whole(jobs[0])):
            # The number makes a repeated call the same job, and a new one after a failure.
            world.copy(direction.region, bucket, direction.role_arn, len(jobs) + 1)

    return Step(
        name=bucket,
        goal=f"what was in {bucket} before its rule is in {direction.other} too",
        holds=holds,
        make=make,
        takes=COPYING,
        kind="wait",
    )


def _whole(job: Job) -> bool:
    return job.status == COMPLETE and job.failed == 0


def _images(direction: Direction, namespace: str) -> Check[BackfillReads]:
    """Told, not refused: whoever pushes them once more has them copied."""
    name = f"images {direction.name}"

    def judge(reads: BackfillReads) -> Finding:
        lone = reads.lone_images(direction.region, direction.other, namespace)
        if not lone:
            return Finding(check=name, says=f"{direction.other} has all of {direction.region}'s")
        listed = ", ".join(lone)
        return Finding(
            check=name,
            says=f"{direction.other} lacks {len(lone)}, push them once more: {listed}",
        )

    return Check(name=name, judge=judge)
