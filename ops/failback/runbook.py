"""The failback as a runbook: checks, steps, and where its fence stands."""

from __future__ import annotations

from ops.backups.verify import Backups
from ops.failback.checks import failback_checks, require_answers
from ops.failback.steps import failback_steps
from ops.failback.target import Failback
from ops.failover.runbook import stamp
from ops.step import Runbook
from ops.world.pair import PairReads, PairWorld


def failback(wanted: Failback, backups: Backups, reads: PairReads) -> Runbook[PairReads, PairWorld]:
    """The runbook for both regions as `reads` shows them. Raises Refused where the old region
    does not answer."""
    require_answers(wanted, reads.home)
    return Runbook(
        name="failback",
        target=wanted.target,
        checks=failback_checks(wanted, backups),
        steps=failback_steps(wanted),
        stamp=lambda both: stamp(both.home),
    )
