"""Older objects and images of both regions, through AWS's own calls."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ops.backfill.command import directions, target_of_link
from ops.backfill.runbook import Direction, backfill
from ops.errors import Refused
from ops.live.batch_jobs import BatchJobs
from ops.step import findings, plan
from tests.ops.live.conftest import LOST, STANDBY, Reach
from tests.ops.runbooks import TARGET
from tests.rehearsal.cloud.account import Account
from tests.rehearsal.cloud.refusals.copies import BATCH, buckets, rule

ACCOUNT = "123456789012"


def _linked(standby: Account) -> str:
    """A bucket with an object and, since then, a rule; the role of batch jobs."""
    east = standby.there(LOST)
    buckets(east)
    east.s3.put_object(Bucket="models", Key="churn/1/model", Body=b"model")
    rules = {"Role": east.role("copies", "s3.amazonaws.com"), "Rules": [rule()]}
    east.s3.put_bucket_replication(Bucket="models", ReplicationConfiguration=rules)
    return east.role("batch", BATCH)


def _runbook(role: str, bucket: str = "models") -> Any:
    direction = Direction(
        name="to_standby", region=LOST, other=STANDBY, buckets=[bucket], role_arn=role
    )
    return backfill(TARGET, [direction], "mlops")


def _jobs(reach: Reach) -> BatchJobs:
    return BatchJobs(lambda region: reach(region, None), ACCOUNT)


def test_what_was_there_before_the_rule_is_copied_once(standby: Account, reach: Reach) -> None:
    role, jobs = _linked(standby), _jobs(reach)
    book = _runbook(role)
    [step] = plan(book.steps, jobs)
    assert "Contents" not in standby.s3.list_objects_v2(Bucket="models-copy")
    step.make(jobs)
    step.make(jobs)
    jobs.copy(LOST, "models", role, 1)
    assert plan(book.steps, jobs) == []
    [job] = jobs.jobs(LOST, "models")
    assert (job.status, job.objects, job.failed) == ("Complete", 1, 0)
    found = standby.s3.list_objects_v2(Bucket="models-copy")["Contents"]
    assert [each["Key"] for each in found] == ["churn/1/model"]


def test_a_job_that_failed_is_followed_by_another(standby: Account, reach: Reach) -> None:
    role, jobs = _linked(standby), _jobs(reach)
    east = standby.there(LOST)
    kept = east.s3.get_bucket_replication(Bucket="models")["ReplicationConfiguration"]
    east.s3.delete_bucket_replication(Bucket="models")
    [step] = _runbook(role).steps
    step.make(jobs)
    assert [job.status for job in jobs.jobs(LOST, "models")] == ["Failed"]
    east.s3.put_bucket_replication(Bucket="models", ReplicationConfiguration=kept)
    step.make(jobs)
    assert {job.status for job in jobs.jobs(LOST, "models")} == {"Failed", "Complete"}
    assert step.holds(jobs)


def test_images_that_only_one_registry_has_are_told_by_digest(
    standby: Account, reach: Reach
) -> None:
    east = standby.there(LOST)
    for region in (east, standby):
        region.ecr.create_repository(repositoryName="mlops/api")
        _push(region, "mlops/api", "both")
    east.ecr.create_repository(repositoryName="mlops/web")
    east.ecr.create_repository(repositoryName="other/api")
    digest = _push(east, "mlops/web", "lone")
    _push(east, "other/api", "not ours")
    told = findings(_runbook("role").checks, _jobs(reach))[1]
    assert told.says == f"us-west-2 lacks 1, push them once more: mlops/web@{digest}"
    assert not told.refuses


def _push(account: Account, repository: str, content: str) -> str:
    manifest: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"digest": content, "mediaType": "x", "size": 1},
        "layers": [],
    }
    made = account.ecr.put_image(
        repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=content[:4]
    )
    return str(made["image"]["imageId"]["imageDigest"])


def test_only_a_link_has_something_to_copy() -> None:
    outputs = {
        "role": "link",
        "account_id": ACCOUNT,
        "region": STANDBY,
        "platform": "mlops",
        "backfill": {
            "to_standby": {"region": LOST, "other": STANDBY, "buckets": ["a"], "role_arn": "r"}
        },
    }
    assert target_of_link("link", outputs).platform == "mlops"
    assert [each.name for each in directions(outputs)] == ["to_standby"]
    with pytest.raises(Refused, match="--stack dr: its role is standby, expected a link"):
        target_of_link("dr", {"role": "standby"})
