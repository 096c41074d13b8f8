"""Jobs of the simulated clusters: a dump takes its time, and counts once it is whole."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from rehearsal.providers.kubernetes.objects import Key
from rehearsal.site.jobs import TAKES, Jobs
from tests.rehearsal.site.conftest import HERE, Surroundings

SPACE, CLUSTER, NAME = "mlops-platform", "main-1", "database-backup"
DEADLINE_SECONDS = 3 * 3600.0


@pytest.fixture
def jobs(around: Surroundings) -> Jobs:
    """With a database, a bucket and the CronJob that dumps the one into the other."""
    around.account.database("main", StorageEncrypted=True)
    around.account.bucket("backups")
    body = {"metadata": {"name": NAME, "namespace": SPACE}, "spec": {"jobTemplate": _template()}}
    around.objects.put(Key(CLUSTER, "batch/v1", "CronJob", SPACE, NAME), body)
    return Jobs(around.client, around.objects, around.control.now, around.control.outages)


def _template() -> dict[str, Any]:
    dump = {"name": "dump", "env": [{"name": "DATABASES", "value": "mlflow feast"}]}
    where = [{"name": "BUCKET", "value": "backups"}, {"name": "KEY", "value": "alias/aws/s3"}]
    pod = {"initContainers": [dump], "containers": [{"name": "upload", "env": where}]}
    return {"spec": {"activeDeadlineSeconds": DEADLINE_SECONDS, "template": {"spec": pod}}}


def _begin(jobs: Jobs, name: str) -> bool:
    found = jobs.cron_job(CLUSTER, SPACE, NAME)
    assert found is not None
    body = {"metadata": {"name": name}, "spec": found["spec"]["jobTemplate"]["spec"]}
    return jobs.create(HERE, CLUSTER, SPACE, body)


def _ended(jobs: Jobs, name: str) -> list[tuple[str, str]]:
    found = jobs.job(CLUSTER, SPACE, name)
    assert found is not None
    return [(each["type"], each["reason"]) for each in found["status"]["conditions"]]


def _stored(around: Surroundings) -> list[str]:
    found = around.account.s3.list_objects_v2(Bucket="backups").get("Contents", [])
    return [each["Key"].rpartition("/")[2] for each in found]


def test_a_dump_is_stored_file_by_file_with_its_checksums_last(
    around: Surroundings, jobs: Jobs
) -> None:
    assert _begin(jobs, "one")
    assert _ended(jobs, "one") == []
    assert _stored(around) == []
    around.control.advance(TAKES.typical / 2 + 1)
    assert _ended(jobs, "one") == []
    assert _stored(around) == ["mlflow.dump"]
    around.control.advance(TAKES.typical / 2)
    assert _ended(jobs, "one") == [("Complete", "CompletionsReached")]
    assert _stored(around) == ["SHA256SUMS", "feast.dump", "mlflow.dump"]
    keys = [one["Key"] for one in around.account.s3.list_objects_v2(Bucket="backups")["Contents"]]
    sums, _, dump = (
        around.account.s3.get_object(Bucket="backups", Key=key)["Body"].read() for key in keys
    )
    assert f"{hashlib.sha256(dump).hexdigest()}  mlflow.dump" in sums.decode()


def test_a_name_is_taken_once(jobs: Jobs) -> None:
    assert _begin(jobs, "one")
    assert not _begin(jobs, "one")
    assert jobs.job(CLUSTER, SPACE, "other") is None
    assert jobs.cron_job(CLUSTER, SPACE, "other") is None


def test_a_job_goes_on_after_a_short_outage_from_the_beginning(
    around: Surroundings, jobs: Jobs
) -> None:
    _begin(jobs, "one")
    around.control.lose(HERE)
    around.control.advance(2 * TAKES.typical)
    around.control.restore()
    assert _ended(jobs, "one") == []
    around.control.advance(TAKES.typical)
    assert _ended(jobs, "one") == [("Complete", "CompletionsReached")]


def test_a_job_whose_region_is_away_beyond_its_deadline_has_failed(
    around: Surroundings, jobs: Jobs
) -> None:
    _begin(jobs, "one")
    around.control.lose(HERE)
    around.control.advance(DEADLINE_SECONDS + 60)
    around.control.restore()
    assert _ended(jobs, "one") == [("Failed", "DeadlineExceeded")]
    assert _stored(around) == []


def test_without_a_bucket_or_a_database_a_job_fails(around: Surroundings, jobs: Jobs) -> None:
    _begin(jobs, "no-bucket")
    around.account.s3.delete_bucket(Bucket="backups")
    around.control.advance(TAKES.typical)
    ((state, why),) = _ended(jobs, "no-bucket")
    assert state == "Failed"
    assert "NoSuchBucket" in why
    _begin(jobs, "no-database")
    around.account.rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert _ended(jobs, "no-database") == [("Failed", "BackoffLimitExceeded")]
