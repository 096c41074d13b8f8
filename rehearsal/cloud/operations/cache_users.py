"""ElastiCache: users, and groups of them. Passwords are counted, never kept."""

from __future__ import annotations

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.operations.cache_records import USER_GROUPS, USERS, find, made, stored
from rehearsal.cloud.state import Record


def create_user(call: Call) -> Answer:
    """CreateUser. Passwords are counted, never kept."""
    user = made(call, USERS, "UserId")
    user |= {key: call.params[key] for key in ("UserName", "Engine", "AccessString")}
    user |= {"Status": "active", "UserGroupIds": [], "Authentication": _authentication(call)}
    return stored(call, USERS, "UserId", user)


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
    group = made(call, USER_GROUPS, "UserGroupId")
    group |= {"Engine": call.params["Engine"], "Status": "active", "ReplicationGroups": []}
    group["UserIds"] = sorted(call.listed("UserIds"))
    _join(call, group["UserGroupId"], group["UserIds"])
    return stored(call, USER_GROUPS, "UserGroupId", group)


def modify_user_group(call: Call) -> Answer:
    """ModifyUserGroup: who joins and who leaves."""
    group = find(call, USER_GROUPS, call.params["UserGroupId"])
    leaving = set(call.listed("UserIdsToRemove"))
    group["UserIds"] = sorted({*group["UserIds"], *call.listed("UserIdsToAdd")} - leaving)
    _join(call, group["UserGroupId"], group["UserIds"])
    for user in leaving:
        find(call, USERS, user)["UserGroupIds"].remove(group["UserGroupId"])
    return group


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
