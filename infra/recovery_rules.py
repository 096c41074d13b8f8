"""Rules of a stack file about what a failover may take and lose: no figure exceeds the one that it
is a part of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infra.problems import Problem, unexpected

if TYPE_CHECKING:
    from infra.settings import Settings

PARTS = (
    ("rto_median_minutes", "rto_p95_minutes"),
    ("rto_p95_minutes", "rto_minutes"),
    ("inference_minutes", "rto_minutes"),
    ("rpo_database_minutes", "rpo_minutes"),
)
"""A figure, and what it must not exceed."""


def _parts(settings: Settings) -> Iterator[Problem]:
    for part, whole in PARTS:
        wanted, most = getattr(settings.recovery, part), getattr(settings.recovery, whole)
        if wanted > most:
            yield unexpected(f"recovery.{part}", f"at most {whole} ({most})", wanted)


RECOVERY_RULES = (_parts,)
