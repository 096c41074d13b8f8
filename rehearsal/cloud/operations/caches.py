"""ElastiCache: subnet groups, parameter groups, users, user groups, replication groups.

Kept here whole: moto lacks half of the operations, and its other half would not know of these.
Everything is there at once; the timeline says how long AWS takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.paging import page
from rehearsal.cloud.state import Record

SUBNETS, PARAMETERS = "elasticache:subnetgroup", "elasticache:parametergroup"
USERS, USER_GROUPS = "elasticache:user", "elasticache:usergroup"
GROUPS, TAGS = "elasticache:replicationgroup", "elasticache:tags"

MISSING = {
    SUBNETS: ("CacheSubnetGroupNotFoundFault", "CacheSubnetGroup"),
    PARAMETERS: ("CacheParameterGroupNotFound", "CacheParameterGroup"),
    USERS: ("UserNotFound", "User"),
    USER_GROUPS: ("UserGroupNotFound", "User Group"),
    GROUPS: ("ReplicationGroupNotFoundFault", "ReplicationGroup"),
}
KIND = {
    SUBNETS: "subnetgroup",
    PARAMETERS: "parametergroup",
    USERS: "user",
    USER_GROUPS: "usergroup",
    GROUPS: "replicationgroup",
}
"""As ARNs name them."""


def create_subnet_group(call: Call) -> Answer:
    """CreateCacheSubnetGroup."""
    group = _made(call, SUBNETS, "CacheSubnetGroupName") | _subnets(call)
    return {"CacheSubnetGroup": _stored(call, SUBNETS, "CacheSubnetGroupName", group)}


def modify_subnet_group(call: Call) -> Answer:
    """ModifyCacheSubnetGroup."""
    group = find(call, SUBNETS, call.params["CacheSubnetGroupName"])
    group |= _subnets(call)
    description = call.params.get("CacheSubnetGroupDescription")
    group |= {"CacheSubnetGroupDescription": description} if description else {}
    return {"CacheSubnetGroup": group}


def create_parameter_group(call: Call) -> Answer:
    """CreateCacheParameterGroup."""
    group = _made(call, PARAMETERS, "CacheParameterGroupName")
    keys = ("CacheParameterGroupFamily", "Description")
    group |= {key: call.params[key] for key in keys}
    group |= {"IsGlobal": False, "Values": {}}
    _stored(call, PARAMETERS, "CacheParameterGroupName", group)
    return {"CacheParameterGroup": _shown(group)}


def modify_parameter_group(call: Call) -> Answer:
    """ModifyCacheParameterGroup."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    for one in call.listed("ParameterNameValues"):
        group["Values"][one["ParameterName"]] = one["ParameterValue"]
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def reset_parameter_group(call: Call) -> Answer:
    """ResetCacheParameterGroup: all, or those named."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    if call.params.get("ResetAllParameters"):
        group["Values"].clear()
    for one in call.listed("ParameterNameValues"):
        group["Values"].pop(one["ParameterName"], None)
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


def describe_parameters(call: Call) -> Answer:
    """DescribeCacheParameters: those that somebody set."""
    group = find(call, PARAMETERS, call.params["CacheParameterGroupName"])
    found = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user"}
        for name, value in group["Values"].items()
    ]
    return {"Parameters": found, "CacheNodeTypeSpecificParameters": []}


def create_user(call: Call) -> Answer:
    """CreateUser. Passwords are counted, never kept."""
    user = _made(call, USERS, "UserId")
    user |= {key: call.params[key] for key in ("UserName", "Engine", "AccessString")}
    user |= {"Status": "active", "UserGroupIds": [], "Authentication": _authentication(call)}
    return _stored(call, USERS, "UserId", user)


def modify_user(call: Call) -> Answer:
    """ModifyUser."""
    user = find(call, USERS, call.params["UserId"])
    if call.params.get("AccessString"):
        user["AccessString"] = call.params["AccessString"]
    if call.params.get("Passwords") or call.params.get("AuthenticationMode"):
        user["Authentication"] = _authentication(call)
    return user


def create_user_group(call: Call) -> Answer:
    """CreateUserGroup."""
    group = _made(call, USER_GROUPS, "UserGroupId")
    group |= {"Engine": call.params["Engine"], "Status": "active", "ReplicationGroups": []}
    group["UserIds"] = sorted(call.listed("UserIds"))
    _join(call, group["UserGroupId"], group["UserIds"])
    return _stored(call, USER_GROUPS, "UserGroupId", group)


def modify_user_group(call: Call) -> Answer:
    """ModifyUserGroup: who joins and who leaves."""
    group = find(call, USER_GROUPS, call.params["UserGroupId"])
    leaving = set(call.listed("UserIdsToRemove"))
    group["UserIds"] = sorted({*group["UserIds"], *call.listed("UserIdsToAdd")} - leaving)
    _join(call, group["UserGroupId"], group["UserIds"])
    for user in leaving:
        find(call, USERS, user)["UserGroupIds"].remove(group["UserGroupId"])
    return group


def create_replication_group(call: Call) -> Answer:
    """CreateReplicationGroup: a primary and its replicas in one shard."""
    given = call.params
    group = _made(call, GROUPS, "ReplicationGroupId")
    name, here = given["ReplicationGroupId"], f"{call.region}.cache.amazonaws.com"
    secured = bool(given.get("TransitEncryptionEnabled"))
    nodes = int(given.get("NumCacheClusters") or 1 + int(given.get("ReplicasPerNodeGroup") or 0))
    prefix = "master." if secured else ""
    group |= {
        "Description": given["ReplicationGroupDescription"],
        "Status": "available",
        "MemberClusters": [f"{name}-{number:03}" for number in range(1, nodes + 1)],
        "NodeGroups": [
            {
                "NodeGroupId": "0001",
                "Status": "available",
                "PrimaryEndpoint": {"Address": f"{prefix}{name}.{here}", "Port": 6379},
                "ReaderEndpoint": {"Address": f"replica.{name}.{here}", "Port": 6379},
            }
        ],
        "AutomaticFailover": "enabled" if given.get("AutomaticFailoverEnabled") else "disabled",
        "MultiAZ": "enabled" if given.get("MultiAZEnabled") else "disabled",
        "ClusterEnabled": False,
        "AuthTokenEnabled": bool(given.get("AuthToken")),
        "TransitEncryptionEnabled": secured,
        "AtRestEncryptionEnabled": bool(given.get("AtRestEncryptionEnabled")),
        "UserGroupIds": call.listed("UserGroupIds"),
    }
    _stored(call, GROUPS, "ReplicationGroupId", group | _settled(call))
    return {"ReplicationGroup": _shown(find(call, GROUPS, name))}


def modify_replication_group(call: Call) -> Answer:
    """ModifyReplicationGroup."""
    group = find(call, GROUPS, call.params["ReplicationGroupId"])
    group |= _settled(call)
    return {"ReplicationGroup": _shown(group)}


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
    shown = {key: group[key] for key in keys if key in group}
    parameters = group.get("CacheParameterGroupName")
    shown |= {"CacheParameterGroup": {"CacheParameterGroupName": parameters}} if parameters else {}
    return shown | {
        "CacheClusterId": name,
        "ReplicationGroupId": group["ReplicationGroupId"],
        "CacheClusterStatus": "available",
        "SecurityGroups": [
            {"SecurityGroupId": one, "Status": "active"} for one in group["SecurityGroupIds"]
        ],
    }


_KEPT = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheParameterGroupName",
    "CacheSubnetGroupName",
    "Engine",
    "EngineVersion",
    "KmsKeyId",
    "LogDeliveryConfigurations",
    "PreferredMaintenanceWindow",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionMode",
)


def _settled(call: Call) -> Record:
    """Settings as they were given; the rest stays."""
    return {key: call.params[key] for key in _KEPT if call.params.get(key) is not None}


def delete(kind: str, key: str, answer: str | None) -> Callable[[Call], Answer]:
    """A deleting operation."""

    def carry_out(call: Call) -> Answer:
        record = find(call, kind, call.params[key])
        del call.here.table(kind)[call.params[key]]
        call.here.table(TAGS).pop(record["ARN"], None)
        if kind == USER_GROUPS:
            for user in record["UserIds"]:
                find(call, USERS, user)["UserGroupIds"].remove(call.params[key])
        gone = _shown(record) | ({"Status": "deleting"} if "Status" in record else {})
        return {answer: gone} if answer else (gone if kind in (USERS, USER_GROUPS) else {})

    return carry_out


def describe(kind: str, key: str, answer: str) -> Callable[[Call], Answer]:
    """A describing operation: one by its name, or all."""

    def carry_out(call: Call) -> Answer:
        name = call.params.get(key)
        found: list[Any] = (
            [find(call, kind, name)] if name else list(call.here.table(kind).values())
        )
        shown = [_shown(one) for one in found]
        return page(call, answer, shown, size="MaxRecords", token="Marker")

    return carry_out


def tag(call: Call) -> Answer:
    """AddTagsToResource."""
    tags = _tags(call)
    tags.update({one["Key"]: one["Value"] for one in call.listed("Tags")})
    return _listed_tags(tags)


def untag(call: Call) -> Answer:
    """RemoveTagsFromResource."""
    tags = _tags(call)
    for key in call.listed("TagKeys"):
        tags.pop(key, None)
    return _listed_tags(tags)


def list_tags(call: Call) -> Answer:
    """ListTagsForResource."""
    return _listed_tags(_tags(call))


def find(call: Call, kind: str, name: str) -> Record:
    """The record. Raises ApiError as ElastiCache does where there is none."""
    found = call.here.table(kind).get(name)
    if found is None:
        code, noun = MISSING[kind]
        raise ApiError(code, f"{noun} {name} not found.", 404)
    return found


def _tags(call: Call) -> Record:
    return call.here.table(TAGS).setdefault(call.params["ResourceName"], {})


def _listed_tags(tags: Record) -> Answer:
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _made(call: Call, kind: str, key: str) -> Record:
    name = call.params[key]
    arn = f"arn:aws:elasticache:{call.region}:{call.account}:{KIND[kind]}:{name}"
    return {key: name, "ARN": arn}


def _stored(call: Call, kind: str, key: str, record: Record) -> Record:
    call.here.table(kind)[record[key]] = record
    tags = {one["Key"]: one["Value"] for one in call.listed("Tags")}
    call.here.table(TAGS)[record["ARN"]] = tags
    return record


_HIDDEN = frozenset(
    {
        "CacheParameterGroupName",
        "CacheSubnetGroupName",
        "EngineVersion",
        "PreferredMaintenanceWindow",
        "SecurityGroupIds",
    }
)
"""What a replication group keeps for its members, and does not show itself."""


def _shown(record: Record) -> Record:
    """Without what is kept beside the answer."""
    hidden = _HIDDEN if "MemberClusters" in record else {"Values"}
    return {key: value for key, value in record.items() if key not in hidden}


def _subnets(call: Call) -> Record:
    ids = call.listed("SubnetIds")
    if not ids:
        return {}
    found = [call.here.moto("ec2").get_subnet(one) for one in ids]
    return {
        "CacheSubnetGroupDescription": call.params.get("CacheSubnetGroupDescription", ""),
        "VpcId": found[0].vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": one.id,
                "SubnetAvailabilityZone": {"Name": one.availability_zone},
            }
            for one in found
        ],
    }


def _authentication(call: Call) -> Record:
    mode = call.mapped("AuthenticationMode")
    passwords = mode.get("Passwords") or call.listed("Passwords")
    kind = "password" if passwords else mode.get("Type", "no-password")
    return {"Type": kind, "PasswordCount": len(passwords)}


def _join(call: Call, group: str, users: list[str]) -> None:
    for name in users:
        user = find(call, USERS, name)
        if group not in user["UserGroupIds"]:
            user["UserGroupIds"].append(group)


OPERATIONS = {
    "CreateCacheSubnetGroup": create_subnet_group,
    "ModifyCacheSubnetGroup": modify_subnet_group,
    "DeleteCacheSubnetGroup": delete(SUBNETS, "CacheSubnetGroupName", None),
    "DescribeCacheSubnetGroups": describe(SUBNETS, "CacheSubnetGroupName", "CacheSubnetGroups"),
    "CreateCacheParameterGroup": create_parameter_group,
    "ModifyCacheParameterGroup": modify_parameter_group,
    "ResetCacheParameterGroup": reset_parameter_group,
    "DeleteCacheParameterGroup": delete(PARAMETERS, "CacheParameterGroupName", None),
    "DescribeCacheParameterGroups": describe(
        PARAMETERS, "CacheParameterGroupName", "CacheParameterGroups"
    ),
    "DescribeCacheParameters": describe_parameters,
    "CreateUser": create_user,
    "ModifyUser": modify_user,
    "DeleteUser": delete(USERS, "UserId", None),
    "DescribeUsers": describe(USERS, "UserId", "Users"),
    "CreateUserGroup": create_user_group,
    "ModifyUserGroup": modify_user_group,
    "DeleteUserGroup": delete(USER_GROUPS, "UserGroupId", None),
    "DescribeUserGroups": describe(USER_GROUPS, "UserGroupId", "UserGroups"),
    "CreateReplicationGroup": create_replication_group,
    "ModifyReplicationGroup": modify_replication_group,
    "DeleteReplicationGroup": delete(GROUPS, "ReplicationGroupId", "ReplicationGroup"),
    "DescribeReplicationGroups": describe(GROUPS, "ReplicationGroupId", "ReplicationGroups"),
    "DescribeCacheClusters": describe_clusters,
    "AddTagsToResource": tag,
    "RemoveTagsFromResource": untag,
    "ListTagsForResource": list_tags,
}
