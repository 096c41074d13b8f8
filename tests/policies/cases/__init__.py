"""What proves each rule, one module for each concern."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import (
    audit,
    belongings,
    bucket_replication,
    buckets,
    caches,
    cluster_objects,
    clusters,
    database_recovery,
    database_upkeep,
    databases,
    entrances,
    file_systems,
    identities,
    keys,
    messages,
    network,
    network_acls,
    node_pools,
    nodes,
    permissions,
    pods,
    records,
    registries,
    security_groups,
    vault,
    volumes,
)
from tests.policies.scene import Cases

CASES: Mapping[str, Cases] = {
    **audit.CASES,
    **belongings.CASES,
    **bucket_replication.CASES,
    **buckets.CASES,
    **caches.CASES,
    **cluster_objects.CASES,
    **clusters.CASES,
    **database_recovery.CASES,
    **database_upkeep.CASES,
    **databases.CASES,
    **entrances.CASES,
    **file_systems.CASES,
    **identities.CASES,
    **keys.CASES,
    **messages.CASES,
    **network.CASES,
    **network_acls.CASES,
    **node_pools.CASES,
    **nodes.CASES,
    **permissions.CASES,
    **pods.CASES,
    **records.CASES,
    **registries.CASES,
    **security_groups.CASES,
    **vault.CASES,
    **volumes.CASES,
}
