"""Snapshots of database instances, and the replication of their backups to another region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rehearsal.providers.aws import tagging, tags
from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import camel, reported, request
from rehearsal.providers.wire import Props


class Snapshot(Resource):
    """The ID is the snapshot's identifier."""

    token: ClassVar[str] = "aws:rds/snapshot:Snapshot"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"dbInstanceIdentifier", "dbSnapshotIdentifier", "tags"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"dbInstanceIdentifier", "dbSnapshotIdentifier"})
    replaces: ClassVar[frozenset[str]] = required

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("rds", "CreateDBSnapshot", props, only=self.required)
        marks = tagging.given(aws, "rds", "CreateDBSnapshot", props)
        aws.client("rds").create_db_snapshot(**asked, **marks)
        return props["dbSnapshotIdentifier"]

    def configure(self, aws: Aws, id_: str, props: Props) -> None:
        waiter = aws.client("rds").get_waiter("db_snapshot_available")
        waiter.wait(DBSnapshotIdentifier=id_, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    @gone_is_none("DBSnapshotNotFound", "DBSnapshotNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("rds").describe_db_snapshots(DBSnapshotIdentifier=id_)["DBSnapshots"]
        if not found:
            return None
        shown = {**found[0], "tags": tags.own(aws, found[0].get("TagList"))}
        return {
            **reported(props, shown, self.inputs),
            **{key: camel(shown[member]) for key, member in _OUTPUTS.items() if member in shown},
        }

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        tagging.retag(aws, "rds", aws.arn("rds", f"snapshot:{id_}"), old, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("rds").delete_db_snapshot(DBSnapshotIdentifier=id_)


class InstanceAutomatedBackupsReplication(Resource):
    """Lives in the region that the backups go to; the ID is the backup's ARN there."""

    token: ClassVar[str] = (
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    )
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"kmsKeyId", "retentionPeriod", "sourceDbInstanceArn"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"sourceDbInstanceArn"})
    replaces: ClassVar[frozenset[str]] = inputs
    delete_before_replace: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, Any]] = {"retentionPeriod": 7}

    def create(self, aws: Aws, props: Props) -> str:
        asked = request(
            "rds",
            "StartDBInstanceAutomatedBackupsReplication",
            props,
            only=self.inputs,
            rename=_REPLICATION,
        )
        # The call needs a URL that the source region signed; boto3 makes it from this name.
        source = props["sourceDbInstanceArn"].split(":")[3]
        rds = aws.client("rds")
        made = rds.start_db_instance_automated_backups_replication(**asked, SourceRegion=source)
        return made["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"]

    @gone_is_none("DBInstanceAutomatedBackupNotFound", "DBInstanceAutomatedBackupNotFoundFault")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("rds").describe_db_instance_automated_backups(
            DBInstanceAutomatedBackupsArn=id_
        )["DBInstanceAutomatedBackups"]
        if not found:
            return None
        shown = {**found[0], "SourceDBInstanceArn": found[0]["DBInstanceArn"]}
        return reported(props, shown, self.inputs, rename=_REPLICATION)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        if self.read(aws, id_, props) is None:
            return
        aws.client("rds").stop_db_instance_automated_backups_replication(
            SourceDBInstanceArn=props["sourceDbInstanceArn"]
        )


_REPLICATION = {"retentionPeriod": "BackupRetentionPeriod"}
_OUTPUTS: Mapping[str, str] = {
    "allocatedStorage": "AllocatedStorage",
    "availabilityZone": "AvailabilityZone",
    "dbSnapshotArn": "DBSnapshotArn",
    "encrypted": "Encrypted",
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "kmsKeyId": "KmsKeyId",
    "port": "Port",
    "snapshotType": "SnapshotType",
    "status": "Status",
    "storageType": "StorageType",
    "vpcId": "VpcId",
}

RESOURCES: tuple[Resource, ...] = (Snapshot(), InstanceAutomatedBackupsReplication())
