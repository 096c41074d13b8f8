"""What must be so before a failover changes anything.

Each check also holds for a failover that was interrupted: what it already did counts as done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ops.account import account_check
from ops.backups.verify import Backups, broken
from ops.failover.departure import NAME, Departure, lives
from ops.failover.loss import at_risk
from ops.failover.target import Consent, Failover
from ops.step import Check, Finding
from ops.world.cluster import Workload
from ops.world.database import AVAILABLE
from ops.world.site import SiteReads

SIGNALS_NEEDED = 2
SILENT_SECONDS = 60.0
"""A replica that is further behind than this hears nothing, since its source commits always."""

FailoverCheck = Check[SiteReads]


def failover_checks(
    wanted: Failover, consent: Consent, backups: Backups, left: Departure | None = None
) -> list[FailoverCheck]:
    """Every check, in the order in which an operator would look."""
    judges: Sequence[tuple[str, Callable[[SiteReads], Finding]]] = (
        ("fence", lambda reads: _fence(wanted, reads)),
        *_leaving(wanted, consent, left),
        ("replica", lambda reads: _replica(wanted, reads)),
        ("lease agents", lambda _: _agents(wanted)),
        ("GPU quota", lambda reads: quota(wanted, reads)),
        ("node groups", lambda reads: node_groups(wanted, reads)),
        ("services", lambda reads: _services(wanted, reads)),
        ("backups", lambda reads: _backups(backups, reads)),
    )
    others = [Check(name=name, judge=judge) for name, judge in judges]
    return [account_check(wanted.target), *others]


def _leaving(
    wanted: Failover, consent: Consent, left: Departure | None
) -> Sequence[tuple[str, Callable[[SiteReads], Finding]]]:
    """What decides whether and how much may be lost: nothing of a region that lives."""
    if left is not None:
        return [(NAME, lambda reads: lives(wanted, left, reads))]
    return [
        ("lost region", lambda reads: _lost(wanted, consent, reads)),
        ("replica's lag", lambda reads: _lag(wanted, consent, reads)),
    ]


def good(check: str, says: str) -> Finding:
    """What does not stand in the way."""
    return Finding(check=check, says=says)


def bad(check: str, says: str, fix: str) -> Finding:
    """What refuses, and what to do about it."""
    return Finding(check=check, says=says, refuses=True, fix=fix)


def _ours(wanted: Failover, reads: SiteReads) -> bool:
    fence = reads.fence.current()
    return fence is not None and fence.holder == wanted.target.holder


def _fence(wanted: Failover, reads: SiteReads) -> Finding:
    fence = reads.fence.current()
    if fence is None:
        return good("fence", "nobody holds it yet")
    if fence.holder in (wanted.lost_region, wanted.target.holder):
        return good("fence", f"epoch {fence.epoch}, held by {fence.holder}")
    says = f"epoch {fence.epoch} is held by {fence.holder!r}, which is neither of the two regions"
    return bad("fence", says, "see mlops fence status; another platform uses this table")


def signals(wanted: Failover, reads: SiteReads) -> dict[str, bool]:
    """Signs that the region is lost, each seen from the standby's side."""
    fence = reads.fence.current()
    lag = reads.database.lag(wanted.database)
    return {
        "the primary has not renewed its lease": fence is not None
        and 0 < fence.lease_until < reads.clock.now(),
        "the replica hears nothing": lag is None or lag.seconds > SILENT_SECONDS,
        "the public names are not answered": not reads.traffic.platform_answers(),
    }


def _lost(wanted: Failover, consent: Consent, reads: SiteReads) -> Finding:
    if _ours(wanted, reads):
        return good("lost region", "this region holds the fence")
    seen = signals(wanted, reads)
    told = ", ".join(name for name, so in seen.items() if so) or "no sign of it"
    says = f"{sum(seen.values())} of {len(seen)} signals: {told}"
    if sum(seen.values()) >= SIGNALS_NEEDED:
        return good("lost region", says)
    if consent.lost and (any(seen.values()) or consent.loss):
        return good("lost region", says)
    if consent.lost:
        fix = "leave it with --planned, which waits for its last write; or give --accept-loss too"
        return bad("lost region", f"{says}, so it goes on writing what nobody copies", fix)
    fix = "wait for a second signal, or give --lost where you know that the region is gone"
    return bad("lost region", says, fix)


def _replica(wanted: Failover, reads: SiteReads) -> Finding:
    found = reads.database.instance(wanted.database)
    if found is None:
        fix = "deploy the standby first, or restore: mlops restore-database"
        return bad("replica", f"{wanted.database} does not exist", fix)
    if found.follows is None:
        if _ours(wanted, reads):
            return good("replica", f"{wanted.database} was promoted")
        fix = "somebody promoted it outside a failover: compare the data, then mlops failback"
        return bad("replica", f"{wanted.database} follows nobody, without the fence", fix)
    if found.status != AVAILABLE and not _ours(wanted, reads):
        return bad("replica", f"{wanted.database} is {found.status}", "wait until it is available")
    return good("replica", f"{wanted.database} is {found.status}, follows {found.follows}")


def _agents(wanted: Failover) -> Finding:
    """Models do without the database, so this stands in no failover's way."""
    if not wanted.stays_closed:
        return good("lease agents", "none needed, or there to open the promoted database")
    key = "services.applications.lease_agent.image_digest"
    return good(
        "lease agents",
        f"{key}: null, and those of {wanted.lost_region} closed the database: nobody writes to "
        f"what is promoted. Name a digest and deploy {wanted.target.stack} meanwhile",
    )


def _lag(wanted: Failover, consent: Consent, reads: SiteReads) -> Finding:
    found = reads.database.instance(wanted.database)
    if found is None or found.follows is None:
        return good("replica's lag", "nothing left to lose")
    lost = at_risk(wanted, reads)
    says = "unmeasured" if lost is None else f"at most {lost:.0f} s of writes are not here"
    if lost is not None and lost <= wanted.rpo_seconds:
        return good("replica's lag", f"{says}, {wanted.rpo_seconds:.0f} s may be lost")
    if consent.loss:
        return good("replica's lag", f"{says}, accepted")
    minutes = wanted.rpo_seconds / 60
    fix = f"above recovery.rpo_database_minutes ({minutes:.0f}): give --accept-loss to go on"
    return bad("replica's lag", says, fix)


def quota(wanted: Failover, reads: SiteReads) -> Finding:
    """GPUs need a quota, which is a region's own."""
    if wanted.gpu is None or not wanted.gpu.vcpus:
        return good("GPU quota", "no GPUs wanted")
    allowed = reads.cluster.quota_vcpus(wanted.gpu.quota_code)
    says = f"{wanted.gpu.vcpus} vCPUs wanted, {allowed:.0f} allowed"
    if allowed >= wanted.gpu.vcpus:
        return good("GPU quota", says)
    fix = f"ask for more of {wanted.gpu.quota_code} in {wanted.target.region}, or lower gpu.desired"
    return bad("GPU quota", says, fix)


def node_groups(wanted: Failover, reads: SiteReads) -> Finding:
    """Groups that are to grow must be there."""
    missing = [name for name in wanted.pools if reads.cluster.node_group(name) is None]
    if missing:
        fix = f"deploy the stack of {wanted.target.region} first"
        return bad("node groups", f"{', '.join(missing)} not there", fix)
    told = ", ".join(f"{name}: {nodes}" for name, nodes in wanted.pools.items())
    return good("node groups", told or "none to grow")


def absent(wanted: Failover, reads: SiteReads) -> list[Workload]:
    """Workloads that the standby does not have."""
    return [one for one in wanted.workloads if reads.cluster.replicas(one) is None]


def _services(wanted: Failover, reads: SiteReads) -> Finding:
    missing = absent(wanted, reads)
    if missing:
        told = ", ".join(map(str, missing))
        return good("services", f"not installed: {told}; the deployment brings them, later")
    told = ", ".join(f"{one}: {pods}" for one, pods in wanted.workloads.items())
    return good("services", f"installed, to have pods: {told}")


def _backups(backups: Backups, reads: SiteReads) -> Finding:
    """Nothing here needs a backup; a broken one is worth knowing before the source is gone."""
    wrong = broken(backups, reads.objects, thoroughly=False)
    return good("backups", "; ".join(wrong) if wrong else "the newest dump's checksums hold")
