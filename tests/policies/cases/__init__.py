"""What proves each rule, one module for each concern."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import (
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
from tests.policies.scene import Cases

CASES: Mapping[str, Cases] = {
    **audit.CASES,
    **belongings.CASES,
    **buckets.CASES,
    **caches.CASES,
    **cluster_objects.CASES,
    **databases.CASES,
    **entrances.CASES,
    **file_systems.CASES,
    **identities.CASES,
    **keys.CASES,
    **messages.CASES,
    **permissions.CASES,
    **pods.CASES,
    **records.CASES,
    **registries.CASES,
    **vault.CASES,
}
