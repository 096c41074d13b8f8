"""Read replicas of databases."""

from __future__ import annotations

from rehearsal.cloud.call import Call
from rehearsal.cloud.operations.databases import instance
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"


def _managed_password(call: Call) -> str | None:
    source = instance(call, call.params["SourceDBInstanceIdentifier"])
    if source is not None and source.manage_master_user_password:
        return (
            "You can't create a read replica of a DB instance whose master password RDS manages"
            " in Secrets Manager"
        )
    return None


def _backups(call: Call) -> str | None:
    source = instance(call, call.params["SourceDBInstanceIdentifier"])
    if source is not None and not source.backup_retention_period:
        return (
            f"Automated backups are not enabled for this database instance:"
            f" {source.db_instance_identifier}. Enable them with a backup retention period"
            " greater than 0."
        )
    return None


def _key(call: Call) -> str | None:
    source = instance(call, call.params["SourceDBInstanceIdentifier"])
    if source is None or source.region == call.region or not source.storage_encrypted:
        return None
    if not call.params.get("KmsKeyId"):
        return "Cannot create a cross region unencrypted read replica from encrypted source."
    return None


def _subnet_group(call: Call) -> str | None:
    name = call.params.get("DBSubnetGroupName")
    if name and name.lower() not in call.here.moto("rds").subnet_groups:
        return f"DBSubnetGroup {name} not found in {call.region}"
    return None


def _promotion(call: Call) -> str | None:
    found = instance(call, call.params["DBInstanceIdentifier"])
    if found is not None and not found.is_replica:
        return f"DB Instance {found.db_instance_identifier} is not a read replica"
    return None


def _with_replicas(call: Call) -> str | None:
    found = instance(call, call.params["DBInstanceIdentifier"])
    if found is not None and call.params.get("BackupRetentionPeriod") == 0 and found.replicas:
        return f"Backups cannot be disabled while {found.db_instance_identifier} has read replicas"
    return None


CREATE = ("CreateDBInstanceReadReplica",)
RULES = (
    Rule(
        name="a database with a managed password has no replica",
        service="rds",
        operations=CREATE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/rds-secrets-manager.html",
        broken=_managed_password,
    ),
    Rule(
        name="a replica's source has backups",
        service="rds",
        operations=CREATE,
        code="InvalidDBInstanceState",
        url=f"{DOCS}/USER_ReadRepl.Create.html",
        broken=_backups,
    ),
    Rule(
        name="an encrypted source's replica in another region has a key there",
        service="rds",
        operations=CREATE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_ReadRepl.XRgn.html",
        broken=_key,
    ),
    Rule(
        name="a replica's subnet group is of its region",
        service="rds",
        operations=CREATE,
        code="DBSubnetGroupNotFoundFault",
        url=f"{DOCS}/USER_ReadRepl.XRgn.html",
        broken=_subnet_group,
    ),
    Rule(
        name="only a replica is promoted",
        service="rds",
        operations=("PromoteReadReplica",),
        code="InvalidDBInstanceState",
        url=f"{DOCS}/USER_ReadRepl.Promote.html",
        broken=_promotion,
    ),
    Rule(
        name="a database with replicas keeps its backups",
        service="rds",
        operations=("ModifyDBInstance",),
        code="InvalidDBInstanceState",
        url=f"{DOCS}/USER_ReadRepl.html",
        broken=_with_replicas,
    ),
)
