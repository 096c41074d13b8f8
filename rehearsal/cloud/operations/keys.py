"""KMS: replicas of multi-region keys, and how often keys rotate."""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import timedelta
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError

ROTATIONS = "kms:rotation"
DEFAULT_PERIOD_DAYS = 365


def schedule_key_deletion(call: Call) -> Answer:
    """ScheduleKeyDeletion: moto knows the key by its identifier only."""
    given = {name: value for name, value in call.params.items() if value is not None}
    return call.ask("kms", "ScheduleKeyDeletion", {**given, "KeyId": _key(call).id})


def replicate_key(call: Call) -> Answer:
    """ReplicateKey: the replica has its own policy, description, tags, aliases and grants."""
    name = _key(call).id
    given = {"KeyId": name, "ReplicaRegion": call.params["ReplicaRegion"]}
    call.ask("kms", "ReplicateKey", given)
    there = call.cloud.region(call.params["ReplicaRegion"]).moto("kms")
    replica: Any = there.keys[name]
    replica.aliases, replica.grants, replica.rotations = {}, {}, []
    replica.multi_region_configuration = deepcopy(replica.multi_region_configuration)
    replica.policy = call.params.get("Policy") or replica.generate_default_policy()
    replica.description = call.params.get("Description") or ""
    there.tagger.tag_resource(name, call.listed("Tags"))
    region = call.params["ReplicaRegion"]
    described = call.ask("kms", "DescribeKey", {"KeyId": name}, region=region)["KeyMetadata"]
    return {
        "ReplicaKeyMetadata": described,
        "ReplicaPolicy": replica.policy,
        "ReplicaTags": call.listed("Tags"),
    }


def create_grant(call: Call) -> Answer:
    """CreateGrant: one of the same name and parameters is there already, and gets a new token.
    Source: KMS API reference, CreateGrant, Name."""
    given = call.params
    same = [
        grant
        for grant in _key(call).grants.values()
        if given.get("Name")
        and (grant.name, grant.grantee_principal) == (given["Name"], given["GranteePrincipal"])
        and list(grant.operations) == call.listed("Operations")
        and grant.retiring_principal == given.get("RetiringPrincipal")
    ]
    if same:
        return {"GrantId": same[0].id, "GrantToken": uuid.uuid4().hex}
    return call.upstream()


def enable_key_rotation(call: Call) -> Answer:
    """EnableKeyRotation: every year, unless told otherwise."""
    answer = call.upstream()
    days = call.params.get("RotationPeriodInDays") or DEFAULT_PERIOD_DAYS
    call.here.table(ROTATIONS)[_key(call).id] = {"days": days, "since": now()}
    return answer


def get_key_rotation_status(call: Call) -> Answer:
    """GetKeyRotationStatus, with the period and the next date."""
    answer = call.upstream()
    key = _key(call)
    answer["KeyId"] = key.arn
    held = call.here.table(ROTATIONS).get(key.id, {"days": DEFAULT_PERIOD_DAYS, "since": now()})
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = held["days"]
        answer["NextRotationDate"] = held["since"] + timedelta(days=held["days"])
    return answer


def key_named(call: Call, name: str) -> Any | None:
    """The key that an identifier, ARN or alias names in its region, as moto keeps it."""
    parts = name.split(":")
    region = parts[3] if name.startswith("arn:") and len(parts) > 5 else call.region
    short = parts[-1] if name.startswith("arn:") else name
    keys = call.cloud.region(region).moto("kms").keys
    if short.startswith("alias/"):
        return next((key for key in keys.values() if short in key.aliases), None)
    return keys.get(short.removeprefix("key/"))


def _key(call: Call) -> Any:
    found = key_named(call, call.params["KeyId"])
    if found is None:
        raise ApiError("NotFoundException", f"Key '{call.params['KeyId']}' does not exist")
    return found


OPERATIONS = {
    "CreateGrant": create_grant,
    "EnableKeyRotation": enable_key_rotation,
    "GetKeyRotationStatus": get_key_rotation_status,
    "ReplicateKey": replicate_key,
    "ScheduleKeyDeletion": schedule_key_deletion,
}
