"""EFS file systems and their replication."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.file_systems import REPLICATIONS
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/efs/latest/ug"


def _provisioned(call: Call) -> str | None:
    mode = call.params.get("ThroughputMode")
    if mode == "provisioned" and not call.params.get("ProvisionedThroughputInMibps"):
        return "Provisioned throughput mode needs ProvisionedThroughputInMibps"
    return None


def _replicated(call: Call) -> str | None:
    name = call.params["FileSystemId"]
    if name in call.here.table(REPLICATIONS):
        return f"The file system {name} is part of a replication configuration: delete that first"
    return None


def _twice(call: Call) -> str | None:
    name = call.params["SourceFileSystemId"]
    if name in call.here.table(REPLICATIONS):
        return f"The file system {name} is already part of a replication configuration"
    return None


RULES = (
    Rule(
        name="provisioned throughput has an amount",
        service="efs",
        operations=("CreateFileSystem", "UpdateFileSystem"),
        code="BadRequest",
        url=f"{DOCS}/performance.html",
        broken=_provisioned,
    ),
    Rule(
        name="a replicated file system stays",
        service="efs",
        operations=("DeleteFileSystem",),
        code="FileSystemInUse",
        url=f"{DOCS}/API_DeleteFileSystem.html",
        broken=_replicated,
    ),
    Rule(
        name="a file system is replicated once",
        service="efs",
        operations=("CreateReplicationConfiguration",),
        code="ReplicationAlreadyExists",
        status=409,
        url=f"{DOCS}/API_CreateReplicationConfiguration.html",
        broken=_twice,
    ),
)
