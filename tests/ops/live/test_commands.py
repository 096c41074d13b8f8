"""Commands as an operator types them, as processes, on the simulated cloud."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.engine.cloud_process import CloudProcess
from tests.ops.live.conftest import LOST, STANDBY
from tests.rehearsal.cloud.account import Account

ROOT = Path(__file__).parents[3]
STATE = "mlops-platform-state-123456789012"


class Mlops:
    """Runs `mlops` with the simulated account's credentials."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self.journals = folder
        self._environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """What it said; it must have ended with `status`."""
        command = [sys.executable, "-m", "ops.main", *arguments, "--project", str(ROOT)]
        ended = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr


@pytest.fixture
def mlops(cloud: CloudProcess, standby: Account, tmp_path: Path) -> Mlops:
    return Mlops(cloud.endpoint, tmp_path)


def test_the_states_home_is_made_by_one_command_that_does_nothing_twice(
    mlops: Mlops, standby: Account
) -> None:
    journal = str(mlops.journals / "journal.jsonl")
    planned = mlops("bootstrap-state", "--journal", journal)
    assert "to do    bucket" in planned
    assert "nothing was changed" in planned
    assert standby.s3.list_buckets()["Buckets"] == []
    done = mlops("bootstrap-state", "--apply", "--journal", journal)
    assert f"pulumi login 's3://{STATE}?region=us-west-2'" in done
    standby.control("DELETE", "calls")
    again = mlops("bootstrap-state", "--apply", "--journal", journal)
    assert "every goal held already" in again
    calls = standby.control("GET", "calls")
    reads = ("Get", "List", "Head", "Describe")
    assert [call for call in calls if not call["operation"].startswith(reads)] == []
    _is_safe(standby, STATE)
    _is_safe(standby.there(LOST), f"{STATE}-backup")
    rules = standby.s3.get_bucket_replication(Bucket=STATE)["ReplicationConfiguration"]["Rules"]
    assert ".pulumi/locks/" not in {rule["Filter"]["Prefix"] for rule in rules}


def _is_safe(account: Account, bucket: str) -> None:
    encryption = account.s3.get_bucket_encryption(Bucket=bucket)
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert account.kms.describe_key(KeyId=key)["KeyMetadata"]["MultiRegion"]
    assert account.s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert "TlsOnly" in account.s3.get_bucket_policy(Bucket=bucket)["Policy"]


def test_a_state_is_restored_from_its_version_before(mlops: Mlops, standby: Account) -> None:
    where = {"LocationConstraint": STANDBY}
    standby.s3.create_bucket(Bucket=STATE, CreateBucketConfiguration=where)
    standby.s3.put_bucket_versioning(Bucket=STATE, VersioningConfiguration={"Status": "Enabled"})
    key = ".pulumi/stacks/mlops-platform/dr.json"
    for state in (b"good", b"bad"):
        standby.s3.put_object(Bucket=STATE, Key=key, Body=state)
    restore = ("restore-state", f"s3://{STATE}?region={STANDBY}", "--stack", "dr")
    journal = ("--journal", str(mlops.journals / "journal.jsonl"))
    newest, good = (
        line.split()[0] for line in mlops(*restore, *journal, status=1).splitlines()[1:]
    )
    assert newest != good
    wanted = (*restore, *journal, "--version", good, "--apply")
    assert "--confirm dr.json" in mlops(*wanted, status=1)
    mlops(*wanted, "--confirm", "dr.json")
    assert standby.s3.get_object(Bucket=STATE, Key=key)["Body"].read() == b"good"


def test_the_fence_is_shown_as_this_region_sees_it(mlops: Mlops, standby: Account) -> None:
    standby.dynamodb.create_table(
        TableName="mlops-platform-production-fence",
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert "nobody holds the fence" in mlops("fence", "status", "--stack", "dr", status=1)


@pytest.mark.parametrize("command", ["failover", "failback", "drill"])
def test_a_stack_that_stands_in_for_none_is_refused(mlops: Mlops, command: str) -> None:
    said = mlops(command, "--stack", "production", status=1)
    assert "stands in for another region's, such as dr" in said.replace("\n", " ")
