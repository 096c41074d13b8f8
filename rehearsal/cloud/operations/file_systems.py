"""EFS: interfaces of mount targets, backup policies, throughput and replication, which
makes a read-only file system in the other region, as EFS does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from catalog.timings import seconds
from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import CLOCK, is_over, now, ready_at
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

BACKUPS = "efs:backup-policy"
REPLICATIONS = "efs:replication"
PROTECTION = "efs:protection"
DELETIONS = "efs:replication-deletion"
FIRST = "efs:first-copy"
CREATION = seconds("aws:efs/replicationConfiguration:ReplicationConfiguration", "create")
DELETION = seconds("aws:efs/replicationConfiguration:ReplicationConfiguration", "delete")
BEHIND = timedelta(seconds=seconds("runbook", "wait", "files").typical)
"""How far a copy is behind while both regions are there."""


def create_mount_target(call: Call) -> Answer:
    """CreateMountTarget: its interface is EFS's."""
    answer = call.upstream()
    name = answer["MountTargetId"]
    owner = interfaces.Owner(
        arn=name,
        description=f"EFS mount target for {answer['FileSystemId']} ({name})",
        service="amazon-efs",
    )
    interfaces.claim(call.here, owner, [answer["NetworkInterfaceId"]])
    return answer


def delete_mount_target(call: Call) -> Answer:
    """DeleteMountTarget: its interface goes with it."""
    answer = call.upstream()
    interfaces.release(call.here, call.params["MountTargetId"])
    return answer


def put_backup_policy(call: Call) -> Answer:
    """PutBackupPolicy."""
    system = file_system(call)
    status = call.params["BackupPolicy"]["Status"]
    call.here.table(BACKUPS)[system.file_system_id] = {"Status": status}
    return {"BackupPolicy": {"Status": status}}


def describe_backup_policy(call: Call) -> Answer:
    """DescribeBackupPolicy."""
    system = file_system(call)
    held = call.here.table(BACKUPS).get(system.file_system_id) or system.backup_policy
    if held is None:
        raise ApiError("PolicyNotFound", "the file system has no backup policy", 404)
    return {"BackupPolicy": {"Status": held["Status"]}}


def update_file_system(call: Call) -> Answer:
    """UpdateFileSystem: throughput."""
    system = file_system(call)
    if call.params.get("ThroughputMode"):
        system.throughput_mode = call.params["ThroughputMode"]
    if call.params.get("ProvisionedThroughputInMibps"):
        system.provisioned_throughput_in_mibps = call.params["ProvisionedThroughputInMibps"]
    found = call.ask("efs", "DescribeFileSystems", {"FileSystemId": system.file_system_id})
    return found["FileSystems"][0]


def update_file_system_protection(call: Call) -> Answer:
    """UpdateFileSystemProtection."""
    system = file_system(call)
    state = call.params.get("ReplicationOverwriteProtection") or "ENABLED"
    call.here.table(PROTECTION)[system.file_system_id] = {"state": state}
    return {"ReplicationOverwriteProtection": state}


def describe_file_systems(call: Call) -> Answer:
    """DescribeFileSystems, with their protection."""
    answer = call.upstream()
    for system in answer["FileSystems"]:
        kept = call.here.table(PROTECTION).get(system["FileSystemId"], {"state": "ENABLED"})
        system["FileSystemProtection"] = {"ReplicationOverwriteProtection": kept["state"]}
    return answer


def delete_file_system_policy(call: Call) -> Answer:
    """DeleteFileSystemPolicy."""
    file_system(call).file_system_policy = None
    return {}


def create_replication_configuration(call: Call) -> Answer:
    """CreateReplicationConfiguration: makes the destination, or overwrites one whose
    protection is off."""
    source = file_system(call, "SourceFileSystemId")
    destinations = [_destination(call, source, given) for given in call.params["Destinations"]]
    made: Record = {
        "SourceFileSystemId": source.file_system_id,
        "SourceFileSystemRegion": call.region,
        "SourceFileSystemArn": source.file_system_arn,
        "OriginalSourceFileSystemArn": source.file_system_arn,
        "CreationTime": now(),
        "Destinations": destinations,
        "SourceFileSystemOwnerId": call.account,
    }
    call.here.table(REPLICATIONS)[source.file_system_id] = made
    call.here.table(FIRST)[source.file_system_id] = {"until": ready_at(CREATION)}
    for each in destinations:
        there = call.cloud.region(each["Region"])
        there.table(REPLICATIONS)[each["FileSystemId"]] = made
        there.table(PROTECTION)[each["FileSystemId"]] = {"state": "REPLICATING"}
    return made


def describe_replication_configurations(call: Call) -> Answer:
    """DescribeReplicationConfigurations of the region, or of one file system."""
    _finish(call)
    table = call.here.table(REPLICATIONS)
    wanted = call.params.get("FileSystemId")
    if wanted and wanted not in table:
        raise ApiError("ReplicationNotFound", f"{wanted} is not replicated", 404)
    found = [table[wanted]] if wanted else list(table.values())
    for one in found:
        _copy(call, one)
    return page(call, "Replications", found, size="MaxResults", token="NextToken")


def _copy(call: Call, replication: Record) -> None:
    """Note up to when a copy has all: nothing before the first time is over, and nothing new while
    one of the regions is lost."""
    source, name = replication["SourceFileSystemRegion"], replication["SourceFileSystemId"]
    first = call.cloud.region(source).table(FIRST)[name]["until"]
    for copy in replication["Destinations"]:
        apart = {source, copy["Region"]} & call.lost.keys()
        if is_over(first) and not apart and copy["Status"] != "DELETING":
            copy["LastReplicatedTimestamp"] = now() - (BEHIND if CLOCK.driven else timedelta())


def delete_replication_configuration(call: Call) -> Answer:
    """DeleteReplicationConfiguration: from either end; the destination becomes writable.

    LOCAL_CONFIGURATION_ONLY leaves what the other region knows of it.
    """
    _finish(call)
    found = _replication_of(call, call.params["SourceFileSystemId"])
    ends = {found["SourceFileSystemRegion"], *(each["Region"] for each in found["Destinations"])}
    if call.params.get("DeletionMode") == "LOCAL_CONFIGURATION_ONLY":
        ends = {call.region}
    going = {**found, "Destinations": [{**e, "Status": "DELETING"} for e in found["Destinations"]]}
    until = ready_at(DELETION)
    for region, system in _ends(found):
        if region in ends:
            there = call.cloud.region(region)
            there.table(REPLICATIONS)[system] = going
            there.table(DELETIONS)[system] = {"until": until}
            _finish(call, region)
    return {}


def _ends(replication: Record) -> list[tuple[str, str]]:
    """Region and file system of the source and of each copy."""
    source = (replication["SourceFileSystemRegion"], replication["SourceFileSystemId"])
    return [source, *((e["Region"], e["FileSystemId"]) for e in replication["Destinations"])]


def _finish(call: Call, region: str = "") -> None:
    """Take away the replications whose deletion is over: the copy is a file system of its own."""
    there = call.cloud.region(region or call.region)
    deletions = there.table(DELETIONS)
    for system in [name for name, held in deletions.items() if is_over(held["until"])]:
        del deletions[system]
        replication = there.table(REPLICATIONS).pop(system)
        if system != replication["SourceFileSystemId"]:
            there.table(PROTECTION)[system] = {"state": "DISABLED"}


def _replication_of(call: Call, source: str) -> Record:
    """The replication whose source has this ID, as this region knows it."""
    for known in call.here.table(REPLICATIONS).values():
        if known["SourceFileSystemId"] == source:
            return known
    raise ApiError("ReplicationNotFound", f"{source} is not replicated", 404)


def file_system(call: Call, parameter: str = "FileSystemId") -> Any:
    """The file system that the call names, as moto keeps it. Raises ApiError."""
    name = call.params[parameter]
    found = call.here.moto("efs").file_systems_by_id.get(name.rpartition("/")[2])
    if found is None:
        raise ApiError("FileSystemNotFound", f"File system '{name}' does not exist.", 404)
    return found


def _destination(call: Call, source: Any, given: dict[str, Any]) -> Record:
    region = given.get("Region") or call.region
    name = given.get("FileSystemId")
    if not name:
        made: dict[str, Any] = {
            "CreationToken": f"destination-{call.cloud.number()}",
            "Encrypted": True,
            "PerformanceMode": source.performance_mode,
        }
        if given.get("KmsKeyId"):
            made["KmsKeyId"] = given["KmsKeyId"]
        name = call.ask("efs", "CreateFileSystem", made, region=region)["FileSystemId"]
    elif call.cloud.region(region).table(PROTECTION).get(name, {}).get("state") != "DISABLED":
        raise ApiError("ConflictException", f"{name} is protected against overwriting", 409)
    return {"Status": "ENABLED", "FileSystemId": name, "Region": region, "OwnerId": call.account}


OPERATIONS = {
    "CreateMountTarget": create_mount_target,
    "CreateReplicationConfiguration": create_replication_configuration,
    "DeleteFileSystemPolicy": delete_file_system_policy,
    "DeleteMountTarget": delete_mount_target,
    "DeleteReplicationConfiguration": delete_replication_configuration,
    "DescribeBackupPolicy": describe_backup_policy,
    "DescribeFileSystems": describe_file_systems,
    "DescribeReplicationConfigurations": describe_replication_configurations,
    "PutBackupPolicy": put_backup_policy,
    "UpdateFileSystem": update_file_system,
    "UpdateFileSystemProtection": update_file_system_protection,
}
