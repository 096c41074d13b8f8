"""Secrets Manager: replicas under keys of their own, or as secrets of their own; rotation."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any, cast

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.clock import now
from rehearsal.cloud.errors import ApiError


def stop_replication_to_replica(call: Call) -> Answer:
    """StopReplicationToReplica, called in the region of the replica."""
    secrets: Any = call.here.moto("secretsmanager").secrets
    wanted = call.params["SecretId"]
    for key, replica in cast("list[tuple[str, Any]]", list(secrets.items())):
        if wanted in (replica.arn, replica.name) and hasattr(replica, "source"):
            source = replica.source
            own = copy(source)
            own.arn, own.region, own.replicas = replica.arn, call.region, []
            source.replicas.remove(replica)
            secrets[key] = own
            return {"ARN": own.arn}
    raise ApiError("ResourceNotFoundException", "there is no such replica in this region")


def create_secret(call: Call) -> Answer:
    """CreateSecret."""
    answer = call.upstream()
    _key_replicas(call, str(call.params["Name"]))
    return answer


def replicate_secret_to_regions(call: Call) -> Answer:
    """ReplicateSecretToRegions."""
    answer = call.upstream()
    _key_replicas(call, str(call.params["SecretId"]))
    keys = {one["Region"]: one.get("KmsKeyId") for one in call.listed("AddReplicaRegions")}
    for one in answer.get("ReplicationStatus", ()):
        if keys.get(one["Region"]):
            one["KmsKeyId"] = keys[one["Region"]]
    # moto repeats what it was asked with, which may be a name.
    found = call.here.moto("secretsmanager").secrets.get(call.params["SecretId"])
    return {**answer, "ARN": found.arn}


def _key_replicas(call: Call, secret: str) -> None:
    """Each replica has the key that was asked for: moto gives all of them AWS's own."""
    found = call.here.moto("secretsmanager").secrets.get(secret)
    keys = {one["Region"]: one.get("KmsKeyId") for one in call.listed("AddReplicaRegions")}
    for replica in found.replicas if found else ():
        if keys.get(replica.region):
            replica.config["KmsKeyId"] = keys[replica.region]


def rotate_secret(call: Call) -> Answer:
    """RotateSecret: remembers who rotates it and when. The function is not run, so the secret
    keeps its value and its version."""
    secret = _secret(call)
    secret.rotation_requested = secret.rotation_enabled = True
    secret.last_rotation_date = int(now().timestamp())
    if call.params.get("RotationLambdaARN"):
        secret.rotation_lambda_arn = call.params["RotationLambdaARN"]
    days = call.mapped("RotationRules").get("AutomaticallyAfterDays")
    if days:
        secret.auto_rotate_after_days = days
        secret.next_rotation_date = int((now() + timedelta(days=days)).timestamp())
    return _named(secret)


def cancel_rotate_secret(call: Call) -> Answer:
    """CancelRotateSecret."""
    secret = _secret(call)
    secret.rotation_enabled = secret.rotation_requested = False
    return _named(secret)


def _secret(call: Call) -> Any:
    found = call.here.moto("secretsmanager").secrets.get(call.params["SecretId"])
    if found is None:
        raise ApiError("ResourceNotFoundException", "Secrets Manager can't find the secret.")
    return found


def _named(secret: Any) -> Answer:
    return {"ARN": secret.arn, "Name": secret.name, "VersionId": secret.default_version_id}


OPERATIONS = {
    "CancelRotateSecret": cancel_rotate_secret,
    "CreateSecret": create_secret,
    "ReplicateSecretToRegions": replicate_secret_to_regions,
    "RotateSecret": rotate_secret,
    "StopReplicationToReplica": stop_replication_to_replica,
}
