"""Every runbook on a region in memory: what the laws are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops.executor import Hands, carry_out
from ops.failover.runbook import failover
from ops.failover.target import Consent
from ops.journal import opened
from ops.progress import PlainProgress
from ops.step import Runbook
from ops.world.site import SiteReads, SiteWorld
from tests.ops.memory.region import BACKUPS, Region, wanted

SiteRunbook = Runbook[SiteReads, SiteWorld]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A runbook, and the region on which it has something to do."""

    name: str
    make: Callable[[SiteReads], SiteRunbook]
    region: Callable[[], Region] = Region


def _failover(reads: SiteReads) -> SiteRunbook:
    return failover(wanted(), Consent(), BACKUPS, reads)


CASES = (Case(name="failover", make=_failover),)


def apply(
    make: Callable[[SiteReads], SiteRunbook],
    region: Region,
    journal: Path,
    confirm: Callable[[str], bool] = lambda _: True,
) -> bool:
    """Carry the runbook out on the region, as `--apply` does."""
    hands = Hands(
        reads=region.reads(),
        world=region.world(),
        clock=region.clock,
        progress=PlainProgress(lambda _: None),
        confirm=confirm,
    )
    runbook = make(hands.reads)
    with opened(journal, runbook.name, runbook.target, sync=lambda _: None) as log:
        return carry_out(runbook, log, hands)
