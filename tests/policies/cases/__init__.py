"""What proves each rule, one module for each concern."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import buckets, cluster_objects, databases, pods
from tests.policies.scene import Cases

CASES: Mapping[str, Cases] = {
    **buckets.CASES,
    **databases.CASES,
    **pods.CASES,
    **cluster_objects.CASES,
}
