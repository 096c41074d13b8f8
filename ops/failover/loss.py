"""How much a failover loses: what was written after the replica's last row, while it could be.

A replica's lag goes on growing while its source is away, though nothing is written there any more.
What is lost ends with the lost region's lease: from then on its database lets no writer in.
"""

from __future__ import annotations

from ops.failover.target import Failover
from ops.world.site import SiteReads


def at_risk(wanted: Failover, reads: SiteReads) -> float | None:
    """Seconds of writes that the replica may lack, at most; None where its lag is unmeasured."""
    lag = reads.database.lag(wanted.database)
    if lag is None:
        return None
    return max(0.0, lag.seconds + lag.age - _closed_for(wanted, reads))


def _closed_for(wanted: Failover, reads: SiteReads) -> float:
    """Seconds since the last lease of the lost region was over. 0 while it runs, and where none
    was ever taken: nobody closes such a database."""
    fence = reads.fence.current()
    if fence is None:
        return 0.0
    ours = fence.holder == wanted.target.holder
    until = fence.previous_until if ours else fence.lease_until
    return max(0.0, reads.clock.now() - until) if until else 0.0
