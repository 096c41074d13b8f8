"""The simulated EKS's records: clusters and what belongs to them, kept as the API shows
them. moto's EKS knows only clusters and node groups, so none of it is used."""

from __future__ import annotations

import hashlib
from typing import Any

from rehearsal.cloud.call import Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.state import Record, Region, Table

CLUSTERS = "eks:cluster"
NODEGROUPS = "eks:nodegroup"
ADDONS = "eks:addon"
ENTRIES = "eks:access-entry"
POLICIES = "eks:access-policy"
ASSOCIATIONS = "eks:pod-identity"
UPDATES = "eks:update"
TAGGED = (CLUSTERS, NODEGROUPS, ADDONS, ENTRIES, ASSOCIATIONS)
SEPARATOR = "\0"
"""Between a cluster's name and the name of what belongs to it, in a key."""


def arn(call: Call, resource: str) -> str:
    """ARN of an EKS resource of the caller's account and region."""
    return f"arn:aws:eks:{call.region}:{call.account}:{resource}"


def identifier(call: Call, *parts: str) -> str:
    """A UUID-shaped identifier that no other resource has."""
    text = SEPARATOR.join((call.region, str(call.cloud.number()), *parts))
    digits = hashlib.sha256(text.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def key(*parts: str) -> str:
    """Key of a record that belongs to a cluster."""
    return SEPARATOR.join(parts)


def cluster(call: Call, parameter: str = "clusterName") -> Record:
    """The cluster that the call names. Raises ApiError if there is none."""
    return cluster_named(call.here, call.params[parameter])


def cluster_named(here: Region, name: str) -> Record:
    """The cluster `name`. Raises ApiError if there is none."""
    found = here.table(CLUSTERS).get(name)
    if found is None:
        raise not_found(f"No cluster found for name: {name}.")
    return found


def of_cluster(here: Region, kind: str, name: str) -> Table:
    """The records of a kind that belong to the cluster `name`, by key."""
    start = name + SEPARATOR
    return {k: record for k, record in here.table(kind).items() if k.startswith(start)}


def not_found(message: str) -> ApiError:
    """EKS's error for something that does not exist."""
    return ApiError("ResourceNotFoundException", message, 404)


def in_use(message: str) -> ApiError:
    """EKS's error for something that exists already, or is still used."""
    return ApiError("ResourceInUseException", message, 409)


def present(record: dict[str, Any]) -> dict[str, Any]:
    """`record` without the members that were not given: AWS leaves them out."""
    return {name: value for name, value in record.items() if value is not None}
