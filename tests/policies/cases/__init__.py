"""What proves each rule, one module for each concern."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import (
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
from tests.policies.scene import Cases

CASES: Mapping[str, Cases] = {
    **buckets.CASES,
    **caches.CASES,
    **cluster_objects.CASES,
    **databases.CASES,
    **file_systems.CASES,
    **identities.CASES,
    **keys.CASES,
    **messages.CASES,
    **permissions.CASES,
    **pods.CASES,
    **records.CASES,
    **vault.CASES,
}
