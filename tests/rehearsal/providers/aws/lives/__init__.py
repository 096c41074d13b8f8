"""The lives of all resource types, one module per family."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rehearsal.providers.aws.life import Life
from tests.rehearsal.providers.aws.lives import clusters, firewalls, networks, templates

LIVES: Sequence[Life] = (
    *clusters.LIVES,
    *firewalls.LIVES,
    *networks.LIVES,
    *templates.LIVES,
)
