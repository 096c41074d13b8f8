"""ElastiCache: replication groups and their members, each with an interface in the VPC."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rehearsal.cloud import interfaces
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.operations import cache_settings, cache_users
from rehearsal.cloud.operations.cache_records import (
    GROUPS,
    PARAMETERS,
    SUBNETS,
    TAGS,
    USER_GROUPS,
    USERS,
    describe,
    find,
    list_tags,
    made,
    shown,
    stored,
    tag,
    untag,
)
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

PORT = 6379


def create_replication_group(call: Call) -> Answer:
    """CreateReplicationGroup: a primary and its replicas in one shard."""
    given = call.params
    group = made(call, GROUPS, "ReplicationGroupId")
    nodes = int(given.get("NumCacheClusters") or 1 + int(given.get("ReplicasPerNodeGroup") or 0))
    group |= {
        "Description": given["ReplicationGroupDescription"],
        "Status": "available",
        "NodeGroups": [_shard(call)],
        "ClusterEnabled": False,
        "AuthTokenEnabled": bool(given.get("AuthToken")),
        "TransitEncryptionEnabled": bool(given.get("TransitEncryptionEnabled")),
        "AtRestEncryptionEnabled": bool(given.get("AtRestEncryptionEnabled")),
        "AutomaticFailover": "disabled",
        "MultiAZ": "disabled",
        "LogDeliveryConfigurations": [],
        "SecurityGroupIds": [],
        "UserGroupIds": [],
    }
    _settle(call, group)
    _resize(call, group, nodes)
    _admit(call, group, call.listed("UserGroupIds"), ())
    stored(call, GROUPS, "ReplicationGroupId", group)
    return {"ReplicationGroup": shown(group)}


def _shard(call: Call) -> Record:
    name, here = call.params["ReplicationGroupId"], f"{call.region}.cache.amazonaws.com"
    port = int(call.params.get("Port") or PORT)
    prefix = "master." if call.params.get("TransitEncryptionEnabled") else ""
    return {
        "NodeGroupId": "0001",
        "Status": "available",
        "PrimaryEndpoint": {"Address": f"{prefix}{name}.{here}", "Port": port},
        "ReaderEndpoint": {"Address": f"replica.{name}.{here}", "Port": port},
    }


def modify_replication_group(call: Call) -> Answer:
    """ModifyReplicationGroup."""
    group = find(call, GROUPS, call.params["ReplicationGroupId"])
    _settle(call, group)
    _admit(call, group, call.listed("UserGroupIdsToAdd"), call.listed("UserGroupIdsToRemove"))
    if call.params.get("SecurityGroupIds"):
        _resize(call, group, len(group["MemberClusters"]))
    return {"ReplicationGroup": shown(group)}


def change_replicas(call: Call) -> Answer:
    """IncreaseReplicaCount and DecreaseReplicaCount: so many beside the primary."""
    group = find(call, GROUPS, call.params["ReplicationGroupId"])
    _resize(call, group, 1 + int(call.params["NewReplicaCount"]))
    return {"ReplicationGroup": shown(group)}


def delete_replication_group(call: Call) -> Answer:
    """DeleteReplicationGroup: at once, with its interfaces."""
    group = find(call, GROUPS, call.params["ReplicationGroupId"])
    _admit(call, group, (), tuple(group["UserGroupIds"]))
    interfaces.release(call.here, group["ARN"])
    return delete(GROUPS, "ReplicationGroupId", "ReplicationGroup")(call)


def _settle(call: Call, group: Record) -> None:
    """Settings as they were given; the rest stays."""
    given = call.params
    group |= {key: given[key] for key in _KEPT if given.get(key) is not None}
    for key, parameter in _SWITCHES.items():
        if given.get(parameter) is not None:
            group[key] = "enabled" if given[parameter] else "disabled"
    if given.get("ReplicationGroupDescription"):
        group["Description"] = given["ReplicationGroupDescription"]
    changed = {one["LogType"]: one for one in call.listed("LogDeliveryConfigurations")}
    kept = [one for one in group["LogDeliveryConfigurations"] if one["LogType"] not in changed]
    added = [_log(one) for one in changed.values() if one.get("Enabled", True)]
    group["LogDeliveryConfigurations"] = [*kept, *added]


def _log(asked: Record) -> Record:
    return {key: value for key, value in asked.items() if key != "Enabled"} | {"Status": "active"}


def _resize(call: Call, group: Record, nodes: int) -> None:
    """So many members, each with an interface, spread over the zones of the subnets."""
    name = group["ReplicationGroupId"]
    group["MemberClusters"] = [f"{name}-{number:03}" for number in range(1, nodes + 1)]
    interfaces.release(call.here, group["ARN"])
    subnets = _subnets(call, group)
    if subnets:
        spread = [subnets[number % len(subnets)] for number in range(nodes)]
        owner = interfaces.Owner(
            arn=group["ARN"], description=f"ElastiCache {name}", service="amazon-elasticache"
        )
        interfaces.attach(call.here, owner, spread, group["SecurityGroupIds"])


def _subnets(call: Call, group: Record) -> list[str]:
    """One subnet of each zone that the subnet group covers."""
    found = call.here.table(SUBNETS).get(group.get("CacheSubnetGroupName", ""), {})
    by_zone = {
        one["SubnetAvailabilityZone"]["Name"]: one["SubnetIdentifier"]
        for one in found.get("Subnets", ())
    }
    return [by_zone[zone] for zone in sorted(by_zone)]


def _admit(call: Call, group: Record, joining: Sequence[str], leaving: Sequence[str]) -> None:
    """User groups of the replication group, each of which knows where it is used."""
    name = group["ReplicationGroupId"]
    for user_group in joining:
        find(call, USER_GROUPS, user_group)["ReplicationGroups"].append(name)
    for user_group in leaving:
        find(call, USER_GROUPS, user_group)["ReplicationGroups"].remove(name)
    group["UserGroupIds"] = sorted({*group["UserGroupIds"], *joining} - set(leaving))


def describe_clusters(call: Call) -> Answer:
    """DescribeCacheClusters: the members of replication groups, which tell what those do not."""
    wanted = call.params.get("CacheClusterId")
    members = [
        _member(group, name)
        for group in call.here.table(GROUPS).values()
        for name in group["MemberClusters"]
        if wanted in (None, name)
    ]
    if wanted and not members:
        raise ApiError("CacheClusterNotFound", f"CacheCluster {wanted} not found.", 404)
    return page(call, "CacheClusters", members, size="MaxRecords", token="Marker")


def _member(group: Record, name: str) -> Record:
    keys = (
        "CacheNodeType",
        "CacheSubnetGroupName",
        "Engine",
        "EngineVersion",
        "PreferredMaintenanceWindow",
    )
    told = {key: group[key] for key in keys if key in group}
    parameters = group.get("CacheParameterGroupName")
    told |= {"CacheParameterGroup": {"CacheParameterGroupName": parameters}} if parameters else {}
    return told | {
        "CacheClusterId": name,
        "ReplicationGroupId": group["ReplicationGroupId"],
        "CacheClusterStatus": "available",
        "SecurityGroups": [
            {"SecurityGroupId": one, "Status": "active"} for one in group["SecurityGroupIds"]
        ],
    }


_SWITCHES = {"AutomaticFailover": "AutomaticFailoverEnabled", "MultiAZ": "MultiAZEnabled"}
_KEPT = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheParameterGroupName",
    "CacheSubnetGroupName",
    "Engine",
    "EngineVersion",
    "KmsKeyId",
    "PreferredMaintenanceWindow",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionMode",
)


def delete(kind: str, key: str, answer: str | None) -> Callable[[Call], Answer]:
    """A deleting operation."""

    def carry_out(call: Call) -> Answer:
        record = find(call, kind, call.params[key])
        del call.here.table(kind)[call.params[key]]
        call.here.table(TAGS).pop(record["ARN"], None)
        if kind == USER_GROUPS:
            for user in record["UserIds"]:
                find(call, USERS, user)["UserGroupIds"].remove(call.params[key])
        gone = shown(record) | ({"Status": "deleting"} if "Status" in record else {})
        return {answer: gone} if answer else (gone if kind in (USERS, USER_GROUPS) else {})

    return carry_out


OPERATIONS = {
    "CreateCacheSubnetGroup": cache_settings.create_subnet_group,
    "ModifyCacheSubnetGroup": cache_settings.modify_subnet_group,
    "DeleteCacheSubnetGroup": delete(SUBNETS, "CacheSubnetGroupName", None),
    "DescribeCacheSubnetGroups": describe(SUBNETS, "CacheSubnetGroupName", "CacheSubnetGroups"),
    "CreateCacheParameterGroup": cache_settings.create_parameter_group,
    "ModifyCacheParameterGroup": cache_settings.modify_parameter_group,
    "ResetCacheParameterGroup": cache_settings.reset_parameter_group,
    "DeleteCacheParameterGroup": delete(PARAMETERS, "CacheParameterGroupName", None),
    "DescribeCacheParameterGroups": describe(
        PARAMETERS, "CacheParameterGroupName", "CacheParameterGroups"
    ),
    "DescribeCacheParameters": cache_settings.describe_parameters,
    "CreateUser": cache_users.create_user,
    "ModifyUser": cache_users.modify_user,
    "DeleteUser": delete(USERS, "UserId", None),
    "DescribeUsers": describe(USERS, "UserId", "Users"),
    "CreateUserGroup": cache_users.create_user_group,
    "ModifyUserGroup": cache_users.modify_user_group,
    "DeleteUserGroup": delete(USER_GROUPS, "UserGroupId", None),
    "DescribeUserGroups": describe(USER_GROUPS, "UserGroupId", "UserGroups"),
    "CreateReplicationGroup": create_replication_group,
    "ModifyReplicationGroup": modify_replication_group,
    "IncreaseReplicaCount": change_replicas,
    "DecreaseReplicaCount": change_replicas,
    "DeleteReplicationGroup": delete_replication_group,
    "DescribeReplicationGroups": describe(GROUPS, "ReplicationGroupId", "ReplicationGroups"),
    "DescribeCacheClusters": describe_clusters,
    "AddTagsToResource": tag,
    "RemoveTagsFromResource": untag,
    "ListTagsForResource": list_tags,
}
