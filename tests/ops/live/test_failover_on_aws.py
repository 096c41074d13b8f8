"""A failover on the simulated cloud while the other region is lost: the real database, file
system, fence, node groups, quota and switch; the cluster's inside, its models and the engine are in
memory."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ops import journal
from ops.executor import Hands, carry_out
from ops.failover.runbook import failover
from ops.failover.target import Consent
from ops.live.aws import Aws
from ops.live.clusters import Clusters
from ops.live.databases import Databases
from ops.live.fence_table import FenceTable
from ops.live.file_systems import FileSystems
from ops.live.front_door import Door
from ops.live.switch import Switch
from ops.progress import PlainProgress
from ops.report import report
from ops.world.cluster import Outcome, Replicas, Workload
from ops.world.site import SiteReads, SiteWorld
from tests.ops.live.conftest import LOST, STANDBY, Reach, Told
from tests.ops.memory.parts import MemoryProbe
from tests.ops.memory.region import BACKUPS, PLATFORM, Region, wanted
from tests.rehearsal.cloud.account import Account

POOLS = {"system": 3}


class Quick:
    """Real time, in which nobody waits long."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.05))


@dataclass
class Inside:
    """What runs in the cluster: as many nodes and pods as were asked for."""

    clusters: Any = None
    pods: dict[Workload, int] = field(default_factory=dict[Workload, int])

    def ready_nodes(self, group: str) -> int:
        return self.clusters.node_group(group).desired

    def replicas(self, workload: Workload) -> Replicas | None:
        asked = self.pods.get(workload, 0)
        return Replicas(wanted=asked, ready=asked)

    def scale(self, workload: Workload, replicas: int) -> None:
        self.pods[workload] = replicas

    def job(self, job: Workload) -> Outcome | None:
        return None

    def start_job(self, cron_job: Workload, name: str) -> None:
        raise AssertionError("a failover begins no job")

    def backup(self, name: str) -> Outcome | None:
        return None

    def start_backup(self, schedule: str, name: str) -> None:
        raise AssertionError("a failover begins no backup")


@dataclass(frozen=True, kw_only=True)
class Built:
    """What was there before the region was lost."""

    database: str
    file_system: str
    role: str


@pytest.fixture
def built(standby: Account) -> Built:
    lost = standby.there(LOST)
    lost.database("source", StorageEncrypted=True)
    arn = lost.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    standby.database_subnets()
    standby.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica",
        SourceDBInstanceIdentifier=arn,
        SourceRegion=LOST,
        KmsKeyId=standby.key(),
        DBSubnetGroupName="database",
    )
    source = lost.efs.create_file_system(CreationToken="a", Encrypted=True)["FileSystemId"]
    lost.efs.create_replication_configuration(
        SourceFileSystemId=source, Destinations=[{"Region": STANDBY, "KmsKeyId": standby.key()}]
    )
    subnets = standby.cluster()
    sizes = {"minSize": 1, "maxSize": 2, "desiredSize": 1}
    standby.node_group(subnets, "system", scalingConfig=sizes)
    standby.dynamodb.create_table(
        TableName=f"{PLATFORM}-fence",
        KeySchema=[{"AttributeName": "platform", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "platform", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    standby.dynamodb.put_item(TableName=f"{PLATFORM}-fence", Item=_held(time.time() - 120))
    return Built(
        database="replica",
        file_system=standby.efs.describe_file_systems()["FileSystems"][0]["FileSystemId"],
        role=lost.role("flip-heartbeat", "scheduler.amazonaws.com"),
    )


def _held(until: float) -> dict[str, Any]:
    numbers = {"epoch": 7, "lease_until": int(until * 1000), "previous_until": 0, "closed_epoch": 6}
    texts = {"platform": PLATFORM, "holder": LOST}
    return {
        **{name: {"N": str(value)} for name, value in numbers.items()},
        **{name: {"S": value} for name, value in texts.items()},
    }


def _hands(aws: Aws, built: Built) -> Hands[SiteReads, SiteWorld]:
    memory, clock, inside = Region(), Quick(), Inside()
    cluster = Clusters(aws, "main", inside)
    inside.clusters = cluster
    switch = Switch(
        aws,
        PLATFORM,
        heartbeat_role=built.role,
        balancers={"models.example.com": "models-1.elb.example.com"},
        public=Door(addresses={"models.example.com": "127.0.0.1"}, port=1),
        resolve=lambda _: ["10.1.0.5"],
    )
    parts: Any = {
        "fence": FenceTable(aws, PLATFORM),
        "database": Databases(aws, Told()),
        "files": FileSystems(aws),
        "cluster": cluster,
        "traffic": switch,
        "probe": MemoryProbe(),
        "declaration": memory.declaration,
        "objects": memory.objects,
    }
    memory.declaration.source = None
    return Hands(
        reads=SiteReads(account=aws.account(), clock=clock, **parts),
        world=SiteWorld(clock=clock, **parts),
        clock=clock,
        progress=PlainProgress(lambda _: None),
        confirm=lambda _: True,
    )


def test_the_standby_takes_over_while_the_other_region_is_lost(
    reach: Reach, standby: Account, built: Built, tmp_path: Path
) -> None:
    standby.control("POST", "faults", {"kind": "lost-region", "region": LOST})
    standby.control("DELETE", "calls")
    hands = _hands(reach(), built)
    goal = wanted(
        database=built.database, file_system=built.file_system, pools=POOLS, gpu=None, models=()
    )
    book = failover(goal, Consent(loss=True), BACKUPS, hands.reads)
    with journal.opened(tmp_path / "journal.jsonl", book.name, book.target) as log:
        assert carry_out(book, log, hands)
        told = report(book, log.run())
    assert told.epoch == 8
    assert told.software <= 60
    replica = standby.rds.describe_db_instances()["DBInstances"][0]
    assert not replica.get("ReadReplicaSourceDBInstanceIdentifier")
    assert standby.efs.describe_replication_configurations()["Replications"] == []
    group = standby.eks.describe_nodegroup(clusterName="main", nodegroupName="system")
    assert group["nodegroup"]["scalingConfig"]["desiredSize"] == 3
    calls = standby.control("GET", "calls")
    assert {call["region"] for call in calls} == {STANDBY}
    assert not {call["service"] for call in calls} & {"iam", "route53"}
    with journal.opened(tmp_path / "journal.jsonl", book.name, book.target) as log:
        assert not carry_out(book, log, hands)


def test_a_lost_answer_of_the_promotion_promotes_once(
    reach: Reach, standby: Account, built: Built, tmp_path: Path
) -> None:
    lost = {"kind": "timeout", "service": "rds", "operation": "Promote*", "count": 1}
    standby.control("POST", "faults", lost)
    hands = _hands(reach(), built)
    goal = wanted(
        database=built.database, file_system=built.file_system, pools=POOLS, gpu=None, models=()
    )
    book = failover(goal, Consent(loss=True), BACKUPS, hands.reads)
    with journal.opened(tmp_path / "journal.jsonl", book.name, book.target) as log:
        assert carry_out(book, log, hands)
    found = hands.reads.database.instance(built.database)
    assert found is not None
    assert found.writable
