"""RDS: interfaces of instances, replicas that do not inherit what AWS does not copy,
promotion, and what the region offers."""

from __future__ import annotations

from typing import Any

from catalog.postgres import VERSIONS
from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations import database_work as work
from rehearsal.cloud.operations.eks_records import identifier

NOT_COPIED: dict[str, tuple[str, Any]] = {
    "backup_retention_period": ("BackupRetentionPeriod", 0),
    "deletion_protection": ("DeletionProtection", False),
    "multi_az": ("MultiAZ", False),
    "monitoring_interval": ("MonitoringInterval", 0),
    "monitoring_role_arn": ("MonitoringRoleArn", None),
    "enabled_cloudwatch_logs_exports": ("EnableCloudwatchLogsExports", []),
    "copy_tags_to_snapshot": ("CopyTagsToSnapshot", False),
}
"""What a replica has by itself: moto's attribute, the parameter, and AWS's default."""
EXTRAS = "rds:extras"
KEPT = {
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DedicatedLogVolume": "DedicatedLogVolume",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EngineLifecycleSupport": "EngineLifecycleSupport",
    "Iops": "Iops",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "StorageThroughput": "StorageThroughput",
}
"""Parameters that moto drops, and where an instance shows them."""
AUTHORITIES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")


def create_db_instance(call: Call) -> Answer:
    """CreateDBInstance: available at once, with its interfaces."""
    answer = call.upstream()
    _identify(call, call.params["DBInstanceIdentifier"])
    _join(call, call.params["DBInstanceIdentifier"])
    return _described(call, answer["DBInstance"]["DBInstanceIdentifier"])


def restore(call: Call) -> Answer:
    """RestoreDBInstanceFromDBSnapshot and RestoreDBInstanceToPointInTime."""
    answer = call.upstream()
    name = call.params.get("TargetDBInstanceIdentifier") or call.params["DBInstanceIdentifier"]
    _identify(call, name)
    _join(call, name)
    return _described(call, answer["DBInstance"]["DBInstanceIdentifier"])


def create_db_instance_read_replica(call: Call) -> Answer:
    """CreateDBInstanceReadReplica, in the region of the source or in another."""
    source = instance(call, call.params["SourceDBInstanceIdentifier"])
    if source is None:
        raise ApiError("DBInstanceNotFound", "the source of the replica does not exist", 404)
    replica = _copied(call, source)
    for attribute, (parameter, default) in NOT_COPIED.items():
        value = call.params.get(parameter)
        setattr(replica, attribute, default if value is None else value)
    replica.tags = call.listed("Tags")
    replica.availability_zone = call.params.get("AvailabilityZone") or f"{call.region}a"
    name = replica.db_instance_identifier
    _identify(call, name)
    _join(call, name)
    work.begun(call, name, "creating", work.CREATION, reachable=False)
    work.backed_up(call, replica, 0)
    return _described(call, name)


def _copied(call: Call, source: Any) -> Any:
    """moto's copy of the source, with groups of the replica's own region: moto looks them up
    in, or copies them from, the region of the source."""
    own = ("DBParameterGroupName", "DBSubnetGroupName")
    given = {k: v for k, v in call.params.items() if v is not None and k not in own}
    kept = source.db_parameter_group_name
    source.db_parameter_group_name = kept if source.region == call.region else None
    try:
        call.ask("rds", "CreateDBInstanceReadReplica", given)
    finally:
        source.db_parameter_group_name = kept
    here = call.here.moto("rds")
    replica = here.databases[call.params["DBInstanceIdentifier"]]
    if call.params.get("DBParameterGroupName"):
        replica.db_parameter_group_name = call.params["DBParameterGroupName"]
    if call.params.get("DBSubnetGroupName"):
        replica.db_subnet_group = here.subnet_groups[call.params["DBSubnetGroupName"]]
    return replica


def promote_read_replica(call: Call) -> Answer:
    """PromoteReadReplica: it no longer knows its source, nor the source it, as soon as it is
    over."""
    name = call.params["DBInstanceIdentifier"]
    replica = instance(call, name)
    if replica is None:
        raise ApiError("DBInstanceNotFound", f"DBInstance {name} not found.", 404)
    source = instance(call, replica.source_db_instance_identifier or "")
    follows, days = replica.source_db_instance_identifier, replica.backup_retention_period
    answer = call.upstream()
    if source is not None:
        kept = [each for each in source.replicas if each.rpartition(":")[2] != name]
        source.replicas[:] = kept
    replica.source_db_instance_identifier = None
    if not replica.backup_retention_period:
        replica.backup_retention_period = call.params.get("BackupRetentionPeriod") or 1
    work.backed_up(call, replica, days)
    work.begun(call, name, "modifying", work.PROMOTION, source=follows)
    return _described(call, answer["DBInstance"]["DBInstanceIdentifier"])


def modify_db_instance(call: Call) -> Answer:
    """ModifyDBInstance: at once, whether or not ApplyImmediately is set; only a new name takes its
    time."""
    old, new = call.params["DBInstanceIdentifier"], call.params.get("NewDBInstanceIdentifier")
    found = instance(call, old)
    days = found.backup_retention_period if found is not None else 0
    answer = call.upstream()
    if found is not None:
        work.backed_up(call, found, days)
    if new and found is not None:
        _rename(call, found, old, new)
    return _described(call, answer["DBInstance"]["DBInstanceIdentifier"])


def _rename(call: Call, found: Any, old: str, new: str) -> None:
    """What is known by an instance's name, or by the ARN that follows from it, goes with it."""
    table = call.here.table(EXTRAS)
    table[new] = table.pop(old, {})
    was = f"{found.db_instance_arn.rpartition(':')[0]}:{old}"
    interfaces.hand_over(call.here, was, found.db_instance_arn)
    work.renamed(call, found, old)
    work.begun(call, new, "renaming", work.RENAMING)
    for name in found.replicas:
        replica = instance(call, name)
        if replica is not None:
            own = replica.region == call.region
            replica.source_db_instance_identifier = new if own else found.db_instance_arn
    source = instance(call, found.source_db_instance_identifier or "")
    if source is not None:
        known = {old: new, was: found.db_instance_arn}
        source.replicas[:] = [known.get(each, each) for each in source.replicas]


def describe_db_instances(call: Call) -> Answer:
    """DescribeDBInstances, with what moto does not keep."""
    answer = call.upstream()
    extras = call.here.table(EXTRAS)
    known = [
        {**one, **extras.get(one["DBInstanceIdentifier"], {})} for one in answer["DBInstances"]
    ]
    return {**answer, "DBInstances": [work.shown(call, one) for one in known]}


def delete_db_instance(call: Call) -> Answer:
    """DeleteDBInstance: at once, with its interfaces."""
    found = instance(call, call.params["DBInstanceIdentifier"])
    if found is not None and found.is_replica:
        _name_the_replica_as_moto_expects(call, found)
    answer = call.upstream()
    if found is not None:
        interfaces.release(call.here, found.db_instance_arn)
    call.here.table(EXTRAS).pop(call.params["DBInstanceIdentifier"], None)
    call.here.table(work.WORK).pop(call.params["DBInstanceIdentifier"], None)
    return answer


def _name_the_replica_as_moto_expects(call: Call, replica: Any) -> None:
    """moto notes a replica in another region by its ARN, but strikes it off by its name."""
    source = instance(call, replica.source_db_instance_identifier)
    if source is not None and replica.db_instance_arn in source.replicas:
        place = source.replicas.index(replica.db_instance_arn)
        source.replicas[place] = replica.db_instance_identifier


def describe_db_engine_versions(call: Call) -> Answer:
    """DescribeDBEngineVersions: PostgreSQL, as the catalogue has it."""
    versions = [
        {
            "Engine": "postgres",
            "EngineVersion": version,
            "MajorEngineVersion": version.partition(".")[0],
            "DBParameterGroupFamily": f"postgres{version.partition('.')[0]}",
            "DBEngineDescription": "PostgreSQL",
            "Status": "available",
            "SupportsReadReplica": True,
        }
        for version in VERSIONS
        if call.params.get("EngineVersion") in (None, version, version.partition(".")[0])
        and call.params.get("Engine") in (None, "postgres")
    ]
    return {"DBEngineVersions": versions}


def describe_certificates(call: Call) -> Answer:
    """DescribeCertificates: the certificate authorities of RDS."""
    wanted = call.params.get("CertificateIdentifier")
    names = [name for name in AUTHORITIES if wanted in (None, name)]
    if not names:
        raise ApiError("CertificateNotFound", f"Certificate {wanted} not found.", 404)
    found = [{"CertificateIdentifier": name, "CertificateType": "CA"} for name in names]
    return {"Certificates": found, "DefaultCertificateForNewLaunches": AUTHORITIES[0]}


def reset_db_parameter_group(call: Call) -> Answer:
    """ResetDBParameterGroup: all parameters, or those named."""
    name = call.params["DBParameterGroupName"]
    group = call.here.moto("rds").db_parameter_groups.get(name)
    if group is None:
        raise ApiError("DBParameterGroupNotFound", f"DBParameterGroup {name} not found.", 404)
    if call.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in call.listed("Parameters"):
        group.parameters.pop(parameter["ParameterName"], None)
    return {"DBParameterGroupName": name}


def instance(call: Call, name: str) -> Any | None:
    """The instance that a name or ARN stands for, in its region, as moto keeps it."""
    parts = name.split(":")
    region = parts[3] if name.startswith("arn:") else call.region
    return call.cloud.region(region).moto("rds").databases.get(parts[-1])


def _identify(call: Call, name: str) -> None:
    """moto gives every instance the same resource identifier."""
    digits = identifier(call, name).replace("-", "").upper()[:26]
    call.here.moto("rds").databases[name].dbi_resource_id = f"db-{digits}"


def _join(call: Call, name: str) -> None:
    """One interface, or two in two zones if the instance has a standby."""
    found = call.here.moto("rds").databases[name]
    group = getattr(found, "db_subnet_group", None)
    if group is None:
        return
    here = {subnet_id for zone in call.here.moto("ec2").subnets.values() for subnet_id in zone}
    by_zone = {
        subnet["SubnetAvailabilityZone"]["Name"]: subnet["SubnetIdentifier"]
        for subnet in group.subnets
        if subnet["SubnetIdentifier"] in here
    }
    owner = interfaces.Owner(
        arn=found.db_instance_arn, description="RDSNetworkInterface", service="amazon-rds"
    )
    wanted = list(by_zone.values())[: 2 if found.multi_az else 1]
    interfaces.attach(call.here, owner, wanted, found.vpc_security_group_ids)


def _described(call: Call, name: str) -> Answer:
    """The instance as it is now, with what the call set and moto does not keep."""
    extras = call.here.table(EXTRAS).setdefault(name, {})
    for parameter, member in KEPT.items():
        if call.params.get(parameter) is not None:
            extras[member] = call.params[parameter]
    if extras.get("PerformanceInsightsEnabled"):
        extras.setdefault("PerformanceInsightsRetentionPeriod", 7)
    found = call.ask("rds", "DescribeDBInstances", {"DBInstanceIdentifier": name})
    return {"DBInstance": work.shown(call, {**found["DBInstances"][0], **extras})}


OPERATIONS = {
    "CreateDBInstance": create_db_instance,
    "CreateDBInstanceReadReplica": create_db_instance_read_replica,
    "DeleteDBInstance": delete_db_instance,
    "DescribeCertificates": describe_certificates,
    "DescribeDBInstances": describe_db_instances,
    "DescribeDBEngineVersions": describe_db_engine_versions,
    "ModifyDBInstance": modify_db_instance,
    "PromoteReadReplica": promote_read_replica,
    "ResetDBParameterGroup": reset_db_parameter_group,
    "RestoreDBInstanceFromDBSnapshot": restore,
    "RestoreDBInstanceToPointInTime": restore,
}
