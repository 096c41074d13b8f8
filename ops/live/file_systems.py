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

    def _replication(self, file_system_id: str) -> Answer | None:
        """The replication whose copy this file system is."""
        try:
            found = self._aws.read(
                "efs", "describe_replication_configurations", FileSystemId=file_system_id
            )
        except NotFound:
            return None
        return next((each for each in found["Replications"] if _copy(each, file_system_id)), None)


def _copy(replication: Answer, file_system_id: str) -> Answer:
    """The file system as a destination of the replication; empty where it is none."""
    copies: list[Answer] = replication["Destinations"]
    return next((each for each in copies if each["FileSystemId"] == file_system_id), Answer())
