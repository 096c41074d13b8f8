"""RDS subnet groups and parameter groups."""

from __future__ import annotations

from catalog.postgres import FAMILIES
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_subnet, zones
from rehearsal.cloud.refusals.rule import Rule

DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"
STATIC = (
    "max_connections",
    "rds.logical_replication",
    "shared_buffers",
    "shared_preload_libraries",
    "wal_buffers",
    "max_worker_processes",
    "max_wal_senders",
)
"""Static parameters of PostgreSQL that platforms set: they take effect at a restart."""


def _one_zone(call: Call) -> str | None:
    ids = call.params["SubnetIds"]
    missing = absent_subnet(call, ids)
    if missing:
        return f"Subnet IDs are required: {missing} does not exist"
    if len(zones(call.here, ids)) < 2:
        return (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement."
            " Current AZ coverage: one. Add subnets to cover at least 2 AZs."
        )
    return None


def _exists(call: Call) -> str | None:
    name = call.params["DBSubnetGroupName"].lower()
    if name in call.here.moto("rds").subnet_groups:
        return f"The DB subnet group '{name}' already exists."
    return None


def _in_use(call: Call) -> str | None:
    name = call.params["DBSubnetGroupName"].lower()
    for database in call.here.moto("rds").databases.values():
        group = getattr(database, "db_subnet_group", None)
        if group is not None and group.name == name and group.region == call.region:
            return (
                f"Cannot delete the subnet group '{name}' because at least one database instance:"
                f" {database.db_instance_identifier} is still using it."
            )
    return None


def _family(call: Call) -> str | None:
    family = call.params["DBParameterGroupFamily"]
    if family.startswith("postgres") and family not in FAMILIES.values():
        return f"ParameterGroupFamily {family} is not a valid parameter group family"
    return None


def _static(call: Call) -> str | None:
    for parameter in call.listed("Parameters"):
        if parameter["ParameterName"] in STATIC and parameter.get("ApplyMethod") == "immediate":
            return "cannot use immediate apply method for static parameter"
    return None


def _default(call: Call) -> str | None:
    name = call.params["DBParameterGroupName"]
    if name.startswith("default."):
        return f"Invalid parameter group name: {name}: default groups are AWS's"
    return None


def _parameters_in_use(call: Call) -> str | None:
    name = call.params["DBParameterGroupName"]
    for database in call.here.moto("rds").databases.values():
        if database.db_parameter_group_name == name and database.region == call.region:
            return (
                f"One or more database instances are still members of this parameter group {name}"
            )
    return None


RULES = (
    Rule(
        name="a database's subnets lie in two zones",
        service="rds",
        operations=("CreateDBSubnetGroup", "ModifyDBSubnetGroup"),
        code="DBSubnetGroupDoesNotCoverEnoughAZs",
        url=f"{DOCS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        broken=_one_zone,
    ),
    Rule(
        name="a subnet group's name is not taken",
        service="rds",
        operations=("CreateDBSubnetGroup",),
        code="DBSubnetGroupAlreadyExists",
        url=f"{API}/API_CreateDBSubnetGroup.html",
        broken=_exists,
    ),
    Rule(
        name="a subnet group in use stays",
        service="rds",
        operations=("DeleteDBSubnetGroup",),
        code="InvalidDBSubnetGroupStateFault",
        url=f"{API}/API_DeleteDBSubnetGroup.html",
        broken=_in_use,
    ),
    Rule(
        name="a parameter group's family exists",
        service="rds",
        operations=("CreateDBParameterGroup",),
        code="InvalidParameterValue",
        url=f"{API}/API_CreateDBParameterGroup.html",
        broken=_family,
    ),
    Rule(
        name="a static parameter waits for a restart",
        service="rds",
        operations=("ModifyDBParameterGroup",),
        code="InvalidParameterCombination",
        url=f"{DOCS}/USER_WorkingWithParamGroups.Overview.html",
        broken=_static,
    ),
    Rule(
        name="a default parameter group is AWS's",
        service="rds",
        operations=("DeleteDBParameterGroup", "ModifyDBParameterGroup"),
        code="InvalidParameterValue",
        url=f"{DOCS}/USER_WorkingWithParamGroups.html",
        broken=_default,
    ),
    Rule(
        name="a parameter group in use stays",
        service="rds",
        operations=("DeleteDBParameterGroup",),
        code="InvalidDBParameterGroupState",
        url=f"{API}/API_DeleteDBParameterGroup.html",
        broken=_parameters_in_use,
    ),
)
