"""What moto accepts and AWS refuses: the rules, and the check of a call against them."""

from __future__ import annotations

from collections import defaultdict

from rehearsal.cloud.call import Call
from rehearsal.cloud.errors import ApiError
from rehearsal.cloud.refusals import (
    backup,
    batch_jobs,
    cache_access,
    caches,
    capacity_reservations,
    certificates,
    clusters,
    copies,
    database_groups,
    databases,
    encryption_keys,
    file_systems,
    global_tables,
    guardrails,
    images,
    keys,
    load_balancers,
    monitoring,
    network,
    network_access,
    node_groups,
    objects,
    pod_identity,
    records,
    replicas,
    roles,
    sealed,
    trails,
    web_acls,
)
from rehearsal.cloud.refusals.rule import Rule

RULES: tuple[Rule, ...] = (
    *network.RULES,
    *network_access.RULES,
    *clusters.RULES,
    *node_groups.RULES,
    *capacity_reservations.RULES,
    *pod_identity.RULES,
    *databases.RULES,
    *database_groups.RULES,
    *replicas.RULES,
    *keys.RULES,
    *encryption_keys.RULES,
    *roles.RULES,
    *objects.RULES,
    *batch_jobs.RULES,
    *copies.RULES,
    *sealed.RULES,
    *file_systems.RULES,
    *global_tables.RULES,
    *images.RULES,
    *load_balancers.RULES,
    *certificates.RULES,
    *web_acls.RULES,
    *records.RULES,
    *guardrails.RULES,
    *trails.RULES,
    *monitoring.RULES,
    *backup.RULES,
    *caches.RULES,
    *cache_access.RULES,
)
"""Every rule, in the order of the table in `docs/refusals.md`."""


def _index() -> dict[tuple[str, str], list[Rule]]:
    found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in RULES:
        for operation in rule.operations:
            found[rule.service, operation].append(rule)
    return found


_BY_OPERATION = _index()


def check(call: Call) -> None:
    """Raises ApiError for a call that AWS would refuse, by the first rule that it breaks."""
    for rule in _BY_OPERATION.get((call.service, call.operation), ()):
        message = rule.broken(call)
        if message is not None:
            raise ApiError(rule.code, message, rule.status)
