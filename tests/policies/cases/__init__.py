"""What proves each rule, one module for each concern."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import (
    buckets,
    cluster_objects,
    databases,
    identities,
    keys,
    permissions,
    pods,
)
from tests.policies.scene import Cases

CASES: Mapping[str, Cases] = {
    **buckets.CASES,
    **cluster_objects.CASES,
    **databases.CASES,
    **identities.CASES,
    **keys.CASES,
    **permissions.CASES,
    **pods.CASES,
}
