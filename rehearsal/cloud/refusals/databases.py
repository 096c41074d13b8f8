"""RDS instances: what can be asked for, and what a deletion needs."""

from __future__ import annotations

import re

from catalog.postgres import FAMILIES, MAX_GP3_GIB, MAX_RETENTION_DAYS, MIN_GP3_GIB
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_group, absent_role, instance_types
from rehearsal.cloud.operations.database_snapshots import AVAILABLE, status_of
from rehearsal.cloud.operations.databases import AUTHORITIES, instance
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"
CLASS_FAMILIES = frozenset(
    name
    for generation in "5 6g 6gd 6i 6id 7g 7gd 7i 8g 8gd".split()  # noqa: SIM905
    for name in (f"m{generation}", f"r{generation}")
) | {"t3", "t4g", "m5d", "r5b", "r5d", "x2g", "x2idn", "x2iedn"}
"""Families of instances that RDS for PostgreSQL runs on."""
INSIGHTS_DAYS = (7, 731, *range(31, 714, 31))
MONITORING_SECONDS = (0, 1, 5, 10, 15, 30, 60)
POSTGRES_LOGS = ("postgresql", "upgrade", "iam-db-auth-error")
RESERVED_USERS = ("admin", "postgres", "rdsadmin", "rds_superuser", "user", "public")
_PASSWORD = re.compile(r"[ -~]{8,128}")


def _class(call: Call) -> str | None:
    name = call.params.get("DBInstanceClass")
    if name is None:
        return None
    machine = name.removeprefix("db.")
    known = machine in instance_types() and machine.partition(".")[0] in CLASS_FAMILIES
    if not name.startswith("db.") or not known:
        return f"Invalid DB Instance class: {name}"
    return None


def _engine_version(call: Call) -> str | None:
    version, engine = call.params.get("EngineVersion"), call.params.get("Engine", "postgres")
    majors = {each.partition(".")[0] for each in FAMILIES}
    if engine == "postgres" and version and version not in FAMILIES and version not in majors:
        return f"Cannot find version {version} for postgres"
    return None


def _storage(call: Call) -> str | None:
    size = call.params.get("AllocatedStorage")
    if size is not None and not MIN_GP3_GIB <= size <= MAX_GP3_GIB:
        return (
            f"Invalid storage size for engine name postgres and storage type gp3: {size}, it"
            f" must be {MIN_GP3_GIB} to {MAX_GP3_GIB} GiB"
        )
    return None


def _shrinking(call: Call) -> str | None:
    found, size = (
        instance(call, call.params["DBInstanceIdentifier"]),
        call.params.get("AllocatedStorage"),
    )
    if found is not None and size is not None and size < found.allocated_storage:
        return f"Requested size {size} GiB is smaller than the current {found.allocated_storage}"
    return None


def _downgrade(call: Call) -> str | None:
    found, version = (
        instance(call, call.params["DBInstanceIdentifier"]),
        call.params.get("EngineVersion"),
    )
    if found is None or not version:
        return None
    if _numbers(version) < _numbers(found.engine_version):
        return f"Cannot upgrade postgres from {found.engine_version} to {version}"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _major_upgrade(call: Call) -> str | None:
    found, version = (
        instance(call, call.params["DBInstanceIdentifier"]),
        call.params.get("EngineVersion"),
    )
    if found is None or not version or call.params.get("AllowMajorVersionUpgrade"):
        return None
    if _numbers(version)[0] > _numbers(found.engine_version)[0]:
        return (
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major"
            " version."
        )
    return None


def _insights(call: Call) -> str | None:
    days = call.params.get("PerformanceInsightsRetentionPeriod")
    if days is not None and days not in INSIGHTS_DAYS:
        return (
            f"Invalid Performance Insights retention period: {days}. Valid are 7, 731, or months"
            " of 31 days"
        )
    return None


def _monitoring(call: Call) -> str | None:
    seconds = call.params.get("MonitoringInterval")
    if seconds is not None and seconds not in MONITORING_SECONDS:
        return f"Invalid MonitoringInterval: {seconds}. Valid are {MONITORING_SECONDS}"
    problem = absent_role(call, call.params.get("MonitoringRoleArn"))
    return f"IAM role ARN value is invalid: {problem}" if problem else None


def _password(call: Call) -> str | None:
    password = call.params.get("MasterUserPassword")
    if password is None:
        return None
    if len(password) < 8:
        return (
            "The parameter MasterUserPassword is not a valid password because it is shorter than"
            " 8 characters."
        )
    if not _PASSWORD.fullmatch(password) or set(password) & set("/@\" '"):
        return (
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII"
            " characters besides '/', '@', '\"', ' ' may be used."
        )
    return None


def _two_passwords(call: Call) -> str | None:
    if call.params.get("ManageMasterUserPassword") and call.params.get("MasterUserPassword"):
        return "You can't specify MasterUserPassword for an instance with a managed password."
    return None


def _user(call: Call) -> str | None:
    name = call.params.get("MasterUsername")
    if name and name.lower() in RESERVED_USERS:
        return f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
    return None


def _retention(call: Call) -> str | None:
    days = call.params.get("BackupRetentionPeriod")
    if days is not None and not 0 <= days <= MAX_RETENTION_DAYS:
        return (
            f"Invalid backup retention period: {days}. Must be between 0 and {MAX_RETENTION_DAYS}."
        )
    return None


def _logs(call: Call) -> str | None:
    given = [*call.listed("EnableCloudwatchLogsExports")]
    given += call.listed("CloudwatchLogsExportConfiguration.EnableLogTypes")
    for kind in given:
        if kind not in POSTGRES_LOGS:
            return f"You cannot use the log type '{kind}' with engine version postgres."
    return None


def _authority(call: Call) -> str | None:
    name = call.params.get("CACertificateIdentifier")
    if name and name not in AUTHORITIES:
        return f"Certificate not found: {name}"
    return None


def _groups(call: Call) -> str | None:
    missing = absent_group(call, call.listed("VpcSecurityGroupIds"))
    return f"Invalid security group, groupId= {missing}, groupName=." if missing else None


def _family(call: Call) -> str | None:
    name = call.params.get("DBParameterGroupName") or ""
    found = instance(call, call.params["DBInstanceIdentifier"])
    version = call.params.get("EngineVersion") or (found.engine_version if found else None)
    group = call.here.moto("rds").db_parameter_groups.get(name)
    wanted = f"postgres{str(version).partition('.')[0]}"
    if group is not None and version and group.family != wanted:
        return (
            f"The parameter group {name} with DBParameterGroupFamily {group.family} can't be used"
            f" for this instance. Please use a parameter group with family {wanted}."
        )
    return None


def _encrypted(call: Call) -> str | None:
    if call.params.get("KmsKeyId") and not call.params.get("StorageEncrypted"):
        return "KmsKeyId requires StorageEncrypted"
    return None


def _final_snapshot(call: Call) -> str | None:
    skip = call.params.get("SkipFinalSnapshot")
    name = call.params.get("FinalDBSnapshotIdentifier")
    found = instance(call, call.params["DBInstanceIdentifier"])
    if found is None or found.is_replica:
        return None
    if not skip and not name:
        return "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
    if skip and name:
        return (
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot."
        )
    return None


def _snapshot_exists(call: Call) -> str | None:
    name = call.params.get("FinalDBSnapshotIdentifier") or call.params.get("DBSnapshotIdentifier")
    if name and name in call.here.moto("rds").database_snapshots:
        return f"Cannot create the snapshot because one with the identifier {name} already exists."
    return None


def _unfinished(call: Call) -> str | None:
    name = call.params.get("DBSnapshotIdentifier")
    status = status_of(call, name) if name else AVAILABLE
    if status == AVAILABLE:
        return None
    return f"The DB snapshot {name} is not in the available state: it is {status}."


CREATE = ("CreateDBInstance",)
CHANGE = ("CreateDBInstance", "ModifyDBInstance")
INSTANCE = f"{API}/API_CreateDBInstance.html"

RULES = (
    Rule(
        name="a database's instance class exists",
        service="rds",
        operations=(*CHANGE, "CreateDBInstanceReadReplica", "RestoreDBInstanceFromDBSnapshot"),
        code="InvalidParameterValue",
        url=f"{DOCS}/Concepts.DBInstanceClass.Types.html",
        broken=_class,
    ),
    Rule(
        name="a database's engine version exists",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/PostgreSQL.Concepts.General.DBVersions.html",
        broken=_engine_version,
    ),
    Rule(
        name="a database's storage is within the limits of its type",
        service="rds",
        operations=CREATE,
        code="InvalidParameterValue",
        url=f"{DOCS}/CHAP_Storage.html",
        broken=_storage,
    ),
    Rule(
        name="a database's storage does not shrink",
        service="rds",
        operations=("ModifyDBInstance",),
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_PIOPS.ModifyingExisting.html",
        broken=_shrinking,
    ),
    Rule(
        name="a database's engine does not go back",
        service="rds",
        operations=("ModifyDBInstance",),
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_UpgradeDBInstance.PostgreSQL.html",
        broken=_downgrade,
    ),
    Rule(
        name="a major upgrade of a database is asked for",
        service="rds",
        operations=("ModifyDBInstance",),
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html",
        broken=_major_upgrade,
    ),
    Rule(
        name="insights are kept for 7 days, 731, or months of 31",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterValue",
        url=f"{DOCS}/USER_PerfInsights.Overview.cost.html",
        broken=_insights,
    ),
    Rule(
        name="enhanced monitoring has a known interval and a role",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterValue",
        url=f"{DOCS}/USER_Monitoring.OS.Enabling.html",
        broken=_monitoring,
    ),
    Rule(
        name="a master password is long enough and has no forbidden character",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterValue",
        url=INSTANCE,
        broken=_password,
    ),
    Rule(
        name="a managed password is not given as well",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/rds-secrets-manager.html",
        broken=_two_passwords,
    ),
    Rule(
        name="a master user has no reserved name",
        service="rds",
        operations=CREATE,
        code="InvalidParameterValue",
        url=INSTANCE,
        broken=_user,
    ),
    Rule(
        name="backups are kept for 35 days at most",
        service="rds",
        operations=(*CHANGE, "PromoteReadReplica"),
        code="InvalidParameterValue",
        url=f"{DOCS}/USER_WorkingWithAutomatedBackups.BackupRetention.html",
        broken=_retention,
    ),
    Rule(
        name="a database exports the logs that PostgreSQL has",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_LogAccess.Concepts.PostgreSQL.html",
        broken=_logs,
    ),
    Rule(
        name="a database's certificate authority exists",
        service="rds",
        operations=CHANGE,
        code="CertificateNotFound",
        url=f"{DOCS}/UsingWithRDS.SSL.html",
        broken=_authority,
    ),
    Rule(
        name="a database's security groups exist",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterValue",
        url=INSTANCE,
        broken=_groups,
    ),
    Rule(
        name="a parameter group's family is the engine's",
        service="rds",
        operations=CHANGE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_WorkingWithParamGroups.html",
        broken=_family,
    ),
    Rule(
        name="a database with a key is encrypted",
        service="rds",
        operations=CREATE,
        code="InvalidParameterCombination",
        url=f"{DOCS}/Overview.Encryption.html",
        broken=_encrypted,
    ),
    Rule(
        name="a database leaves a final snapshot or says that it does not",
        service="rds",
        operations=("DeleteDBInstance",),
        code="InvalidParameterCombination",
        url=f"{API}/API_DeleteDBInstance.html",
        broken=_final_snapshot,
    ),
    Rule(
        name="a snapshot that is restored is available",
        service="rds",
        operations=("RestoreDBInstanceFromDBSnapshot",),
        code="InvalidDBSnapshotState",
        url=f"{API}/API_RestoreDBInstanceFromDBSnapshot.html",
        broken=_unfinished,
    ),
    Rule(
        name="a snapshot's name is not taken",
        service="rds",
        operations=("DeleteDBInstance", "CreateDBSnapshot"),
        code="DBSnapshotAlreadyExists",
        url=f"{API}/API_DeleteDBInstance.html",
        broken=_snapshot_exists,
    ),
)
