"""ElastiCache: what a replication group may be asked for, and what holds it."""

from __future__ import annotations

import re

from catalog.instances import instances
from catalog.valkey import FAMILIES, GROUP_NAME_LIMIT, MAX_REPLICAS, MAX_SNAPSHOT_DAYS
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_group, key_problem, security_groups
from rehearsal.cloud.operations.cache_records import GROUPS, PARAMETERS, SUBNETS
from rehearsal.cloud.refusals.rule import Rule
from rehearsal.cloud.state import Record

DOCS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"
API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference"
_ID = re.compile(r"[a-z](?!.*--)[a-z0-9-]*(?<!-)", re.IGNORECASE)


def known_group(call: Call) -> Record:
    """The replication group that a call is about; empty where there is none."""
    return call.here.table(GROUPS).get(call.params["ReplicationGroupId"], {})


def _id(call: Call) -> str | None:
    name = call.params["ReplicationGroupId"]
    if len(name) > GROUP_NAME_LIMIT or not _ID.fullmatch(name):
        return (
            "The parameter ReplicationGroupId is not a valid identifier. Identifiers must begin"
            " with a letter; must contain only ASCII letters, digits, and hyphens; and must not"
            f" end with a hyphen or contain two consecutive hyphens, or exceed {GROUP_NAME_LIMIT}"
            " characters."
        )
    return None


def _taken(call: Call) -> str | None:
    name = call.params["ReplicationGroupId"]
    return f"Replication group {name} already exists" if known_group(call) else None


def _node_type(call: Call) -> str | None:
    name = call.params.get("CacheNodeType")
    if name is not None and name not in instances("elasticache"):
        return f"The parameter CacheNodeType {name} is not valid"
    return None


def _engine_version(call: Call) -> str | None:
    version = call.params.get("EngineVersion")
    engine = call.params.get("Engine") or known_group(call).get("Engine")
    if engine == "valkey" and version and version not in FAMILIES:
        return f"Cannot find version {version} for valkey"
    return None


def _downgrade(call: Call) -> str | None:
    version, before = call.params.get("EngineVersion"), known_group(call).get("EngineVersion")
    if version and before and _numbers(version) < _numbers(before):
        return f"Downgrading the engine version from {before} to {version} is not supported"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _nodes(call: Call) -> int:
    given = call.params
    return int(given.get("NumCacheClusters") or 1 + int(given.get("ReplicasPerNodeGroup") or 0))


def _failover(call: Call) -> str | None:
    if call.params.get("AutomaticFailoverEnabled") and _nodes(call) < 2:
        return (
            "Must specify at least one read replica when using automatic failover with cluster"
            " mode disabled"
        )
    return None


def _zones(call: Call) -> str | None:
    before = known_group(call)
    given = call.params.get("MultiAZEnabled")
    wanted = before.get("MultiAZ") == "enabled" if given is None else given
    failover = call.params.get("AutomaticFailoverEnabled")
    if failover is None:
        failover = before.get("AutomaticFailover") == "enabled"
    if wanted and not failover:
        return "Multi-AZ must have automatic failover enabled"
    return None


def _covered(call: Call) -> str | None:
    group = call.here.table(SUBNETS).get(call.params.get("CacheSubnetGroupName", ""), {})
    found = {one["SubnetAvailabilityZone"]["Name"] for one in group.get("Subnets", ())}
    if call.params.get("MultiAZEnabled") and len(found) == 1:
        return "Multi-AZ needs a subnet group with subnets in at least two Availability Zones"
    return None


def _fewest(call: Call) -> str | None:
    group = known_group(call)
    if group.get("AutomaticFailover") == "enabled" and int(call.params["NewReplicaCount"]) < 1:
        return "Automatic failover is enabled: at least one replica is required"
    return None


def _most(call: Call) -> str | None:
    asked = call.params.get("NewReplicaCount")
    replicas = _nodes(call) - 1 if asked is None else int(asked)
    if replicas > MAX_REPLICAS:
        return f"A node group has at most {MAX_REPLICAS} replicas, not {replicas}"
    return None


def _subnet_group(call: Call) -> str | None:
    name = call.params.get("CacheSubnetGroupName")
    if name and name not in call.here.table(SUBNETS):
        return f"Cache subnet group {name} does not exist"
    return None


def _parameter_group(call: Call) -> str | None:
    name = call.params.get("CacheParameterGroupName") or ""
    if name and not name.startswith("default.") and name not in call.here.table(PARAMETERS):
        return f"CacheParameterGroup {name} not found."
    return None


def _family(call: Call) -> str | None:
    before = known_group(call)
    name = call.params.get("CacheParameterGroupName") or before.get("CacheParameterGroupName", "")
    version = call.params.get("EngineVersion") or before.get("EngineVersion", "")
    group = call.here.table(PARAMETERS).get(name)
    wanted = FAMILIES.get(version)
    if group is not None and wanted and group["CacheParameterGroupFamily"] != wanted:
        family = group["CacheParameterGroupFamily"]
        return f"Expected a parameter group of family {wanted} but found one of family {family}"
    return None


def _security_groups(call: Call) -> str | None:
    missing = absent_group(call, call.listed("SecurityGroupIds"))
    if missing:
        return f"Invalid security group ID: {missing}"
    name = call.params.get("CacheSubnetGroupName") or known_group(call).get("CacheSubnetGroupName")
    vpc = call.here.table(SUBNETS).get(name or "", {}).get("VpcId")
    known = security_groups(call.here)
    for group in call.listed("SecurityGroupIds"):
        if vpc and known[group].vpc_id != vpc:
            return f"Security group {group} is not in {vpc}, the VPC of the subnet group {name}"
    return None


def _key(call: Call) -> str | None:
    return key_problem(call, call.params.get("KmsKeyId"))


def _at_rest(call: Call) -> str | None:
    if call.params.get("KmsKeyId") and not call.params.get("AtRestEncryptionEnabled"):
        return "KmsKeyId is only allowed when encryption at rest is enabled"
    return None


def _users_need_tls(call: Call) -> str | None:
    if call.listed("UserGroupIds") and not call.params.get("TransitEncryptionEnabled"):
        return "User Group based access control requires encryption-in-transit to be enabled"
    return None


def _mode(call: Call) -> str | None:
    if call.params.get("TransitEncryptionMode") and not call.params.get("TransitEncryptionEnabled"):
        return "TransitEncryptionMode needs TransitEncryptionEnabled"
    return None


def _plain(call: Call) -> str | None:
    group = known_group(call)
    if call.params.get("TransitEncryptionEnabled") is not False or not group:
        return None
    if group.get("TransitEncryptionMode") != "preferred":
        return "Encryption in transit can be disabled only from the mode preferred"
    return None


def _snapshots(call: Call) -> str | None:
    days = call.params.get("SnapshotRetentionLimit")
    if days is not None and not 0 <= days <= MAX_SNAPSHOT_DAYS:
        return f"SnapshotRetentionLimit must be between 0 and {MAX_SNAPSHOT_DAYS}"
    return None


CREATE, MODIFY = ("CreateReplicationGroup",), ("ModifyReplicationGroup",)
RESIZE = ("IncreaseReplicaCount", "DecreaseReplicaCount")
GROUP = f"{API}/API_CreateReplicationGroup.html"
VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_JUDGED = (
    ("a replication group's ID is an identifier", CREATE, VALUE, GROUP, _id),
    ("a replication group's ID is free", CREATE, "ReplicationGroupAlreadyExists", GROUP, _taken),
    ("a cache's node type exists", (*CREATE, *MODIFY), VALUE,
     f"{DOCS}/CacheNodes.SupportedTypes.html", _node_type),
    ("a cache's engine version exists", (*CREATE, *MODIFY), COMBINATION,
     f"{DOCS}/engine-versions.html", _engine_version),
    ("a cache's engine does not go back", MODIFY, COMBINATION,
     f"{DOCS}/VersionManagementConsiderations.html", _downgrade),
    ("failover needs a replica", CREATE, VALUE, f"{DOCS}/AutoFailover.html", _failover),
    ("several zones need failover", (*CREATE, *MODIFY), COMBINATION,
     f"{DOCS}/AutoFailover.html", _zones),
    ("several zones need subnets in them", CREATE, VALUE, f"{DOCS}/AutoFailover.html", _covered),
    ("failover keeps a replica", ("DecreaseReplicaCount",), COMBINATION,
     f"{API}/API_DecreaseReplicaCount.html", _fewest),
    ("a shard has five replicas at most", (*CREATE, *RESIZE), "NodeQuotaForClusterExceeded",
     f"{DOCS}/quota-limits.html", _most),
    ("a cache's subnet group exists", CREATE, "CacheSubnetGroupNotFoundFault", GROUP,
     _subnet_group),
    ("a cache's parameter group exists", (*CREATE, *MODIFY), "CacheParameterGroupNotFound", GROUP,
     _parameter_group),
    ("a cache's parameters are of its engine's family", (*CREATE, *MODIFY), COMBINATION,
     f"{DOCS}/ParameterGroups.html", _family),
    ("a cache's security groups are in its VPC", (*CREATE, *MODIFY), VALUE, GROUP,
     _security_groups),
    ("a cache's key can be used", CREATE, VALUE, f"{DOCS}/at-rest-encryption.html", _key),
    ("a cache with a key is encrypted", CREATE, COMBINATION,
     f"{DOCS}/at-rest-encryption.html", _at_rest),
    ("users of a cache need TLS", CREATE, COMBINATION, f"{DOCS}/Clusters.RBAC.html",
     _users_need_tls),
    ("a mode of TLS needs TLS", CREATE, COMBINATION, f"{DOCS}/in-transit-encryption.html", _mode),
    ("a cache's TLS is not switched off at once", MODIFY, COMBINATION,
     f"{DOCS}/in-transit-encryption-disable.html", _plain),
    ("a cache's snapshots are kept for 35 days at most", (*CREATE, *MODIFY), VALUE,
     f"{DOCS}/backups-automatic.html", _snapshots),
)  # fmt: skip

RULES = tuple(
    Rule(name=name, service="elasticache", operations=operations, code=code, url=url, broken=broken)
    for name, operations, code, url, broken in _JUDGED
)
