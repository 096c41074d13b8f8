"""What of the online store becomes an alarm, node by node: AWS measures nodes, not groups.

Part of `Cache`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from components.metric_alarms import Threshold, over

NAMESPACE = "AWS/ElastiCache"
LAG_SECONDS = 10
"""Features that are older than this are served wrongly without a failure."""


def thresholds(identifier: str, nodes: int) -> Sequence[Threshold]:
    """Of each of the group's `nodes`; ElastiCache numbers them from 001."""
    return [
        threshold
        for number in range(1, nodes + 1)
        for threshold in _of_node(f"{identifier}-{number:03}", number)
    ]


def _of_node(member: str, number: int) -> Iterator[Threshold]:
    much = partial(over, CacheClusterId=member)
    # The engine runs commands on one thread: the host's own CPU looks idle beside it.
    yield much(f"cpu-{number}", "EngineCPUUtilization", 80, 10, "the engine is above 80 % of CPU")
    memory = "DatabaseMemoryUsagePercentage"
    yield much(f"memory-{number}", memory, 80, 10, "80 % of the memory is used")
    yield much(f"evictions-{number}", "Evictions", 0, 5, "features are dropped for want of memory")
    behind = f"the replica is more than {LAG_SECONDS} s behind the primary"
    yield much(f"lag-{number}", "ReplicationLag", LAG_SECONDS, 5, behind)
