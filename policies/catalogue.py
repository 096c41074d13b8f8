"""Every rule, by number."""

from __future__ import annotations

from policies.concerns import (
    buckets,
    cluster_objects,
    databases,
    identities,
    keys,
    permissions,
    pods,
)
from policies.rule import Rule

CONCERNS = {
    "buckets": buckets.RULES,
    "databases": databases.RULES,
    "keys": keys.RULES,
    "permissions": permissions.RULES,
    "identities": identities.RULES,
    "pods": pods.RULES,
    "cluster objects": cluster_objects.RULES,
}

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for rules in CONCERNS.values() for rule in rules), key=lambda rule: rule.number)
)
