"""Shared file systems in EFS, in one region."""

from __future__ import annotations

from ops.live.aws import Answer, Aws, NotFound


class FileSystems:
    """Replication into the file systems of this region."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def replicates(self, file_system_id: str) -> str | None:
        """ID of its source. Raises Refused where there is no such file system."""
        self._aws.read("efs", "describe_file_systems", FileSystemId=file_system_id)
        found = self._replication(file_system_id)
        return str(found["SourceFileSystemId"]) if found else None

    def copied_to(self, file_system_id: str) -> str | None:
        """ID of its copy, as this region knows, while that replication is being deleted too."""
        for each in self._replications(file_system_id):
            if each["SourceFileSystemId"] == file_system_id:
                return str(each["Destinations"][0]["FileSystemId"])
        return None

    def takes_copies(self, file_system_id: str) -> bool:
        """Whether its protection against being overwritten is off."""
        found = self._aws.read("efs", "describe_file_systems", FileSystemId=file_system_id)
        guard = found["FileSystems"][0].get("FileSystemProtection", {})
        return guard.get("ReplicationOverwriteProtection") in ("DISABLED", "REPLICATING")

    def copied_at(self, file_system_id: str) -> float | None:
        """EFS's own measure: changes to the source before it are in the copy."""
        found = self._replication(file_system_id)
        moment = _copy(found, file_system_id).get("LastReplicatedTimestamp") if found else None
        return moment.timestamp() if moment else None

    def detach(self, file_system_id: str) -> None:
        """Deletes this region's half alone: the other's cannot be reached, nor need it be."""
        found = self._replication(file_system_id)
        if found is None or _copy(found, file_system_id)["Status"] == "DELETING":
            return
        self._aws.write(
            "efs",
            "delete_replication_configuration",
            SourceFileSystemId=found["SourceFileSystemId"],
            DeletionMode="LOCAL_CONFIGURATION_ONLY",
        )

    def let_go(self, file_system_id: str) -> None:
        """Deletes this region's half of the replication from it."""
        for each in self._replications(file_system_id):
            ending = any(copy["Status"] == "DELETING" for copy in each["Destinations"])
            if each["SourceFileSystemId"] == file_system_id and not ending:
                self._aws.write(
                    "efs",
                    "delete_replication_configuration",
                    SourceFileSystemId=file_system_id,
                    DeletionMode="LOCAL_CONFIGURATION_ONLY",
                )

    def take_copies(self, file_system_id: str) -> None:
        """UpdateFileSystemProtection."""
        self._protect(file_system_id, "DISABLED")

    def refuse_copies(self, file_system_id: str) -> None:
        """UpdateFileSystemProtection."""
        self._protect(file_system_id, "ENABLED")

    def copy_to(self, file_system_id: str, region: str, target_id: str) -> None:
        """CreateReplicationConfiguration."""
        self._aws.write(
            "efs",
            "create_replication_configuration",
            SourceFileSystemId=file_system_id,
            Destinations=[{"Region": region, "FileSystemId": target_id}],
        )

    def _protect(self, file_system_id: str, protection: str) -> None:
        self._aws.write(
            "efs",
            "update_file_system_protection",
            FileSystemId=file_system_id,
            ReplicationOverwriteProtection=protection,
        )

    def _replication(self, file_system_id: str) -> Answer | None:
        """The replication whose copy this file system is."""
        found = self._replications(file_system_id)
        return next((each for each in found if _copy(each, file_system_id)), None)

    def _replications(self, file_system_id: str) -> list[Answer]:
        """Those that it is part of, at either end."""
        try:
            found = self._aws.read(
                "efs", "describe_replication_configurations", FileSystemId=file_system_id
            )
        except NotFound:
            return []
        return list(found["Replications"])


def _copy(replication: Answer, file_system_id: str) -> Answer:
    """The file system as a destination of the replication; empty where it is none."""
    copies: list[Answer] = replication["Destinations"]
    return next((each for each in copies if each["FileSystemId"] == file_system_id), Answer())
