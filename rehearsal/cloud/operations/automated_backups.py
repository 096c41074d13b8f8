"""RDS automated backups: replicated into another region, and listed there."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations.databases import instance
from rehearsal.cloud.operations.eks_records import identifier
from rehearsal.cloud.state import Record

KIND = "rds:replicated-backup"


def start(call: Call) -> Answer:
    """StartDBInstanceAutomatedBackupsReplication, called in the destination."""
    source = instance(call, call.params["SourceDBInstanceArn"])
    if source is None:
        raise ApiError("DBInstanceNotFound", "the source of the backups does not exist", 404)
    if source.db_instance_arn in call.here.table(KIND):
        raise ApiError("DBInstanceAutomatedBackupAlreadyExists", "it is replicated already")
    own = f"arn:aws:rds:{call.region}:{call.account}:auto-backup:ab-{identifier(call, 'backup')}"
    made: Record = {
        "DBInstanceArn": source.db_instance_arn,
        "DbiResourceId": source.dbi_resource_id,
        "Region": source.region,
        "DBInstanceIdentifier": source.db_instance_identifier,
        "Status": "replicating",
        "AllocatedStorage": source.allocated_storage,
        "Engine": source.engine,
        "EngineVersion": source.engine_version,
        "Encrypted": bool(source.storage_encrypted),
        "BackupRetentionPeriod": call.params.get("BackupRetentionPeriod") or 7,
        "DBInstanceAutomatedBackupsArn": own,
        "TagList": call.listed("Tags"),
    }
    if call.params.get("KmsKeyId"):
        made["KmsKeyId"] = call.params["KmsKeyId"]
    call.here.table(KIND)[source.db_instance_arn] = made
    return {"DBInstanceAutomatedBackup": made}


def stop(call: Call) -> Answer:
    """StopDBInstanceAutomatedBackupsReplication, called in the destination."""
    found = call.here.table(KIND).pop(call.params["SourceDBInstanceArn"], None)
    if found is None:
        raise ApiError("InvalidDBInstanceState", "the backups of this source are not replicated")
    return {"DBInstanceAutomatedBackup": {**found, "Status": "deleting"}}


def describe(call: Call) -> Answer:
    """DescribeDBInstanceAutomatedBackups: the region's own, and those replicated into it."""
    wanted = {
        name: call.params[name]
        for name in ("DbiResourceId", "DBInstanceIdentifier", "DBInstanceAutomatedBackupsArn")
        if call.params.get(name)
    }
    own = [] if "DBInstanceAutomatedBackupsArn" in wanted else _own(call)
    replicated = [
        record
        for record in call.here.table(KIND).values()
        if all(record.get(name) == value for name, value in wanted.items())
    ]
    return {"DBInstanceAutomatedBackups": own + replicated}


def delete(call: Call) -> Answer:
    """DeleteDBInstanceAutomatedBackup: what was kept of an instance that is no more."""
    rds, wanted = call.here.moto("rds"), call.params.get("DbiResourceId")
    if any(each.dbi_resource_id == wanted for each in rds.databases.values()):
        text = f"the instance {wanted} exists: its backups go with it"
        raise ApiError("InvalidDBInstanceAutomatedBackupState", text)
    held = {
        name: each
        for name, each in rds.database_snapshots.items()
        if each.dbi_resource_id == wanted and each.snapshot_type == "automated"
    }
    if not held:
        text = f"Automated backup of {wanted} not found."
        raise ApiError("DBInstanceAutomatedBackupNotFound", text, 404)
    for name in held:
        del rds.database_snapshots[name]
    return {"DBInstanceAutomatedBackup": {"DbiResourceId": wanted, "Status": "deleting"}}


def _own(call: Call) -> list[Record]:
    answer = call.upstream()
    return answer.get("DBInstanceAutomatedBackups") or []


OPERATIONS = {
    "DeleteDBInstanceAutomatedBackup": delete,
    "DescribeDBInstanceAutomatedBackups": describe,
    "StartDBInstanceAutomatedBackupsReplication": start,
    "StopDBInstanceAutomatedBackupsReplication": stop,
}
