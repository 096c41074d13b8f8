"""What a lost region refuses: every call to it, every change of what is controlled through it, and
what another region cannot do without it.

What global services serve goes on: reads of IAM and Route 53, signing in, DNS.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.control_planes import GLOBAL_SERVICES, HOME, through_home
from rehearsal.cloud.call import Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.plain import listing, mapping

READS = ("Get*", "List*", "Describe*", "BatchGet*", "Head*", "Lookup*", "Simulate*")
MAKES = ("Copy", "Create", "Put", "Replicate", "Restore", "Start", "Update")
"""Starts of operations that make something of both regions; to end it, one side is enough."""
NAMED = frozenset(
    {"DestinationRegion", "Region", "RegionName", "ReplicaRegion", "SourceRegion"}
    | {"SourceDBInstanceArn", "SourceDBInstanceIdentifier", "SourceDBSnapshotIdentifier"}
)
"""Members that say which other region a change involves."""


def reads(operation: str) -> bool:
    """Whether it changes nothing."""
    return any(fnmatch.fnmatchcase(operation, each) for each in READS)


def refuses(lost: str, service: str, operation: str, region: str) -> bool:
    """Whether a call to `region` fails while `lost` is lost."""
    if service in GLOBAL_SERVICES:
        return lost == HOME and not reads(operation)
    return region == lost or (lost == HOME and through_home(service, operation) is not None)


def check(call: Call) -> None:
    """Raises ApiError if the call needs more of a lost region than its endpoint: an object in a
    bucket there, a source or a copy there."""
    for lost in call.lost:
        if call.service == "s3" and _home(call) == lost:
            raise _unavailable(call, f"the bucket {call.params['Bucket']} is in {lost}")
        if call.operation.startswith(MAKES) and lost in _regions(call.params):
            raise _unavailable(call, f"it needs {lost}")


def _home(call: Call) -> str | None:
    """Region of the bucket that the call names."""
    buckets: Mapping[str, Any] = call.cloud.moto("s3").buckets
    found = buckets.get(str(call.params.get("Bucket")))
    return found.region_name if found is not None else None


def _regions(params: Mapping[str, Any]) -> Iterator[str]:
    for name, value in params.items():
        if name in NAMED and isinstance(value, str):
            yield value.split(":")[3] if value.startswith("arn:") else value
        parts = listing(value) if isinstance(value, list) else [value]
        for part in parts:
            yield from _regions(mapping(part) if isinstance(part, dict) else {})


def _unavailable(call: Call, why: str) -> ApiError:
    return ApiError("ServiceUnavailable", f"{call.name}: {why}, which is out of service", 503)
