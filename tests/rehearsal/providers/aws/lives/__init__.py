"""The lives of all resource types, one module per family."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives import (
    clusters,
    databases,
    firewalls,
    identities,
    keys,
    networks,
    secret_values,
    templates,
)

LIVES: Sequence[Life] = (
    *clusters.LIVES,
    *databases.LIVES,
    *firewalls.LIVES,
    *identities.LIVES,
    *keys.LIVES,
    *networks.LIVES,
    *secret_values.LIVES,
    *templates.LIVES,
)
