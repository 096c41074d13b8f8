"""Every rule, by number."""

from __future__ import annotations

from collections.abc import Mapping

from policies.concerns import (
    buckets,
    caches,
    cluster_objects,
    databases,
    file_systems,
    identities,
    keys,
    messages,
    permissions,
    pods,
    records,
    vault,
)
from policies.rule import Rule

CONCERNS: Mapping[str, tuple[Rule, ...]] = {
    "buckets": buckets.RULES,
    "caches": caches.RULES,
    "cluster objects": cluster_objects.RULES,
    "databases": databases.RULES,
    "file systems": file_systems.RULES,
    "identities": identities.RULES,
    "keys": keys.RULES,
    "messages": messages.RULES,
    "permissions": permissions.RULES,
    "pods": pods.RULES,
    "records": records.RULES,
    "vault": vault.RULES,
}

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for rules in CONCERNS.values() for rule in rules), key=lambda rule: rule.number)
)
