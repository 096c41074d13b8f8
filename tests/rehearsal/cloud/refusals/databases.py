"""Examples of refusals in RDS."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import ACCOUNT_ID, GHOST, Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
MAIN = {"DBInstanceIdentifier": "main"}


def asked(rule: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    """The example of a rule that judges only what an instance is asked with."""

    @EXAMPLES.of(rule)
    def _(a: Account, refused: Refused) -> None:
        refused(a.database, "wrong", **wrong)
        a.database("right", **right)


asked(
    "a database's instance class exists",
    {"DBInstanceClass": "db.r5.huge"},
    {"DBInstanceClass": "db.r5.large"},
)
asked("a database's engine version exists", {"EngineVersion": "17.99"}, {"EngineVersion": "17.6"})
asked(
    "a database's storage is within the limits of its type",
    {"AllocatedStorage": 5},
    {"AllocatedStorage": 20},
)
asked(
    "insights are kept for 7 days, 731, or months of 31",
    {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 30},
    {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 31},
)
asked(
    "a master password is long enough and has no forbidden character",
    {"MasterUserPassword": "with@slash/1"},
    {"MasterUserPassword": "with-dash-1"},
)
asked(
    "a managed password is not given as well",
    {"ManageMasterUserPassword": True},
    {"ManageMasterUserPassword": True, "MasterUserPassword": None},
)
asked(
    "a master user has no reserved name",
    {"MasterUsername": "rdsadmin"},
    {"MasterUsername": "mlops"},
)
asked(
    "backups are kept for 35 days at most",
    {"BackupRetentionPeriod": 36},
    {"BackupRetentionPeriod": 35},
)
asked(
    "a database exports the logs that PostgreSQL has",
    {"EnableCloudwatchLogsExports": ["slowquery"]},
    {"EnableCloudwatchLogsExports": ["postgresql", "upgrade"]},
)
asked(
    "a database's certificate authority exists",
    {"CACertificateIdentifier": "rds-ca-2019"},
    {"CACertificateIdentifier": "rds-ca-rsa2048-g1"},
)


@EXAMPLES.of("a database's storage does not shrink")
def _(a: Account, refused: Refused) -> None:
    a.database()
    refused(a.rds.modify_db_instance, **MAIN, AllocatedStorage=50)
    a.rds.modify_db_instance(**MAIN, AllocatedStorage=200)


@EXAMPLES.of("a database's engine does not go back")
def _(a: Account, refused: Refused) -> None:
    a.database(EngineVersion="17.5")
    refused(a.rds.modify_db_instance, **MAIN, EngineVersion="16.10")
    a.rds.modify_db_instance(**MAIN, EngineVersion="17.6")


@EXAMPLES.of("a major upgrade of a database is asked for")
def _(a: Account, refused: Refused) -> None:
    a.database(EngineVersion="16.10")
    refused(a.rds.modify_db_instance, **MAIN, EngineVersion="17.6")
    a.rds.modify_db_instance(**MAIN, EngineVersion="17.6", AllowMajorVersionUpgrade=True)


@EXAMPLES.of("enhanced monitoring has a known interval and a role")
def _(a: Account, refused: Refused) -> None:
    role = a.role("monitoring", "monitoring.rds.amazonaws.com")
    refused(a.database, "slow", MonitoringInterval=45, MonitoringRoleArn=role)
    refused(a.database, "ghost", MonitoringInterval=60, MonitoringRoleArn=GHOST)
    a.database(MonitoringInterval=60, MonitoringRoleArn=role)


@EXAMPLES.of("a database's security groups exist")
def _(a: Account, refused: Refused) -> None:
    refused(a.database, "wrong", VpcSecurityGroupIds=["sg-0123456789abcdef0"])
    a.database(VpcSecurityGroupIds=[a.group(a.vpc())])


@EXAMPLES.of("a parameter group's family is the engine's")
def _(a: Account, refused: Refused) -> None:
    for major in ("16", "17"):
        a.rds.create_db_parameter_group(
            DBParameterGroupName=f"group{major}",
            DBParameterGroupFamily=f"postgres{major}",
            Description="d",
        )
    refused(a.database, "wrong", DBParameterGroupName="group16")
    a.database(DBParameterGroupName="group17")


@EXAMPLES.of("a database with a key is encrypted")
def _(a: Account, refused: Refused) -> None:
    key = a.key()
    refused(a.database, "wrong", KmsKeyId=key)
    a.database(KmsKeyId=key, StorageEncrypted=True)


@EXAMPLES.of("a database leaves a final snapshot or says that it does not")
def _(a: Account, refused: Refused) -> None:
    a.database()
    final = {"FinalDBSnapshotIdentifier": "last"}
    refused(a.rds.delete_db_instance, **MAIN)
    refused(a.rds.delete_db_instance, **MAIN, **final, SkipFinalSnapshot=True)
    a.rds.delete_db_instance(**MAIN, **final)


@EXAMPLES.of("a snapshot's name is not taken")
def _(a: Account, refused: Refused) -> None:
    a.database()
    a.rds.create_db_snapshot(**MAIN, DBSnapshotIdentifier="last")
    refused(a.rds.delete_db_instance, **MAIN, FinalDBSnapshotIdentifier="last")
    a.rds.delete_db_instance(**MAIN, FinalDBSnapshotIdentifier="really-last")


@EXAMPLES.of("a database's subnets lie in two zones")
def _(a: Account, refused: Refused) -> None:
    vpc = a.vpc()
    first, twin = a.subnets(vpc, "aa")
    other = a.subnets(vpc, "b", start=9)[0]
    group = {"DBSubnetGroupName": "main", "DBSubnetGroupDescription": "d"}
    refused(a.rds.create_db_subnet_group, **group, SubnetIds=[first, twin])
    a.rds.create_db_subnet_group(**group, SubnetIds=[first, other])


@EXAMPLES.of("a subnet group's name is not taken")
def _(a: Account, refused: Refused) -> None:
    a.database_subnets("main")
    refused(a.database_subnets, "main")


@EXAMPLES.of("a subnet group in use stays")
def _(a: Account, refused: Refused) -> None:
    a.database_subnets()
    a.database(DBSubnetGroupName="database")
    refused(a.rds.delete_db_subnet_group, DBSubnetGroupName="database")
    a.rds.delete_db_instance(**MAIN, SkipFinalSnapshot=True)
    a.rds.delete_db_subnet_group(DBSubnetGroupName="database")


def parameters(name: str, family: str) -> dict[str, str]:
    return {"DBParameterGroupName": name, "DBParameterGroupFamily": family, "Description": "d"}


@EXAMPLES.of("a parameter group's family exists")
def _(a: Account, refused: Refused) -> None:
    refused(a.rds.create_db_parameter_group, **parameters("wrong", "postgres99"))
    a.rds.create_db_parameter_group(**parameters("right", "postgres17"))


@EXAMPLES.of("a static parameter waits for a restart")
def _(a: Account, refused: Refused) -> None:
    a.rds.create_db_parameter_group(**parameters("main", "postgres17"))
    change = {"ParameterName": "max_connections", "ParameterValue": "500"}
    group = {"DBParameterGroupName": "main"}
    wrong = [{**change, "ApplyMethod": "immediate"}]
    refused(a.rds.modify_db_parameter_group, **group, Parameters=wrong)
    right = [{**change, "ApplyMethod": "pending-reboot"}]
    a.rds.modify_db_parameter_group(**group, Parameters=right)


@EXAMPLES.of("a default parameter group is AWS's")
def _(a: Account, refused: Refused) -> None:
    a.rds.create_db_parameter_group(**parameters("mine", "postgres17"))
    refused(a.rds.delete_db_parameter_group, DBParameterGroupName="default.postgres17")
    a.rds.delete_db_parameter_group(DBParameterGroupName="mine")


@EXAMPLES.of("a parameter group in use stays")
def _(a: Account, refused: Refused) -> None:
    a.rds.create_db_parameter_group(**parameters("main", "postgres17"))
    a.database(DBParameterGroupName="main")
    refused(a.rds.delete_db_parameter_group, DBParameterGroupName="main")
    a.rds.delete_db_instance(**MAIN, SkipFinalSnapshot=True)
    a.rds.delete_db_parameter_group(DBParameterGroupName="main")


def replica(a: Account, source: str, **more: Any) -> dict[str, Any]:
    return {"DBInstanceIdentifier": "copy", "SourceDBInstanceIdentifier": source, **more}


@EXAMPLES.of("a database with a managed password has no replica")
def _(a: Account, refused: Refused) -> None:
    a.database("managed", ManageMasterUserPassword=True, MasterUserPassword=None)
    a.database("own")
    refused(a.rds.create_db_instance_read_replica, **replica(a, "managed"))
    a.rds.create_db_instance_read_replica(**replica(a, "own"))


@EXAMPLES.of("a replica's source has backups")
def _(a: Account, refused: Refused) -> None:
    a.database(BackupRetentionPeriod=0)
    refused(a.rds.create_db_instance_read_replica, **replica(a, "main"))
    a.rds.modify_db_instance(**MAIN, BackupRetentionPeriod=7)
    a.rds.create_db_instance_read_replica(**replica(a, "main"))


@EXAMPLES.of("an encrypted source's replica in another region has a key there")
def _(a: Account, refused: Refused) -> None:
    a.database(StorageEncrypted=True)
    west = a.there("us-west-2")
    given = replica(a, f"arn:aws:rds:us-east-1:{ACCOUNT_ID}:db:main")
    refused(west.rds.create_db_instance_read_replica, **given)
    west.rds.create_db_instance_read_replica(**given, KmsKeyId=west.key())


@EXAMPLES.of("a replica's subnet group is of its region")
def _(a: Account, refused: Refused) -> None:
    a.database_subnets("east")
    a.database(DBSubnetGroupName="east")
    west = a.there("us-west-2")
    west.database_subnets("west")
    given = replica(a, f"arn:aws:rds:us-east-1:{ACCOUNT_ID}:db:main")
    refused(west.rds.create_db_instance_read_replica, **given, DBSubnetGroupName="east")
    west.rds.create_db_instance_read_replica(**given, DBSubnetGroupName="west")


@EXAMPLES.of("only a replica is promoted")
def _(a: Account, refused: Refused) -> None:
    a.database()
    a.rds.create_db_instance_read_replica(**replica(a, "main"))
    refused(a.rds.promote_read_replica, **MAIN)
    a.rds.promote_read_replica(DBInstanceIdentifier="copy")


@EXAMPLES.of("a database with replicas keeps its backups")
def _(a: Account, refused: Refused) -> None:
    a.database()
    a.rds.create_db_instance_read_replica(**replica(a, "main"))
    refused(a.rds.modify_db_instance, **MAIN, BackupRetentionPeriod=0)
    a.rds.modify_db_instance(**MAIN, BackupRetentionPeriod=14)


@EXAMPLES.of("a snapshot that is restored is available")
def _(a: Account, refused: Refused) -> None:
    a.database(StorageEncrypted=True)
    a.control("POST", "clock", {"advance": 0})
    a.rds.create_db_snapshot(**MAIN, DBSnapshotIdentifier="now")
    given = {"DBInstanceIdentifier": "again", "DBSnapshotIdentifier": "now"}
    refused(a.rds.restore_db_instance_from_db_snapshot, **given)
    a.control("POST", "clock", {"advance": 3600})
    a.rds.restore_db_instance_from_db_snapshot(**given)
