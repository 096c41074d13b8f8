"""What is attached to an EFS file system: backup policy, access policy, replication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rehearsal.providers.aws.lookup import gone_is_none
from rehearsal.providers.aws.resource import Aws, Resource
from rehearsal.providers.aws.shapes import reported, request
from rehearsal.providers.wire import Props


class BackupPolicy(Resource):
    """The ID is the file system's; deleting it switches backups off."""

    token: ClassVar[str] = "aws:efs/backupPolicy:BackupPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset({"backupPolicy", "fileSystemId"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = frozenset({"fileSystemId"})

    def create(self, aws: Aws, props: Props) -> str:
        _put_backup(aws, props["fileSystemId"], props["backupPolicy"]["status"])
        return props["fileSystemId"]

    @gone_is_none("FileSystemNotFound", "PolicyNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("efs").describe_backup_policy(FileSystemId=id_)
        return reported(props, {**found, "fileSystemId": id_}, self.inputs)

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        _put_backup(aws, id_, new["backupPolicy"]["status"])

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        _put_backup(aws, id_, "DISABLED")


class FileSystemPolicy(Resource):
    """The ID is the file system's."""

    token: ClassVar[str] = "aws:efs/fileSystemPolicy:FileSystemPolicy"
    inputs: ClassVar[frozenset[str]] = frozenset(
        {"bypassPolicyLockoutSafetyCheck", "fileSystemId", "policy"}
    )
    required: ClassVar[frozenset[str]] = frozenset({"fileSystemId", "policy"})
    replaces: ClassVar[frozenset[str]] = frozenset({"fileSystemId"})

    def create(self, aws: Aws, props: Props) -> str:
        asked = request("efs", "PutFileSystemPolicy", props, only=self.inputs)
        aws.client("efs").put_file_system_policy(**asked)
        return props["fileSystemId"]

    @gone_is_none("FileSystemNotFound", "PolicyNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("efs").describe_file_system_policy(FileSystemId=id_)
        return reported(props, found, ("fileSystemId", "policy"))

    def update(self, aws: Aws, id_: str, old: Props, new: Props) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("efs").delete_file_system_policy(FileSystemId=id_)


class ReplicationConfiguration(Resource):
    """The ID is the source file system's; AWS makes the destination unless one is named."""

    token: ClassVar[str] = "aws:efs/replicationConfiguration:ReplicationConfiguration"
    inputs: ClassVar[frozenset[str]] = frozenset({"destination", "sourceFileSystemId"})
    required: ClassVar[frozenset[str]] = inputs
    replaces: ClassVar[frozenset[str]] = inputs
    delete_before_replace: ClassVar[bool] = True
    computed_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "destination": frozenset({"fileSystemId", "region", "status"})
    }

    def create(self, aws: Aws, props: Props) -> str:
        shape = {
            "sourceFileSystemId": props["sourceFileSystemId"],
            "destinations": [props["destination"]],
        }
        asked = request("efs", "CreateReplicationConfiguration", shape)
        aws.client("efs").create_replication_configuration(**asked)
        return props["sourceFileSystemId"]

    @gone_is_none("FileSystemNotFound", "ReplicationNotFound")
    def read(self, aws: Aws, id_: str, props: Props) -> Props | None:
        found = aws.client("efs").describe_replication_configurations(FileSystemId=id_)
        if not found["Replications"]:
            return None
        replication = found["Replications"][0]
        destination = replication["Destinations"][0]
        made = {
            "fileSystemId": destination["FileSystemId"],
            "region": destination["Region"],
            "status": destination["Status"],
        }
        shown = {"sourceFileSystemId": id_, "destination": destination}
        kept = reported(props, shown, self.inputs)
        return {
            **kept,
            "destination": {**kept["destination"], **made},
            "creationTime": str(replication["CreationTime"]),
            "originalSourceFileSystemArn": replication["OriginalSourceFileSystemArn"],
            "sourceFileSystemArn": replication["SourceFileSystemArn"],
            "sourceFileSystemRegion": replication["SourceFileSystemRegion"],
        }

    def delete(self, aws: Aws, id_: str, props: Props) -> None:
        aws.client("efs").delete_replication_configuration(SourceFileSystemId=id_)


def _put_backup(aws: Aws, id_: str, status: str) -> None:
    aws.client("efs").put_backup_policy(FileSystemId=id_, BackupPolicy={"Status": status})


RESOURCES: tuple[Resource, ...] = (BackupPolicy(), FileSystemPolicy(), ReplicationConfiguration())
