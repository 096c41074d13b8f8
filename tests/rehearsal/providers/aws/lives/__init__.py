"""The lives of all resource types, one module per family."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives import (
    balancers,
    buckets,
    caches,
    clusters,
    databases,
    firewall_rules,
    firewalls,
    guardrails,
    identities,
    keys,
    names,
    networks,
    recovery,
    secret_values,
    signals,
    storage,
    templates,
)

LIVES: Sequence[Life] = (
    *balancers.LIVES,
    *buckets.LIVES,
    *caches.LIVES,
    *clusters.LIVES,
    *databases.LIVES,
    *firewall_rules.LIVES,
    *firewalls.LIVES,
    *guardrails.LIVES,
    *identities.LIVES,
    *keys.LIVES,
    *names.LIVES,
    *networks.LIVES,
    *recovery.LIVES,
    *secret_values.LIVES,
    *signals.LIVES,
    *storage.LIVES,
    *templates.LIVES,
)
