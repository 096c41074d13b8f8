"""ElastiCache: names, users, and groups that are in use."""

from __future__ import annotations

from catalog.valkey import FAMILIES, GROUP_NAME_LIMIT
from rehearsal.cloud.call import Call
from rehearsal.cloud.lookups import absent_subnet, subnets
from rehearsal.cloud.operations.cache_records import (
    GROUPS,
    PARAMETERS,
    SUBNETS,
    USER_GROUPS,
    USERS,
)
from rehearsal.cloud.refusals.rule import Broken, Rule

DOCS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"
API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference"
PASSWORD = range(16, 129)
"""Lengths of a password."""


def _taken(kind: str, key: str, noun: str) -> Broken:
    def broken(call: Call) -> str | None:
        name = call.params[key]
        return f"{noun} {name} already exists." if name in call.here.table(kind) else None

    return broken


def _id(key: str, most: int = GROUP_NAME_LIMIT) -> Broken:
    def broken(call: Call) -> str | None:
        name = call.params[key]
        return f"{key} has {len(name)} characters, {most} at most" if len(name) > most else None

    return broken


def _passwords(call: Call) -> str | None:
    given = [*call.listed("Passwords"), *call.listed("AuthenticationMode.Passwords")]
    if any(len(password) not in PASSWORD for password in given):
        return "Passwords length must be between 16-128 characters."
    if len(given) > 2:
        return "A user has two passwords at most"
    return None


def _open(call: Call) -> str | None:
    mode = call.mapped("AuthenticationMode").get("Type")
    open_door = call.params.get("NoPasswordRequired") or mode == "no-password-required"
    if call.params.get("Engine") == "valkey" and open_door:
        return "Users without a password are not supported by the engine valkey"
    return None


def _authenticated(call: Call) -> str | None:
    given = ("Passwords", "NoPasswordRequired", "AuthenticationMode")
    if not any(call.params.get(key) for key in given):
        return "Must provide passwords, an authentication mode or no-password-required"
    return None


def _default_user(call: Call) -> str | None:
    users = call.here.table(USERS)
    names = {users[one]["UserName"] for one in call.listed("UserIds") if one in users}
    if call.params["Engine"] == "redis" and "default" not in names:
        return "User group needs to contain a user with the user name default."
    return None


def _named_twice(call: Call) -> str | None:
    users = call.here.table(USERS)
    names = [users[one]["UserName"] for one in call.listed("UserIds") if one in users]
    twice = next((name for name in names if names.count(name) > 1), None)
    return f"Several users of the group are named {twice}" if twice else None


def _group_in_use(call: Call) -> str | None:
    name = call.params["UserGroupId"]
    used = call.here.table(USER_GROUPS).get(name, {}).get("ReplicationGroups")
    return f"User group {name} is associated to {', '.join(used)}" if used else None


def _used(call: Call, key: str) -> str | None:
    """The replication group that has what the call names."""
    name = call.params[key]
    groups = call.here.table(GROUPS).values()
    return next((one["ReplicationGroupId"] for one in groups if one.get(key) == name), None)


def _subnets_in_use(call: Call) -> str | None:
    user = _used(call, "CacheSubnetGroupName")
    return f"Cache subnet group is still in use by {user}." if user else None


def _parameters_in_use(call: Call) -> str | None:
    user = _used(call, "CacheParameterGroupName")
    return f"One or more cache clusters still use this parameter group: {user}" if user else None


def _subnets(call: Call) -> str | None:
    missing = absent_subnet(call, call.listed("SubnetIds"))
    if missing:
        return f"Subnet {missing} does not exist"
    known = subnets(call.here)
    if len({known[one].vpc_id for one in call.listed("SubnetIds")}) > 1:
        return "The subnets are not all in the same VPC"
    return None


def _subnets_leave(call: Call) -> str | None:
    """A subnet with a node cannot leave the group."""
    user = _used(call, "CacheSubnetGroupName")
    group = call.here.table(SUBNETS).get(call.params["CacheSubnetGroupName"], {})
    held = {one["SubnetIdentifier"] for one in group.get("Subnets", ())}
    gone = held - set(call.listed("SubnetIds"))
    if user and call.listed("SubnetIds") and gone:
        return f"The subnet {min(gone)} is in use by {user}"
    return None


def _family(call: Call) -> str | None:
    family = call.params["CacheParameterGroupFamily"]
    if family.startswith("valkey") and family not in FAMILIES.values():
        return f"CacheParameterGroupFamily {family} is not a valid parameter group family"
    return None


USER, USER_GROUP = ("CreateUser",), ("CreateUserGroup",)
SUBNET_GROUP, PARAMETER_GROUP = ("CreateCacheSubnetGroup",), ("CreateCacheParameterGroup",)
RBAC = f"{DOCS}/Clusters.RBAC.html"
VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_JUDGED = (
    ("a cache user's ID fits", USER, VALUE, RBAC, _id("UserId")),
    ("a cache user's ID is free", USER, "UserAlreadyExists", RBAC, _taken(USERS, "UserId", "User")),
    ("a cache user's password is long enough", (*USER, "ModifyUser"), VALUE, RBAC, _passwords),
    ("a cache user signs in somehow", USER, VALUE, RBAC, _authenticated),
    ("every user of Valkey has a password", USER, COMBINATION, RBAC, _open),
    ("a user group's ID fits", USER_GROUP, VALUE, RBAC, _id("UserGroupId")),
    ("a user group's ID is free", USER_GROUP, "UserGroupAlreadyExists", RBAC,
     _taken(USER_GROUPS, "UserGroupId", "User Group")),
    ("a user group of Redis has the default user", USER_GROUP, "DefaultUserRequired", RBAC,
     _default_user),
    ("a user group names each user once", USER_GROUP, "DuplicateUserName", RBAC, _named_twice),
    ("a user group in use stays", ("DeleteUserGroup",), "InvalidUserGroupState",
     f"{API}/API_DeleteUserGroup.html", _group_in_use),
    ("a cache subnet group's name is free", SUBNET_GROUP, "CacheSubnetGroupAlreadyExists",
     f"{API}/API_CreateCacheSubnetGroup.html",
     _taken(SUBNETS, "CacheSubnetGroupName", "Cache subnet group")),
    ("a cache's subnets exist in one VPC", (*SUBNET_GROUP, "ModifyCacheSubnetGroup"),
     "InvalidSubnet", f"{API}/API_CreateCacheSubnetGroup.html", _subnets),
    ("a subnet of a cache stays in its group", ("ModifyCacheSubnetGroup",), "SubnetInUse",
     f"{API}/API_ModifyCacheSubnetGroup.html", _subnets_leave),
    ("a cache subnet group in use stays", ("DeleteCacheSubnetGroup",), "CacheSubnetGroupInUse",
     f"{API}/API_DeleteCacheSubnetGroup.html", _subnets_in_use),
    ("a cache parameter group's name is free", PARAMETER_GROUP, "CacheParameterGroupAlreadyExists",
     f"{API}/API_CreateCacheParameterGroup.html",
     _taken(PARAMETERS, "CacheParameterGroupName", "Parameter group")),
    ("a cache parameter group's family exists", PARAMETER_GROUP, VALUE,
     f"{API}/API_CreateCacheParameterGroup.html", _family),
    ("a cache parameter group in use stays", ("DeleteCacheParameterGroup",),
     "InvalidCacheParameterGroupState", f"{API}/API_DeleteCacheParameterGroup.html",
     _parameters_in_use),
)  # fmt: skip

RULES = tuple(
    Rule(name=name, service="elasticache", operations=operations, code=code, url=url, broken=broken)
    for name, operations, code, url, broken in _JUDGED
)
