"""Valkey on ElastiCache: engine versions that the platform accepts and their parameter families.

To check or renew: `aws elasticache describe-cache-engine-versions --engine valkey
--query 'CacheEngineVersions[].[EngineVersion,CacheParameterGroupFamily]'`.
"""

from __future__ import annotations

DEFAULT_VERSION = "8.1"

FAMILIES: dict[str, str] = {
    "7.2": "valkey7",
    "8.0": "valkey8",
    "8.1": "valkey8",
    "8.2": "valkey8",
}
"""Parameter-group family by engine version."""

VERSIONS = tuple(FAMILIES)

MAX_REPLICAS = 5
"""Most replicas of one shard."""
MAX_SNAPSHOT_DAYS = 35
"""Longest that ElastiCache keeps automatic snapshots, days."""
GROUP_NAME_LIMIT = 40
"""Characters of the ID of a replication group, a user or a user group."""
