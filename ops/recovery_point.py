"""How much a failover would lose: the copies' lags of the catalogue, sampled many times over.

Pure: no world is looked at. The region is lost at a moment that nobody chose: what had been
written and was not copied by then is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from catalog.timings import seconds
from lease.budget import Budget
from ops.recovery_time import SAMPLES, SEED, Spread

ROWS = seconds("replication", "lag", "database")
OBJECTS = seconds("replication", "lag", "objects")
FILES = seconds("replication", "lag", "files")


@dataclass(frozen=True, kw_only=True)
class RecoveryPoint:
    """Seconds of what was written last and is gone."""

    rows: Spread
    """Of a region that is gone."""
    rows_cut_off: Spread
    """Of one that is cut off and alive: it takes writes until its lease is over."""
    objects: Spread
    files: Spread


def recovery_point(
    budget: Budget | None = None, samples: int = SAMPLES, seed: int = SEED
) -> RecoveryPoint:
    """The spread of the losses, the same for the same seed."""
    days = [f"{seed} {number}" for number in range(samples)]
    lease = budget or Budget()
    behind = {day: ROWS.drawn(f"{day} rows") for day in days}
    return RecoveryPoint(
        rows=Spread.of(behind.values()),
        rows_cut_off=Spread.of(behind[day] + _left_of_lease(lease, day) for day in days),
        objects=Spread.of(OBJECTS.drawn(f"{day} objects") for day in days),
        files=Spread.of(FILES.drawn(f"{day} files") for day in days),
    )


def _left_of_lease(budget: Budget, day: str) -> float:
    """Seconds from the cut until the database is closed and its last session has ended: the cut
    falls anywhere between two renewals."""
    since_renewal = Random(f"{day} cut").uniform(0, budget.renew_every)  # noqa: S311
    return (budget.duration - since_renewal) / 1_000
