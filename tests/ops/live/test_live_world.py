"""The live world on the simulated cloud: what each verb does there, and what is never sent."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ops.errors import Refused, Retryable, UnknownOutcome
from ops.live.aws import Aws, NotFound
from ops.live.buckets import Buckets
from ops.live.clusters import Clusters
from ops.live.databases import Databases
from ops.live.fence_table import FenceTable
from ops.live.file_systems import FileSystems
from ops.live.front_door import Door
from ops.live.kubernetes_api import KubernetesApi
from ops.live.switch import Switch
from ops.world.database import Source
from tests.ops.live.conftest import LOST, STANDBY, Reach, Told
from tests.rehearsal.cloud.account import ACCOUNT_ID, Account

PLATFORM = "mlops-platform-production"
TABLE = f"{PLATFORM}-fence"


def test_the_account_is_the_credentials(reach: Reach, standby: Account) -> None:
    assert reach().account() == ACCOUNT_ID


@pytest.mark.parametrize(
    ("region", "service", "operation", "parameters"),
    [
        (LOST, "rds", "describe_db_instances", {}),
        (LOST, "sts", "get_caller_identity", {}),
        (STANDBY, "iam", "list_roles", {}),
        (STANDBY, "route53", "list_hosted_zones", {}),
        (STANDBY, "s3", "put_bucket_versioning", {"Bucket": "b", "VersioningConfiguration": {}}),
    ],
)
def test_a_planted_call_to_what_is_lost_is_caught_before_it_is_sent(
    reach: Reach,
    standby: Account,
    region: str,
    service: str,
    operation: str,
    parameters: dict[str, Any],
) -> None:
    standby.control("DELETE", "calls")
    with pytest.raises(Refused, match="not sent"):
        reach(region).read(service, operation, **parameters)
    assert standby.control("GET", "calls") == []


def test_objects_are_not_bucket_configuration(reach: Reach, standby: Account) -> None:
    with pytest.raises(NotFound):
        reach().write("s3", "put_object", Bucket="absent", Key="a", Body=b"")


def test_errors_are_typed_by_what_to_do_next(reach: Reach, standby: Account) -> None:
    throttle = {"kind": "throttle", "service": "rds", "operation": "Promote*", "count": 1}
    lost = {"kind": "timeout", "service": "rds", "operation": "Promote*", "count": 1}
    database = Databases(reach(), Told())
    for fault, raised in ((throttle, Retryable), (lost, UnknownOutcome), (None, Refused)):
        if fault:
            standby.control("POST", "faults", fault)
        with pytest.raises(raised):
            database.promote("absent", 7)


@pytest.fixture
def replica(standby: Account) -> str:
    """A replica of a database in the lost region."""
    source = standby.there(LOST)
    source.database("source", StorageEncrypted=True)
    key = standby.key()
    arn = source.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    standby.database_subnets()
    standby.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica",
        SourceDBInstanceIdentifier=arn,
        SourceRegion=LOST,
        KmsKeyId=key,
        DBSubnetGroupName="database",
    )
    return "replica"


def test_a_replica_is_promoted(reach: Reach, replica: str) -> None:
    database = Databases(reach(), Told())
    before = database.instance(replica)
    assert before is not None
    assert before.follows is not None
    assert not before.writable
    database.promote(replica, 7)
    after = database.instance(replica)
    assert after is not None
    assert after.writable


def test_an_absent_database_is_none(reach: Reach, standby: Account) -> None:
    assert Databases(reach(), Told()).instance("absent") is None


def test_the_lag_is_what_was_measured_last(reach: Reach, standby: Account) -> None:
    database = Databases(reach(), Told())
    assert database.lag("replica") is None
    datum = {
        "MetricName": "ReplicaLag",
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "replica"}],
        "Value": 12.0,
    }
    standby.cloudwatch.put_metric_data(Namespace="AWS/RDS", MetricData=[datum])
    found = database.lag("replica")
    assert found is not None
    assert found.seconds == 12.0
    assert 0 <= found.age < 120


def test_a_database_is_restored_beside_the_one_it_replaces(reach: Reach, standby: Account) -> None:
    standby.database_subnets()
    standby.database("one", DBSubnetGroupName="database", StorageEncrypted=True)
    database = Databases(reach(), Told())
    database.snapshot("one", "before")
    assert "before" in [each.name for each in database.snapshots("one")]
    database.restore(Source(snapshot="before"), "one", "two")
    restored = database.instance("two")
    assert restored is not None
    assert restored.writable
    assert restored.restored_from == "before"
    database.rename("one", "old")
    database.rename("two", "one")
    swapped = database.instance("one")
    assert swapped is not None
    assert swapped.restored_from == "before"
    assert swapped.resource_id == restored.resource_id
    shown = standby.rds.describe_db_instances(DBInstanceIdentifier="one")["DBInstances"][0]
    assert shown["DBSubnetGroup"]["DBSubnetGroupName"] == "database"
    assert shown["DeletionProtection"]


def test_a_file_systems_replication_ends_in_this_region_alone(
    reach: Reach, standby: Account
) -> None:
    lost = standby.there(LOST)
    source = lost.efs.create_file_system(CreationToken="a", Encrypted=True)["FileSystemId"]
    lost.efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": STANDBY, "KmsKeyId": standby.key()}]
    )
    copy = standby.efs.describe_file_systems()["FileSystems"][0]["FileSystemId"]
    files = FileSystems(reach())
    assert files.replicates(copy) == source
    files.detach(copy)
    assert files.replicates(copy) is None
    assert lost.efs.describe_replication_configurations()["Replications"]


def test_node_groups_grow_beyond_their_largest_size(reach: Reach, standby: Account) -> None:
    subnets = standby.cluster()
    sizes = {"minSize": 1, "maxSize": 2, "desiredSize": 1}
    standby.node_group(subnets, "compute", scalingConfig=sizes)
    cluster = Clusters(reach(), "main", KubernetesApi("{}"))
    assert cluster.node_group("absent") is None
    cluster.resize("compute", 4)
    grown = cluster.node_group("compute")
    assert grown is not None
    assert (grown.desired, grown.largest) == (4, 4)


def _table(standby: Account) -> None:
    standby.dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_fence_is_taken_once_and_keeps_what_the_lost_side_was_promised(
    reach: Reach, standby: Account
) -> None:
    _table(standby)
    fence = FenceTable(reach(), PLATFORM)
    assert fence.current() is None
    fence.take(LOST, None)
    held = {
        "platform": {"S": PLATFORM},
        "holder": {"S": LOST},
        "epoch": {"N": "1"},
        "lease_until": {"N": "1800000030000"},
        "previous_until": {"N": "0"},
        "closed_epoch": {"N": "0"},
    }
    seen = fence.current()
    standby.dynamodb.put_item(TableName=TABLE, Item=held)
    fence.take(STANDBY, seen)
    now = fence.current()
    assert now is not None
    assert (now.holder, now.epoch, now.lease_until) == (STANDBY, 2, 0)
    assert now.opens_at == 1_800_000_031
    with pytest.raises(Refused, match="moved meanwhile"):
        fence.take(LOST, seen)


def test_a_side_that_said_that_it_is_closed_is_not_waited_for(
    reach: Reach, standby: Account
) -> None:
    _table(standby)
    item = {
        "platform": {"S": PLATFORM},
        "holder": {"S": STANDBY},
        "epoch": {"N": "2"},
        "lease_until": {"N": "0"},
        "previous_until": {"N": "1800000030000"},
        "closed_epoch": {"N": "1"},
    }
    standby.dynamodb.put_item(TableName=TABLE, Item=item)
    fence = FenceTable(reach(), PLATFORM).current()
    assert fence is not None
    assert fence.opens_at == 0


def _switch(aws: Aws, role: str | None, names: dict[str, list[str]]) -> Switch:
    return Switch(
        aws,
        PLATFORM,
        heartbeat_role=role,
        balancers={"models.example.com": "models-1.elb.example.com"},
        public=Door(addresses={}, port=1),
        resolve=lambda name: names.get(name, []),
    )


def test_traffic_moves_by_a_metric_that_a_schedule_goes_on_publishing(
    reach: Reach, standby: Account
) -> None:
    role = standby.there(LOST).role("flip-heartbeat", "scheduler.amazonaws.com")
    switch = _switch(reach(), role, {})
    assert not switch.moved()
    assert not switch.kept_moved()
    switch.move()
    switch.move()
    assert switch.moved()
    assert switch.kept_moved()
    switch.move_back()
    assert not switch.kept_moved()


def test_without_its_role_traffic_is_not_moved_for_good(reach: Reach, standby: Account) -> None:
    with pytest.raises(Refused, match="deploy the standby"):
        _switch(reach(), None, {}).move()


def test_names_have_arrived_when_they_lead_to_this_regions_balancers(
    reach: Reach, standby: Account
) -> None:
    here = {"models-1.elb.example.com": ["10.1.0.5", "10.1.0.6"]}
    assert not _switch(reach(), None, {**here, "models.example.com": ["10.0.0.9"]}).arrived()
    assert _switch(reach(), None, {**here, "models.example.com": ["10.1.0.6"]}).arrived()


def test_a_deleted_object_is_brought_back_with_its_content(reach: Reach, standby: Account) -> None:
    where = {"LocationConstraint": STANDBY}
    standby.s3.create_bucket(Bucket="models", CreateBucketConfiguration=where)
    standby.s3.put_bucket_versioning(Bucket="models", VersioningConfiguration={"Status": "Enabled"})
    standby.s3.put_object(Bucket="models", Key="a/model", Body=b"weights")
    standby.s3.delete_object(Bucket="models", Key="a/model")
    objects = Buckets(reach())
    assert objects.deleted_keys("models", "a/") == ["a/model"]
    marker, kept = objects.versions("models", "a/model")
    assert (marker.deleted, kept.deleted) == (True, False)
    objects.bring_back("models", "a/model", kept.id)
    assert objects.keys("models", "a/") == ["a/model"]
    assert objects.sha256("models", "a/model") == hashlib.sha256(b"weights").hexdigest()


def test_a_checksum_that_s3_keeps_is_the_contents(reach: Reach, standby: Account) -> None:
    where = {"LocationConstraint": STANDBY}
    standby.s3.create_bucket(Bucket="backups", CreateBucketConfiguration=where)
    standby.s3.put_object(Bucket="backups", Key="a", Body=b"rows", ChecksumAlgorithm="SHA256")
    assert Buckets(reach()).stored_sha256("backups", "a") == hashlib.sha256(b"rows").hexdigest()
