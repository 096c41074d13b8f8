"""A drill on the simulated cloud: a real replica beside the standby's, and nothing else changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops import journal
from ops.drill.runbook import drill, scratch_name
from ops.errors import Refused
from ops.executor import Hands, carry_out
from ops.live.databases import Databases
from ops.live.scratch import DRILL, Scratch
from ops.progress import PlainProgress
from ops.world.database import Lag
from ops.world.scratch import DrillReads, DrillWorld
from ops.world.site import SiteReads
from tests.ops.live.conftest import LOST, Reach, Told
from tests.ops.live.test_failover_on_aws import Quick
from tests.ops.memory.region import BACKUPS, Region, wanted
from tests.ops.runbooks import TARGET
from tests.rehearsal.cloud.account import Account

STANDBY_DATABASE, NAME = "replica", "2026112804"
SCRATCH = scratch_name(STANDBY_DATABASE, NAME)


@pytest.fixture
def scratch(reach: Reach, standby: Account, tmp_path: Path) -> Scratch:
    """What drills make in the region of a healthy standby."""
    source = standby.there(LOST)
    source.database("source", StorageEncrypted=True)
    arn = source.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    standby.database_subnets()
    standby.rds.create_db_instance_read_replica(
        DBInstanceIdentifier=STANDBY_DATABASE,
        SourceDBInstanceIdentifier=arn,
        SourceRegion=LOST,
        KmsKeyId=standby.key(),
        DBSubnetGroupName="database",
        DBParameterGroupName="default.postgres17",
        DeletionProtection=True,
        MultiAZ=True,
        Tags=[{"Key": "mlops:id", "Value": "1:database"}, {"Key": "owner", "Value": "a@b.c"}],
    )
    aws = reach(lost_region=None)
    return Scratch(aws, Databases(aws, Told()), tmp_path / "drills", "dr")


def _run(scratch: Scratch, reach: Reach, file: Path) -> bool:
    memory, clock = Region(), Quick()
    memory.fence.record = None
    aws = reach(lost_region=None)
    parts: Any = {
        "database": Behind(aws, Told()),
        **{
            name: getattr(memory, name)
            for name in ("fence", "files", "cluster", "traffic", "probe", "declaration", "objects")
        },
    }
    reads = SiteReads(account=aws.account(), clock=clock, **parts)
    hands: Hands[DrillReads, DrillWorld] = Hands(
        reads=DrillReads(site=reads, scratch=scratch),
        world=DrillWorld(site=reads, scratch=scratch),
        clock=clock,
        progress=PlainProgress(lambda _: None),
        confirm=lambda _: True,
    )
    book = drill(wanted(database=STANDBY_DATABASE), TARGET, BACKUPS, NAME)
    with journal.opened(file, book.name, book.target) as log:
        return carry_out(book, log, hands)


class Behind(Databases):
    """As CloudWatch measures it, by four seconds."""

    def lag(self, identifier: str) -> Lag | None:
        return Lag(seconds=4.0)


def _instances(account: Account) -> list[dict[str, Any]]:
    """All that is told of them, but how far they could be restored, which goes on by itself."""
    found = account.rds.describe_db_instances()["DBInstances"]
    return [
        {name: value for name, value in each.items() if name != "LatestRestorableTime"}
        for each in found
    ]


def test_a_drill_leaves_the_region_as_it_was(
    reach: Reach, standby: Account, scratch: Scratch, tmp_path: Path
) -> None:
    before = _instances(standby)
    assert _run(scratch, reach, tmp_path / "journal.jsonl")
    assert _instances(standby) == before
    assert standby.rds.describe_db_snapshots()["DBSnapshots"] == []
    assert json.loads(scratch.note(NAME).read_text()) == {"drill": NAME, "stack": "dr"}
    standby.control("DELETE", "calls")
    assert not _run(scratch, reach, tmp_path / "journal.jsonl")
    calls = [call["operation"] for call in standby.control("GET", "calls")]
    assert [each for each in calls if not each.startswith(("Describe", "Get", "List"))] == []


def test_what_it_makes_is_like_the_standby_tagged_and_unprotected(
    standby: Account, scratch: Scratch
) -> None:
    before = standby.rds.describe_db_instances()["DBInstances"][0]
    scratch.copy(before["ReadReplicaSourceDBInstanceIdentifier"], STANDBY_DATABASE, SCRATCH)
    found = standby.rds.describe_db_instances(DBInstanceIdentifier=SCRATCH)["DBInstances"][0]
    for same in ("KmsKeyId", "DBInstanceClass", "DBSubnetGroup"):
        assert found[same] == before[same]
    assert not found["MultiAZ"]
    assert not found["DeletionProtection"]
    tags = {tag["Key"]: tag["Value"] for tag in found["TagList"]}
    assert tags == {"owner": "a@b.c", DRILL: SCRATCH}
    assert scratch.drilled() == [SCRATCH]


def test_the_standbys_own_database_is_out_of_its_reach(standby: Account, scratch: Scratch) -> None:
    standby.control("DELETE", "calls")
    alone = pytest.raises(Refused, match="is none of theirs, and is left alone")
    with alone:
        scratch.remove(STANDBY_DATABASE)
    with alone:
        scratch.promote(STANDBY_DATABASE, 7)
    with alone:
        scratch.found(STANDBY_DATABASE)
    operations = {call["operation"] for call in standby.control("GET", "calls")}
    assert operations == {"DescribeDBInstances"}
