"""What of a database instance becomes an alarm: what fills up, saturates, falls behind.

Part of `Database`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from components.metric_alarms import Threshold, over, under

GIB = 1024**3
NAMESPACE = "AWS/RDS"


def thresholds(
    identifier: str, storage_gib: int, memory_gib: float, lag_seconds: int | None
) -> Sequence[Threshold]:
    """80 % of CPU and connections, a tenth of storage and memory, and a replica's lag.

    `storage_gib` is the allocated size, the volume may have grown since; `lag_seconds` is how far
    a replica may fall behind its source, None for a primary.
    """
    much = partial(over, DBInstanceIdentifier=identifier)
    little = partial(under, DBInstanceIdentifier=identifier)
    free, freeable = storage_gib * GIB / 10, memory_gib * GIB / 10
    connections = 0.8 * max_connections(memory_gib)
    found = [
        much("cpu", "CPUUtilization", 80, 10, "CPU is above 80 % for ten minutes"),
        much("connections", "DatabaseConnections", connections, 5, "80 % of connections are used"),
        little("storage", "FreeStorageSpace", free, 5, "less than a tenth of the storage is free"),
        little("memory", "FreeableMemory", freeable, 10, "less than a tenth of memory is left"),
    ]
    if lag_seconds is not None:
        behind = f"the replica is more than {lag_seconds} s behind its source"
        found.append(much("lag", "ReplicaLag", lag_seconds, 5, behind))
    return found


def max_connections(memory_gib: float) -> int:
    """RDS's default for PostgreSQL. Source: RDS user guide, maximum number of connections."""
    return min(int(memory_gib * GIB) // 9_531_392, 5_000)
