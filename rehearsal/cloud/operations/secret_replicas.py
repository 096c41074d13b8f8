"""Secrets Manager: a replica that becomes a secret of its own."""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from rehearsal.cloud.call import Answer, Call
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


OPERATIONS = {"StopReplicationToReplica": stop_replication_to_replica}
