"""How the properties of a database instance are called in RDS's operations and answers, which
use several names for one thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.providers.aws import tags
from rehearsal.providers.aws.resource import Aws
from rehearsal.providers.aws.shapes import reported
from rehearsal.providers.wire import Props, as_list, as_object

NAMES: Mapping[str, str] = {
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "username": "MasterUsername",
    "password": "MasterUserPassword",
    "backupWindow": "PreferredBackupWindow",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "parameterGroupName": "DBParameterGroupName",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "caCertIdentifier": "CACertificateIdentifier",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
}
"""Properties whose member has another name."""
RESTORED_NAMES = {**NAMES, "identifier": "TargetDBInstanceIdentifier"}

STEERING = frozenset(
    {"allowMajorVersionUpgrade", "applyImmediately", "deleteAutomatedBackups"}
    | {"finalSnapshotIdentifier", "skipFinalSnapshot", "passwordWo", "passwordWoVersion"}
    | {"restoreToPointInTime", "snapshotIdentifier", "tags"}
)
"""Properties that steer calls and are no property of the instance itself."""
INHERITED = frozenset(
    {"dbName", "engine", "engineVersion", "backupRetentionPeriod", "backupWindow"}
    | {"maintenanceWindow", "storageEncrypted", "username", "password", "engineLifecycleSupport"}
    | {"licenseModel", "manageMasterUserPassword", "masterUserSecretKmsKeyId"}
)
"""What a replica takes from its source, or can only be told after it exists."""
NOT_RESTORED = frozenset(
    {"engineVersion", "maintenanceWindow", "storageEncrypted", "username", "password"}
    | {"kmsKeyId", "monitoringInterval", "monitoringRoleArn", "performanceInsightsEnabled"}
    | {"performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"}
    | {"databaseInsightsMode", "maxAllocatedStorage"}
)
"""What a restored instance takes from the snapshot, or can only be told after it exists."""
MODIFIED_NAMES = {
    **NAMES,
    "identifier": "NewDBInstanceIdentifier",
    "port": "DBPortNumber",
}

_SHOWN = (
    *("identifier", "instanceClass", "username", "backupWindow", "maintenanceWindow"),
    *("allocatedStorage", "availabilityZone", "backupRetentionPeriod", "caCertIdentifier"),
    *("dbName", "dbSubnetGroupName", "engine", "kmsKeyId", "licenseModel", "multiAz"),
    *("networkType", "optionGroupName", "parameterGroupName", "port", "storageEncrypted"),
    *("storageType", "vpcSecurityGroupIds", "deletionProtection", "tags", "replicateSourceDb"),
)


def described(aws: Aws, props: Props, instance: Mapping[str, Any]) -> Props:
    """Properties and outputs of an instance as RDS describes it."""
    endpoint = as_object(instance.get("Endpoint"))
    found = reported(props, {**instance, **_renamed(aws, props, instance)}, _SHOWN)
    address, port = endpoint.get("Address"), endpoint.get("Port")
    return {
        **found,
        "arn": instance["DBInstanceArn"],
        "address": address,
        "endpoint": f"{address}:{port}" if address else None,
        "hostedZoneId": endpoint.get("HostedZoneId"),
        "resourceId": instance["DbiResourceId"],
        "status": instance["DBInstanceStatus"],
        "engineVersionActual": instance["EngineVersion"],
        "replicas": as_list(instance.get("ReadReplicaDBInstanceIdentifiers")),
        "masterUserSecrets": _managed_secret(instance),
    }


def _renamed(aws: Aws, props: Props, instance: Mapping[str, Any]) -> Props:
    """Members under the names of the properties."""
    subnets = as_object(instance.get("DBSubnetGroup")).get("DBSubnetGroupName")
    shown = {
        "identifier": instance["DBInstanceIdentifier"],
        "instanceClass": instance["DBInstanceClass"],
        "username": instance.get("MasterUsername"),
        "backupWindow": instance.get("PreferredBackupWindow"),
        "maintenanceWindow": instance.get("PreferredMaintenanceWindow"),
        "dbSubnetGroupName": subnets,
        "engineVersion": _version(props.get("engineVersion"), instance["EngineVersion"]),
        "parameterGroupName": _first(instance, "DBParameterGroups", "DBParameterGroupName"),
        "optionGroupName": _first(instance, "OptionGroupMemberships", "OptionGroupName"),
        "vpcSecurityGroupIds": [
            group["VpcSecurityGroupId"] for group in as_list(instance.get("VpcSecurityGroups"))
        ],
        "enabledCloudwatchLogsExports": as_list(instance.get("EnabledCloudwatchLogsExports")),
        "port": instance.get("DbInstancePort") or instance.get("Endpoint", {}).get("Port"),
        "caCertIdentifier": instance.get("CACertificateIdentifier"),
        "tags": tags.own(aws, instance.get("TagList")),
    }
    # Also where it is not among the inputs: a refresh sees what somebody else made a replica.
    if instance.get("ReadReplicaSourceDBInstanceIdentifier") or "replicateSourceDb" in props:
        shown["replicateSourceDb"] = _source(str(props.get("replicateSourceDb") or ""), instance)
    return {key: value for key, value in shown.items() if value is not None}


def _version(wanted: str | None, actual: str) -> str:
    """`17` given and 17.6 running is no drift."""
    return wanted if wanted and f"{actual}.".startswith(f"{wanted}.") else actual


def _source(wanted: str, instance: Mapping[str, Any]) -> str:
    """The source by ARN or by name, as it was given; empty once promoted."""
    source = instance.get("ReadReplicaSourceDBInstanceIdentifier") or ""
    same = wanted.rpartition(":")[2] == source.rpartition(":")[2]
    return wanted if same else source


def _first(instance: Mapping[str, Any], listing: str, member: str) -> str | None:
    return next((part[member] for part in as_list(instance.get(listing))), None)


def _managed_secret(instance: Mapping[str, Any]) -> list[Props]:
    secret = instance.get("MasterUserSecret")
    if not secret:
        return []
    return [
        {
            "kmsKeyId": secret.get("KmsKeyId"),
            "secretArn": secret.get("SecretArn"),
            "secretStatus": secret.get("SecretStatus"),
        }
    ]
