"""What a lost region takes with it, and what goes on without it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from rehearsal.calling import on_behalf, sign
from rehearsal.cloud import lost_region
from rehearsal.cloud.operations.database_snapshots import TAKES
from tests.rehearsal.cloud.account import Account

LOST, REFUGE = "us-east-1", "us-west-2"
UNAVAILABLE = "ServiceUnavailable"


@pytest.fixture
def refuge(account: Account) -> Account:
    """The other region of the account."""
    return account.there(REFUGE)


def lose(account: Account, region: str = LOST) -> None:
    account.control("POST", "faults", {"kind": "lost-region", "region": region})


def configured(account: Account, name: str, region: str) -> None:
    """A bucket in a region."""
    where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    account.bucket(name, **({} if region == LOST else where))


@pytest.mark.parametrize(
    ("service", "operation", "region", "refused"),
    [
        ("ec2", "DescribeVpcs", LOST, True),
        ("ec2", "DescribeVpcs", REFUGE, False),
        ("sts", "GetCallerIdentity", LOST, True),
        ("sts", "GetCallerIdentity", REFUGE, False),
        ("iam", "CreateRole", REFUGE, True),
        ("iam", "GetRole", LOST, False),
        ("route53", "ChangeResourceRecordSets", LOST, True),
        ("route53", "ListResourceRecordSets", LOST, False),
        ("organizations", "CreateAccount", LOST, True),
        ("s3", "PutBucketPolicy", REFUGE, True),
        ("s3", "GetBucketPolicy", REFUGE, False),
        ("s3", "PutObject", REFUGE, False),
        ("s3control", "PutBucketPolicy", REFUGE, True),
    ],
)
def test_a_lost_region_refuses_its_calls_and_what_is_controlled_through_it(
    service: str, operation: str, region: str, refused: bool
) -> None:
    assert lost_region.refuses(LOST, service, operation, region) is refused


def test_another_lost_region_takes_no_control_plane_with_it() -> None:
    assert not lost_region.refuses(REFUGE, "iam", "CreateRole", LOST)
    assert not lost_region.refuses(REFUGE, "s3", "PutBucketPolicy", LOST)


def test_no_bucket_is_configured_anywhere_while_its_objects_go_on(
    account: Account, refuge: Account
) -> None:
    configured(refuge, "kept", REFUGE)
    lose(account)
    refuge.s3.put_object(Bucket="kept", Key="a", Body=b"1")
    assert refuge.s3.get_object(Bucket="kept", Key="a")["Body"].read() == b"1"
    with pytest.raises(ClientError, match=UNAVAILABLE):
        refuge.s3.put_bucket_versioning(
            Bucket="kept", VersioningConfiguration={"Status": "Enabled"}
        )


def test_objects_of_the_lost_region_are_reached_from_nowhere(
    account: Account, refuge: Account
) -> None:
    configured(account, "gone", LOST)
    account.s3.put_object(Bucket="gone", Key="a", Body=b"1")
    lose(account)
    with pytest.raises(ClientError, match="the bucket gone is in us-east-1"):
        refuge.s3.get_object(Bucket="gone", Key="a")


def test_nothing_is_made_from_a_source_in_the_lost_region(
    account: Account, refuge: Account
) -> None:
    account.database("source", StorageEncrypted=True)
    (source,) = account.rds.describe_db_instances()["DBInstances"]
    refuge.database_subnets()
    lose(account)
    with pytest.raises(ClientError, match="it needs us-east-1"):
        refuge.rds.create_db_instance_read_replica(
            DBInstanceIdentifier="copy",
            SourceDBInstanceIdentifier=source["DBInstanceArn"],
            SourceRegion=LOST,
            DBSubnetGroupName="database",
        )
    assert refuge.rds.describe_db_instances()["DBInstances"] == []


def test_a_secret_is_not_copied_into_the_lost_region(account: Account, refuge: Account) -> None:
    refuge.secretsmanager.create_secret(Name="s", SecretString="v")
    lose(account)
    with pytest.raises(ClientError, match="it needs us-east-1"):
        refuge.secretsmanager.replicate_secret_to_regions(
            SecretId="s", AddReplicaRegions=[{"Region": LOST}]
        )


def test_a_table_that_three_regions_hold_goes_on_with_two(
    account: Account, refuge: Account
) -> None:
    account.dynamodb.create_table(
        TableName="fence",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    account.dynamodb.update_table(
        TableName="fence",
        ReplicaUpdates=[{"Create": {"RegionName": REFUGE}}],
        MultiRegionConsistency="STRONG",
        GlobalTableWitnessUpdates=[{"Create": {"RegionName": "us-east-2"}}],
    )
    lose(account)
    refuge.dynamodb.put_item(TableName="fence", Item={"k": {"S": "p"}})
    assert refuge.dynamodb.get_item(TableName="fence", Key={"k": {"S": "p"}})["Item"]


def test_a_refused_call_is_recorded_with_who_made_it(account: Account) -> None:
    lose(account)
    account.control("DELETE", "calls")
    session: Any = boto3.session.Session("AKIAIOSFODNN7EXAMPLE", "secret")
    iam = session.client("iam", region_name=REFUGE, endpoint_url=account.url)
    iam.meta.events.register("before-send", sign)
    name = "creating aws:iam/role:Role (planted)"
    with on_behalf(name), pytest.raises(ClientError, match=UNAVAILABLE):
        iam.create_role(RoleName="planted", AssumeRolePolicyDocument="{}")
    calls = account.control("GET", "calls")
    assert {(c["caller"], c["operation"], c["error"], c["by"]) for c in calls} == {
        (name, "CreateRole", UNAVAILABLE, "fault")
    }


def test_a_client_is_known_by_the_application_that_it_names(account: Account) -> None:
    account.control("DELETE", "calls")
    account.sts.get_caller_identity()
    (call,) = account.control("GET", "calls")
    assert call["caller"].startswith("Boto3/")


def test_a_replica_falls_behind_from_the_loss_on(account: Account, refuge: Account) -> None:
    _replica(account, refuge)
    assert _lag(refuge) == pytest.approx(1.0)
    lose(account)
    account.control("POST", "clock", {"advance": 90})
    assert _lag(refuge) == pytest.approx(91.0, abs=5)


def test_a_slow_replica_is_so_far_behind_and_a_stopped_one_ever_further(
    account: Account, refuge: Account
) -> None:
    _replica(account, refuge)
    account.control("POST", "faults", {"kind": "slow-replica", "region": REFUGE, "seconds": 40})
    account.control("POST", "clock", {"advance": 100})
    assert _lag(refuge) == pytest.approx(41.0, abs=1)
    account.control("DELETE", "faults")
    account.control("POST", "faults", {"kind": "stopped-replica", "region": REFUGE})
    account.control("POST", "clock", {"advance": 100})
    assert _lag(refuge) == pytest.approx(101.0, abs=5)


def test_a_schedule_that_publishes_a_metric_goes_on_until_it_is_disabled(account: Account) -> None:
    datum = {"MetricName": "Moved", "Value": 1.0}
    message = {"Namespace": "N", "MetricData": [datum]}
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData",
        "RoleArn": account.role("publisher", "scheduler.amazonaws.com"),
        "Input": json.dumps(message),
    }
    schedule = {
        "Name": "moved", "ScheduleExpression": "rate(1 minute)", "Target": target,
        "FlexibleTimeWindow": {"Mode": "OFF"},
    }  # fmt: skip
    now = datetime.now(UTC)
    asked = {
        "Namespace": "N", "MetricName": "Moved", "Period": 60, "Statistics": ["Maximum"],
        "StartTime": now - timedelta(minutes=5), "EndTime": now + timedelta(minutes=5),
    }  # fmt: skip
    account.scheduler.create_schedule(State="DISABLED", **schedule)
    assert account.cloudwatch.get_metric_statistics(**asked)["Datapoints"] == []
    account.scheduler.update_schedule(State="ENABLED", **schedule)
    assert account.cloudwatch.get_metric_statistics(**asked)["Datapoints"][0]["Maximum"] == 1.0


def test_a_promotion_takes_its_time_by_a_driven_clock(account: Account, refuge: Account) -> None:
    _replica(account, refuge)
    account.control("POST", "clock", {"advance": 0})
    refuge.rds.promote_read_replica(DBInstanceIdentifier="replica")
    (found,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert found["DBInstanceStatus"] == "modifying"
    assert found["ReadReplicaSourceDBInstanceIdentifier"]
    account.control("POST", "clock", {"advance": 301})
    (found,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert found["DBInstanceStatus"] == "available"
    assert not found.get("ReadReplicaSourceDBInstanceIdentifier")


def test_a_replica_is_made_and_renamed_in_its_time_by_a_driven_clock(
    account: Account, refuge: Account
) -> None:
    account.control("POST", "clock", {"advance": 0})
    _replica(account, refuge)
    (found,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert found["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in found
    account.control("POST", "clock", {"advance": 1_400})
    (before,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert before["DBInstanceStatus"] == "available"
    refuge.rds.modify_db_instance(DBInstanceIdentifier="replica", NewDBInstanceIdentifier="aside")
    (found,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert (found["DBInstanceIdentifier"], found["DBInstanceStatus"]) == ("aside", "renaming")
    account.control("POST", "clock", {"advance": 200})
    (after,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert after["DBInstanceStatus"] == "available"
    assert after["DbiResourceId"] == before["DbiResourceId"]
    assert after["Endpoint"]["Address"].startswith("aside.")
    (source,) = account.rds.describe_db_instances()["DBInstances"]
    assert source["ReadReplicaDBInstanceIdentifiers"] == [after["DBInstanceArn"]]


def test_a_clock_that_rests_makes_nobody_wait_and_keeps_its_time(
    account: Account, refuge: Account
) -> None:
    ahead = account.control("POST", "clock", {"advance": 500})["now"]
    assert account.control("POST", "rest")["now"] >= ahead
    _replica(account, refuge)
    (found,) = refuge.rds.describe_db_instances()["DBInstances"]
    assert found["DBInstanceStatus"] == "available"


def test_a_copied_file_system_is_whole_after_a_while_and_then_a_little_behind(
    account: Account, refuge: Account
) -> None:
    now = account.control("POST", "clock", {"advance": 0})["now"]
    source = account.efs.create_file_system(CreationToken="a", Encrypted=True)["FileSystemId"]
    account.efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": REFUGE, "KmsKeyId": refuge.key()}]
    )
    assert _copied_at(refuge) is None
    account.control("POST", "clock", {"advance": 700})
    assert _copied_at(refuge) == pytest.approx(now + 640, abs=10)
    lose(account)
    account.control("POST", "clock", {"advance": 500})
    assert _copied_at(refuge) == pytest.approx(now + 640, abs=10)


def _copied_at(refuge: Account) -> float | None:
    (found,) = refuge.efs.describe_replication_configurations()["Replications"]
    moment = found["Destinations"][0].get("LastReplicatedTimestamp")
    return moment.timestamp() if moment else None


def test_a_copied_file_system_takes_writes_when_its_replication_is_gone(
    account: Account, refuge: Account
) -> None:
    source = account.efs.create_file_system(CreationToken="a", Encrypted=True)["FileSystemId"]
    account.efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": REFUGE, "KmsKeyId": refuge.key()}]
    )
    lose(account)
    account.control("POST", "clock", {"advance": 0})
    refuge.efs.delete_replication_configuration(
        SourceFileSystemId=source, DeletionMode="LOCAL_CONFIGURATION_ONLY"
    )
    (going,) = refuge.efs.describe_replication_configurations()["Replications"]
    assert [each["Status"] for each in going["Destinations"]] == ["DELETING"]
    account.control("POST", "clock", {"advance": 61})
    assert refuge.efs.describe_replication_configurations()["Replications"] == []


def _replica(account: Account, refuge: Account) -> None:
    account.database("source", StorageEncrypted=True)
    (source,) = account.rds.describe_db_instances()["DBInstances"]
    refuge.database_subnets()
    refuge.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica",
        SourceDBInstanceIdentifier=source["DBInstanceArn"],
        SourceRegion=LOST,
        KmsKeyId=refuge.key(),
        DBSubnetGroupName="database",
    )


def _lag(refuge: Account) -> float:
    found = refuge.cloudwatch.get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName="ReplicaLag",
        Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "replica"}],
        StartTime="2026-01-01T00:00:00Z",
        EndTime="2026-01-01T00:05:00Z",
        Period=60,
        Statistics=["Maximum"],
    )
    return found["Datapoints"][0]["Maximum"]


def test_a_snapshot_takes_its_time_and_fails_where_its_region_is_lost(account: Account) -> None:
    account.database("main", StorageEncrypted=True)
    account.control("POST", "clock", {"advance": 0})
    assert _snapshot(account, "whole") == "creating"
    account.control("POST", "clock", {"advance": TAKES.typical})
    assert _snapshot(account, "begun") == "creating"
    lose(account)
    account.control("POST", "clock", {"advance": TAKES.slow})
    account.control("DELETE", "faults")
    assert _statuses(account) == {"whole": "available", "begun": "failed"}
    account.rds.delete_db_snapshot(DBSnapshotIdentifier="begun")
    assert _statuses(account) == {"whole": "available"}


def _snapshot(account: Account, name: str) -> str:
    asked = {"DBInstanceIdentifier": "main", "DBSnapshotIdentifier": name}
    return account.rds.create_db_snapshot(**asked)["DBSnapshot"]["Status"]


def _statuses(account: Account) -> dict[str, str]:
    found = account.rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return {each["DBSnapshotIdentifier"]: each["Status"] for each in found}
