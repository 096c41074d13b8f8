"""A failback on the simulated cloud: the real databases, file systems, fence, node groups, bucket
metrics and switch of both regions; what runs inside, the log's positions and the engine are in
memory."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ops import journal
from ops.backups.verify import Backups
from ops.executor import Hands, carry_out
from ops.failback.runbook import failback
from ops.failback.target import Away, CopiedBucket, Failback
from ops.live.aws import Aws
from ops.live.buckets import Buckets
from ops.live.clusters import Clusters
from ops.live.databases import Databases
from ops.live.fence_table import FenceTable
from ops.live.file_systems import FileSystems
from ops.live.front_door import Door
from ops.live.switch import Switch
from ops.progress import PlainProgress
from ops.world.pair import PairReads, PairWorld
from ops.world.site import SiteReads, SiteWorld
from tests.ops.live.conftest import LOST, STANDBY, Reach, Told
from tests.ops.live.test_failover_on_aws import Inside, Quick
from tests.ops.memory.parts import MemoryDeclaration
from tests.ops.memory.platform import returning
from tests.ops.memory.region import PLATFORM, Region
from tests.rehearsal.cloud.account import Account

HOME, AWAY = "home-database", "away-database"
EPOCH = 7


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a failover left, some time ago."""

    home_files: str
    away_files: str
    home_key: str
    role: str


@pytest.fixture
def built(standby: Account) -> Built:
    home = standby.there(LOST)
    home_key = home.key()
    for account, name, key in ((home, HOME, home_key), (standby, AWAY, standby.key())):
        account.database_subnets()
        account.database(
            name,
            StorageEncrypted=True,
            KmsKeyId=key,
            DBSubnetGroupName="database",
            DeletionProtection=True,
        )
    standby.rds.create_db_snapshot(DBInstanceIdentifier=AWAY, DBSnapshotIdentifier="nightly")
    home_files, away_files = _left_files(home, standby)
    subnets = home.cluster()
    home.node_group(subnets, scalingConfig={"minSize": 1, "maxSize": 2, "desiredSize": 1})
    _fence(standby)
    _measured(home)
    return Built(
        home_files=home_files,
        away_files=away_files,
        home_key=home_key,
        role=home.role("flip-heartbeat", "scheduler.amazonaws.com"),
    )


def _left_files(home: Account, away: Account) -> tuple[str, str]:
    """The copy was detached in its own region; the other still takes it for its copy."""
    source = home.efs.create_file_system(CreationToken="a", Encrypted=True)["FileSystemId"]
    home.efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": STANDBY, "KmsKeyId": away.key()}]
    )
    (copy,) = away.efs.describe_file_systems()["FileSystems"]
    away.efs.delete_replication_configuration(
        SourceFileSystemId=source, DeletionMode="LOCAL_CONFIGURATION_ONLY"
    )
    return source, copy["FileSystemId"]


def _fence(account: Account) -> None:
    account.dynamodb.create_table(
        TableName=f"{PLATFORM}-fence",
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    over = int((time.time() - 120) * 1_000)
    numbers = {
        "epoch": EPOCH,
        "lease_until": over,
        "previous_until": over,
        "closed_epoch": EPOCH - 1,
    }
    item = {name: {"N": str(value)} for name, value in numbers.items()}
    texts = {"platform": {"S": PLATFORM}, "holder": {"S": STANDBY}}
    account.dynamodb.put_item(TableName=f"{PLATFORM}-fence", Item={**item, **texts})


def _measured(home: Account) -> None:
    """What CloudWatch tells in the region of the copies."""
    lag = {
        "MetricName": "ReplicaLag",
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": HOME}],
        "Value": 2.0,
    }
    home.cloudwatch.put_metric_data(Namespace="AWS/RDS", MetricData=[lag])
    home.cloudwatch.put_metric_data(Namespace="AWS/S3", MetricData=[_pending(0.0)])


def _pending(count: float) -> dict[str, Any]:
    ends = {"SourceBucket": "models-away", "DestinationBucket": "models-home", "RuleId": "all"}
    return {
        "MetricName": "OperationsPendingReplication",
        "Dimensions": [{"Name": name, "Value": value} for name, value in ends.items()],
        "Value": count,
    }


def _goal(built: Built) -> Failback:
    wanted = returning()
    return replace(
        wanted,
        home=replace(
            wanted.home,
            database=HOME,
            file_system=built.home_files,
            pools={"system": 3},
            gpu=None,
            models=(),
        ),
        away=Away(
            stack="dr", region=STANDBY, database=AWAY, file_system=built.away_files, pools={}
        ),
        buckets=(CopiedBucket(source="models-away", target="models-home"),),
    )


class Sides:
    """Both regions, as an operator reaches them."""

    def __init__(self, reach: Reach, built: Built) -> None:
        home, away = reach(LOST, lost_region=None), reach(STANDBY, lost_region=None)
        fence = FenceTable(away, PLATFORM)
        self.switch = self._switch(away, built)
        self.home = self._parts(home, fence, Region(), HOME)
        self.away = self._parts(away, fence, Region(), AWAY)
        self.account = home.account()

    def hands(self) -> Hands[PairReads, PairWorld]:
        """What a run works with."""
        clock: Any = Quick()
        reads = [
            SiteReads(account=self.account, clock=clock, **parts)
            for parts in (self.home, self.away)
        ]
        world = [SiteWorld(clock=clock, **parts) for parts in (self.home, self.away)]
        return Hands(
            reads=PairReads(home=reads[0], away=reads[1]),
            world=PairWorld(home=world[0], away=world[1]),
            clock=clock,
            progress=PlainProgress(lambda _: None),
            confirm=lambda _: True,
        )

    def _switch(self, aws: Aws, built: Built) -> Switch:
        return Switch(
            aws,
            PLATFORM,
            heartbeat_role=built.role,
            balancers={"models.example.com": "models-1.elb.example.com"},
            public=Door(addresses={"models.example.com": "127.0.0.1"}, port=1),
            resolve=lambda _: ["10.1.0.5"],
        )

    def _parts(self, aws: Aws, fence: FenceTable, memory: Region, database: str) -> dict[str, Any]:
        inside = Inside()
        cluster = Clusters(aws, "main", inside)
        inside.clusters = cluster
        databases: Any = Databases(aws, Told())
        found = databases.instance(database)
        declaration = MemoryDeclaration(
            databases, database, "primary", None, "primary", found.resource_id
        )
        home = aws.region == LOST
        return {
            "fence": fence,
            "database": databases,
            "files": FileSystems(aws),
            "cluster": cluster,
            "traffic": self.switch,
            "probe": memory.probe,
            "declaration": declaration,
            "objects": Buckets(aws) if home else memory.objects,
        }


def _apply(sides: Sides, built: Built, file: Path) -> bool:
    hands = sides.hands()
    book = failback(_goal(built), Backups(bucket="backups", database=AWAY), hands.reads)
    with journal.opened(file, book.name, book.target) as log:
        return carry_out(book, log, hands)


def test_the_platform_returns_and_the_other_region_is_its_standby(
    reach: Reach, standby: Account, built: Built, tmp_path: Path
) -> None:
    sides, home = Sides(reach, built), standby.there(LOST)
    sides.switch.move()
    assert _apply(sides, built, tmp_path / "journal.jsonl")
    here = home.rds.describe_db_instances(DBInstanceIdentifier=HOME)["DBInstances"][0]
    assert not here.get("ReadReplicaSourceDBInstanceIdentifier")
    assert here["KmsKeyId"] == built.home_key
    assert here["DeletionProtection"]
    assert here["DBSubnetGroup"]["DBSubnetGroupName"] == "database"
    there = standby.rds.describe_db_instances()["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in there] == [AWAY]
    assert there[0]["ReadReplicaSourceDBInstanceIdentifier"] == here["DBInstanceArn"]
    kept = {
        each["DBInstanceIdentifier"] for each in home.rds.describe_db_instances()["DBInstances"]
    }
    assert kept == {HOME, f"{HOME}-before-e{EPOCH + 1}"}
    last = f"{AWAY}-before-e{EPOCH + 1}-final"
    assert standby.rds.describe_db_snapshots(DBSnapshotIdentifier=last)["DBSnapshots"]
    (copied,) = standby.efs.describe_replication_configurations()["Replications"]
    assert copied["SourceFileSystemId"] == built.home_files
    assert copied["Destinations"][0]["FileSystemId"] == built.away_files
    assert not sides.switch.kept_moved()
    item = standby.dynamodb.get_item(
        TableName=f"{PLATFORM}-fence", Key={"platform": {"S": PLATFORM}}
    )["Item"]
    assert (item["holder"]["S"], item["epoch"]["N"]) == (LOST, str(EPOCH + 1))
    assert not _apply(sides, built, tmp_path / "journal.jsonl")


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("rds", "CreateDBInstanceReadReplica"),
        ("rds", "ModifyDBInstance"),
        ("rds", "PromoteReadReplica"),
        ("rds", "DeleteDBInstance"),
        ("dynamodb", "PutItem"),
        ("efs", "CreateReplicationConfiguration"),
    ],
)
def test_a_lost_answer_is_followed_by_a_look(
    reach: Reach, standby: Account, built: Built, tmp_path: Path, service: str, operation: str
) -> None:
    lost = {"kind": "timeout", "service": service, "operation": operation, "count": 1}
    standby.control("POST", "faults", lost)
    sides = Sides(reach, built)
    assert _apply(sides, built, tmp_path / "journal.jsonl")
    copy = sides.home["database"].instance(HOME)
    assert copy.writable
    assert sides.away["database"].instance(AWAY).follows == copy.arn


def test_the_backlog_is_that_of_all_rules_between_two_buckets(
    reach: Reach, standby: Account
) -> None:
    home = standby.there(LOST)
    objects = Buckets(reach(LOST, lost_region=None))
    assert objects.backlog("models-away", "models-home") is None
    other = _pending(4.0)
    other["Dimensions"][2]["Value"] = "deletions"
    home.cloudwatch.put_metric_data(Namespace="AWS/S3", MetricData=[_pending(3.0), other])
    assert objects.backlog("models-away", "models-home") == 7.0
    assert objects.backlog("models-away", "another") is None
