"""Every rule, by number."""

from __future__ import annotations

from collections.abc import Mapping

from policies.concerns import (
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
    exposure,
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
from policies.rule import Rule

CONCERNS: Mapping[str, tuple[Rule, ...]] = {
    "audit": audit.RULES,
    "belongings": belongings.RULES,
    "bucket replication": bucket_replication.RULES,
    "buckets": buckets.RULES,
    "caches": caches.RULES,
    "cluster objects": cluster_objects.RULES,
    "clusters": clusters.RULES,
    "database recovery": database_recovery.RULES,
    "database upkeep": database_upkeep.RULES,
    "databases": databases.RULES,
    "entrances": entrances.RULES,
    "exposure": exposure.RULES,
    "file systems": file_systems.RULES,
    "identities": identities.RULES,
    "keys": keys.RULES,
    "messages": messages.RULES,
    "network": network.RULES,
    "network acls": network_acls.RULES,
    "node pools": node_pools.RULES,
    "nodes": nodes.RULES,
    "permissions": permissions.RULES,
    "pods": pods.RULES,
    "records": records.RULES,
    "registries": registries.RULES,
    "security groups": security_groups.RULES,
    "vault": vault.RULES,
    "volumes": volumes.RULES,
}

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for rules in CONCERNS.values() for rule in rules), key=lambda rule: rule.number)
)
