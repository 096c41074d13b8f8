"""Lives of databases, what they belong to, and their backups."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

SUBNETS = (
    "aws:rds/subnetGroup:SubnetGroup",
    {"name": "db", "subnetIds": ["{subnet_a}", "{subnet_b}"], "tags": {"Name": "db"}},
)
PARAMETERS = (
    "aws:rds/parameterGroup:ParameterGroup",
    {
        "name": "pg17",
        "family": "postgres17",
        "parameters": [
            {"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"},
            {"name": "log_min_duration_statement", "value": "1000"},
        ],
    },
)
DATABASE = (
    "aws:rds/instance:Instance",
    {
        "identifier": "mlflow-g1",
        "instanceClass": "db.r5.large",
        "engine": "postgres",
        "engineVersion": "17.6",
        "allocatedStorage": 100,
        "maxAllocatedStorage": 500,
        "storageType": "gp3",
        "storageEncrypted": True,
        "kmsKeyId": "{key}",
        "dbName": "mlflow",
        "username": "platform",
        "passwordWo": "a-long-generated-value",
        "passwordWoVersion": 1,
        "dbSubnetGroupName": "{before.subnets.id}",
        "parameterGroupName": "{before.parameters.id}",
        "vpcSecurityGroupIds": ["{group}"],
        "multiAz": True,
        "backupRetentionPeriod": 7,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:05:00-sun:06:00",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "enabledCloudwatchLogsExports": ["postgresql"],
        "performanceInsightsEnabled": True,
        "performanceInsightsRetentionPeriod": 7,
        "copyTagsToSnapshot": True,
        "deletionProtection": True,
        "skipFinalSnapshot": True,
        "applyImmediately": True,
        "publiclyAccessible": False,
        "tags": {"Name": "mlflow-g1"},
    },
)
SMALL = (
    "aws:rds/instance:Instance",
    {
        "identifier": "source",
        "instanceClass": "db.t3.medium",
        "engine": "postgres",
        "engineVersion": "17.6",
        "allocatedStorage": 20,
        "username": "platform",
        "password": "a-long-generated-value",
        "backupRetentionPeriod": 7,
        "dbSubnetGroupName": "{before.subnets.id}",
        "skipFinalSnapshot": True,
    },
)


def instance(account: Account, name: str) -> Any:
    """The instance as boto3 shows it."""
    return account("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def _parameters(account: Account, id_: str) -> Any:
    found = account("rds").describe_db_parameters(DBParameterGroupName=id_, Source="user")
    return {one["ParameterName"]: one["ParameterValue"] for one in found["Parameters"]}


def _subscription(account: Account, id_: str) -> Any:
    found = account("rds").describe_event_subscriptions(SubscriptionName=id_)
    return found["EventSubscriptionsList"][0]


LIVES = (
    Life(
        token=SUBNETS[0],
        props=SUBNETS[1],
        change={"description": "of the platform", "tags": {"Name": "database"}},
        look=lambda account, id_: account("rds").describe_db_subnet_groups(DBSubnetGroupName=id_)[
            "DBSubnetGroups"
        ][0]["DBSubnetGroupDescription"],
        shows="of the platform",
        meddle=lambda account, id_: account("rds").modify_db_subnet_group(
            DBSubnetGroupName=id_,
            DBSubnetGroupDescription="other",
            SubnetIds=[account.subnet_a, account.subnet_b],
        ),
    ),
    Life(
        token=PARAMETERS[0],
        props=PARAMETERS[1],
        change={
            "parameters": [
                {"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"},
                {"name": "log_min_duration_statement", "value": "2000"},
            ]
        },
        look=_parameters,
        shows={"rds.force_ssl": "1", "log_min_duration_statement": "2000"},
        meddle=lambda account, id_: account("rds").modify_db_parameter_group(
            DBParameterGroupName=id_,
            Parameters=[
                {
                    "ParameterName": "rds.force_ssl",
                    "ParameterValue": "0",
                    "ApplyMethod": "immediate",
                }
            ],
        ),
    ),
    Life(
        token=DATABASE[0],
        before={"subnets": SUBNETS, "parameters": PARAMETERS},
        props=DATABASE[1],
        change={
            "identifier": "mlflow-g2",
            "instanceClass": "db.r5.xlarge",
            "backupRetentionPeriod": 14,
            "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
            "deletionProtection": False,
            "tags": {"Name": "mlflow-g2"},
        },
        look=lambda account, _id: [
            instance(account, "mlflow-g2")[member]
            for member in ("DBInstanceClass", "BackupRetentionPeriod", "DeletionProtection")
        ],
        shows=["db.r5.xlarge", 14, False],
        meddle=lambda account, _id: account("rds").modify_db_instance(
            DBInstanceIdentifier="mlflow-g2", BackupRetentionPeriod=0, ApplyImmediately=True
        ),
        undo=("deletionProtection",),
    ),
    Life(
        token="aws:rds/eventSubscription:EventSubscription",
        props={
            "name": "failures",
            "snsTopic": "{topic}",
            "sourceType": "db-instance",
            "eventCategories": ["failure", "failover"],
            "tags": {"Name": "failures"},
        },
        change={"eventCategories": ["failure"], "enabled": False},
        look=lambda account, id_: [
            _subscription(account, id_)[member] for member in ("EventCategoriesList", "Enabled")
        ],
        shows=[["failure"], False],
        meddle=lambda account, id_: account("rds").delete_event_subscription(SubscriptionName=id_),
    ),
    Life(
        token="aws:rds/snapshot:Snapshot",
        before={"subnets": SUBNETS, "source": SMALL},
        props={
            "dbInstanceIdentifier": "source",
            "dbSnapshotIdentifier": "before-upgrade",
            "tags": {"Name": "before"},
        },
        change={"tags": {"Name": "kept"}},
        look=lambda account, id_: account("rds").describe_db_snapshots(DBSnapshotIdentifier=id_)[
            "DBSnapshots"
        ][0]["TagList"],
        shows=[{"Key": "Name", "Value": "kept"}],
        meddle=lambda account, id_: account("rds").delete_db_snapshot(DBSnapshotIdentifier=id_),
    ),
    Life(
        token="aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        before={"subnets": SUBNETS, "source": SMALL},
        props={
            "sourceDbInstanceArn": "{before.source.arn}",
            "retentionPeriod": 14,
            "region": "us-west-2",
        },
        meddle=lambda account, id_: account(
            "rds", "us-west-2"
        ).stop_db_instance_automated_backups_replication(
            SourceDBInstanceArn="arn:aws:rds:us-east-1:123456789012:db:source"
        ),
    ),
)
