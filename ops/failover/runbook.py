"""The failover as a runbook: checks, steps, and what is remembered of its beginning."""

from __future__ import annotations

from ops.backups.verify import Backups
from ops.failover.checks import absent, failover_checks
from ops.failover.steps import failover_steps
from ops.failover.target import Consent, Failover
from ops.report import RPO_FACT
from ops.step import Runbook, Stamp
from ops.world.site import SiteReads, SiteWorld


def failover(
    wanted: Failover, consent: Consent, backups: Backups, reads: SiteReads
) -> Runbook[SiteReads, SiteWorld]:
    """The runbook for the standby as `reads` shows it."""
    installed = not absent(wanted, reads)
    return Runbook(
        name="failover",
        target=wanted.target,
        checks=failover_checks(wanted, consent, backups),
        steps=failover_steps(wanted, installed=installed),
        stamp=stamp,
        facts=lambda now: _at_risk(wanted, now),
    )


def stamp(reads: SiteReads) -> Stamp:
    """Where the fence stands."""
    fence = reads.fence.current()
    return Stamp() if fence is None else Stamp(epoch=fence.epoch, holder=fence.holder)


def _at_risk(wanted: Failover, reads: SiteReads) -> dict[str, float]:
    lag = reads.database.lag_seconds(wanted.database)
    return {} if lag is None else {RPO_FACT: lag}
