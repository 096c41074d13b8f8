"""Every rule, by number."""

from __future__ import annotations

from collections.abc import Mapping

from policies.concerns import (
    audit,
    belongings,
    buckets,
    caches,
    cluster_objects,
    databases,
    entrances,
    file_systems,
    identities,
    keys,
    messages,
    permissions,
    pods,
    records,
    registries,
    vault,
)
from policies.rule import Rule

CONCERNS: Mapping[str, tuple[Rule, ...]] = {
    "audit": audit.RULES,
    "belongings": belongings.RULES,
    "buckets": buckets.RULES,
    "caches": caches.RULES,
    "cluster objects": cluster_objects.RULES,
    "databases": databases.RULES,
    "entrances": entrances.RULES,
    "file systems": file_systems.RULES,
    "identities": identities.RULES,
    "keys": keys.RULES,
    "messages": messages.RULES,
    "permissions": permissions.RULES,
    "pods": pods.RULES,
    "records": records.RULES,
    "registries": registries.RULES,
    "vault": vault.RULES,
}

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for rules in CONCERNS.values() for rule in rules), key=lambda rule: rule.number)
)
