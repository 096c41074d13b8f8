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
        try:
            found = self._aws.read(
                "efs", "describe_replication_configurations", FileSystemId=file_system_id
            )
        except NotFound:
            return None
        sources = [each for each in found["Replications"] if _leads_to(each, file_system_id)]
        return str(sources[0]["SourceFileSystemId"]) if sources else None

    def detach(self, file_system_id: str) -> None:
        """Deletes this region's half alone: the other's cannot be reached, nor need it be."""
        source = self.replicates(file_system_id)
        if source is not None:
            self._aws.write(
                "efs",
                "delete_replication_configuration",
                SourceFileSystemId=source,
                DeletionMode="LOCAL_CONFIGURATION_ONLY",
            )


def _leads_to(replication: Answer, file_system_id: str) -> bool:
    return any(each["FileSystemId"] == file_system_id for each in replication["Destinations"])
