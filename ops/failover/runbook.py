"""The failover as a runbook: checks, steps, and what is remembered of its beginning."""

from __future__ import annotations

from ops.backups.verify import Backups
from ops.failover.checks import absent, failover_checks
from ops.failover.departure import Departure
from ops.failover.loss import at_risk
from ops.failover.steps import departure_steps, failover_steps
from ops.failover.target import Consent, Failover
from ops.report import LAG_FACT, RPO_FACT
from ops.step import Runbook, Stamp
from ops.world.site import SiteReads, SiteWorld


def failover(
    wanted: Failover,
    consent: Consent,
    backups: Backups,
    reads: SiteReads,
    left: Departure | None = None,
) -> Runbook[SiteReads, SiteWorld]:
    """The runbook for the standby as `reads` shows it; `left`: of a region that lives."""
    installed = not absent(wanted, reads)
    return Runbook(
        name="failover",
        target=wanted.target,
        checks=failover_checks(wanted, consent, backups, left),
        steps=failover_steps(wanted, installed=installed)
        if left is None
        else departure_steps(wanted, left, installed=installed),
        stamp=stamp,
        facts=lambda now: {} if left else _at_risk(wanted, now),
    )


def stamp(reads: SiteReads) -> Stamp:
    """Where the fence stands."""
    fence = reads.fence.current()
    return Stamp() if fence is None else Stamp(epoch=fence.epoch, holder=fence.holder)


def _at_risk(wanted: Failover, reads: SiteReads) -> dict[str, float]:
    lag, lost = reads.database.lag(wanted.database), at_risk(wanted, reads)
    return {} if lag is None or lost is None else {RPO_FACT: lost, LAG_FACT: lag.seconds}
