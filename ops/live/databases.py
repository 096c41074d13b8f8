"""PostgreSQL in RDS, in one region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from ops.errors import Refused
from ops.live.aws import Answer, Aws, NotFound
from ops.world.database import Instance, Lag, Snapshot, Source

RESTORED_FROM = "mlops:restored-from"
"""Tag of a restored instance."""
LAG_WINDOW = timedelta(minutes=5)


class Positions(Protocol):
    """What servers tell of their logs, by the servers' addresses; in bytes."""

    def written(self, host: str) -> int | None:
        """Of a primary; None for a replica."""
        ...

    def replayed(self, host: str) -> int | None:
        """Of a replica; None for a primary."""
        ...


class Databases:
    """Instances, snapshots, lag and positions."""

    def __init__(self, aws: Aws, positions: Positions) -> None:
        self._aws, self._positions = aws, positions

    def instance(self, identifier: str) -> Instance | None:
        """The instance, or None."""
        found = self._described(identifier)
        if found is None:
            return None
        return Instance(
            identifier=found["DBInstanceIdentifier"],
            arn=found["DBInstanceArn"],
            status=found["DBInstanceStatus"],
            endpoint=found.get("Endpoint", {}).get("Address", ""),
            engine_version=found["EngineVersion"],
            instance_class=found["DBInstanceClass"],
            storage_gib=found["AllocatedStorage"],
            encryption_key=found.get("KmsKeyId") or "",
            resource_id=found["DbiResourceId"],
            restored_from=_restored_from(found),
            follows=found.get("ReadReplicaSourceDBInstanceIdentifier") or None,
        )

    def lag(self, identifier: str) -> Lag | None:
        """RDS's own measure; None where it measured nothing, or replication has stopped (-1)."""
        now = datetime.now(UTC)
        found = self._aws.read(
            "cloudwatch",
            "get_metric_statistics",
            Namespace="AWS/RDS",
            MetricName="ReplicaLag",
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": identifier}],
            StartTime=now - LAG_WINDOW,
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Maximum"],
        )
        points = sorted(found["Datapoints"], key=lambda point: point["Timestamp"])
        if not points or points[-1]["Maximum"] < 0:
            return None
        age = max(0.0, (now - points[-1]["Timestamp"]).total_seconds())
        return Lag(seconds=float(points[-1]["Maximum"]), age=age)

    def snapshots(self, identifier: str) -> Sequence[Snapshot]:
        """Automated and manual ones, oldest first."""
        pages = self._aws.pages("rds", "describe_db_snapshots", DBInstanceIdentifier=identifier)
        found = [_snapshot(each) for page in pages for each in page["DBSnapshots"]]
        return sorted(found, key=lambda each: each.taken_at)

    def written(self, identifier: str) -> int | None:
        """What the server says; None where it has no address yet."""
        found = self.instance(identifier)
        return self._positions.written(found.endpoint) if found and found.endpoint else None

    def replayed(self, identifier: str) -> int | None:
        """What the server says; None where it has no address yet, and where RDS has it follow
        nobody."""
        found = self.instance(identifier)
        if found is None or found.follows is None or not found.endpoint:
            return None
        return self._positions.replayed(found.endpoint)

    def promote(self, identifier: str, backup_days: int) -> None:
        """PromoteReadReplica."""
        self._aws.write(
            "rds",
            "promote_read_replica",
            DBInstanceIdentifier=identifier,
            BackupRetentionPeriod=backup_days,
        )

    def snapshot(self, identifier: str, name: str) -> None:
        """CreateDBSnapshot."""
        self._aws.write(
            "rds", "create_db_snapshot", DBInstanceIdentifier=identifier, DBSnapshotIdentifier=name
        )

    def discard(self, snapshot: str) -> None:
        """DeleteDBSnapshot."""
        self._aws.write("rds", "delete_db_snapshot", DBSnapshotIdentifier=snapshot)

    def restore(self, source: Source, like: str, identifier: str) -> None:
        """Into the network and with the parameters of `like`; protected from the first moment."""
        model = self._described(like)
        if model is None:
            raise Refused(f"{like}: expected the instance that the restored one is to be like")
        settings = {**_settings_of(model), "DBInstanceIdentifier": identifier}
        settings["Tags"] = [*settings["Tags"], {"Key": RESTORED_FROM, "Value": source.label}]
        if source.snapshot is not None:
            self._aws.write(
                "rds",
                "restore_db_instance_from_db_snapshot",
                DBSnapshotIdentifier=source.snapshot,
                **settings,
            )
            return
        settings["TargetDBInstanceIdentifier"] = settings.pop("DBInstanceIdentifier")
        self._aws.write(
            "rds",
            "restore_db_instance_to_point_in_time",
            SourceDBInstanceIdentifier=like,
            RestoreTime=datetime.fromtimestamp(source.moment or 0, UTC),
            **settings,
        )

    def replicate(self, source: str, like: str, identifier: str) -> None:
        """CreateDBInstanceReadReplica, under this region's key, as `like` is in all else."""
        settings = self.replica_settings(source, like, identifier)
        self._aws.write("rds", "create_db_instance_read_replica", **settings)

    def replica_settings(self, source: str, like: str, identifier: str) -> dict[str, Any]:
        """What CreateDBInstanceReadReplica is asked with. Raises Refused without `like`."""
        model = self._described(like)
        if model is None:
            raise Refused(f"{like}: expected the instance that the replica is to be like")
        return {
            **_settings_of(model),
            "DBInstanceIdentifier": identifier,
            "SourceDBInstanceIdentifier": source,
            "SourceRegion": source.split(":")[3],
            "KmsKeyId": model["KmsKeyId"],
        }

    def tagged(self, key: str) -> Sequence[str]:
        """Identifiers of the instances that carry the tag, in order."""
        pages = self._aws.pages("rds", "describe_db_instances")
        return sorted(
            found["DBInstanceIdentifier"]
            for page in pages
            for found in page["DBInstances"]
            if key in {tag["Key"] for tag in found.get("TagList", [])}
        )

    def retire(self, identifier: str, snapshot: str) -> None:
        """DeleteDBInstance, with a last snapshot; the protection is for those who did not mean
        it."""
        self._aws.write(
            "rds",
            "modify_db_instance",
            DBInstanceIdentifier=identifier,
            DeletionProtection=False,
            ApplyImmediately=True,
        )
        self._aws.write(
            "rds",
            "delete_db_instance",
            DBInstanceIdentifier=identifier,
            FinalDBSnapshotIdentifier=snapshot,
            DeleteAutomatedBackups=False,
        )

    def rename(self, identifier: str, name: str) -> None:
        """ModifyDBInstance, at once."""
        self._aws.write(
            "rds",
            "modify_db_instance",
            DBInstanceIdentifier=identifier,
            NewDBInstanceIdentifier=name,
            ApplyImmediately=True,
        )

    def _described(self, identifier: str) -> Answer | None:
        try:
            found = self._aws.read("rds", "describe_db_instances", DBInstanceIdentifier=identifier)
        except NotFound:
            return None
        return found["DBInstances"][0]


def _restored_from(found: Answer) -> str | None:
    tags = {tag["Key"]: tag["Value"] for tag in found.get("TagList", [])}
    return tags.get(RESTORED_FROM)


def _snapshot(found: Answer) -> Snapshot:
    taken: datetime | None = found.get("SnapshotCreateTime")
    return Snapshot(
        name=found["DBSnapshotIdentifier"],
        status=found["Status"],
        taken_at=taken.timestamp() if taken else 0.0,
        encrypted=bool(found.get("Encrypted")),
    )


def _settings_of(model: Answer) -> dict[str, Any]:
    """What a restored instance does not take from its source, but from the one it replaces."""
    return {
        "DBInstanceClass": model["DBInstanceClass"],
        "DBSubnetGroupName": model["DBSubnetGroup"]["DBSubnetGroupName"],
        "VpcSecurityGroupIds": [
            group["VpcSecurityGroupId"] for group in model["VpcSecurityGroups"]
        ],
        "DBParameterGroupName": model["DBParameterGroups"][0]["DBParameterGroupName"],
        "MultiAZ": model["MultiAZ"],
        "StorageType": model["StorageType"],
        "PubliclyAccessible": False,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": bool(model.get("IAMDatabaseAuthenticationEnabled")),
        "Tags": [tag for tag in model.get("TagList", []) if tag["Key"] != RESTORED_FROM],
    }
