"""What must be so before a failback changes anything.

Each check also holds for a failback that was interrupted: what it already did counts as done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ops.account import account_check
from ops.backups.verify import Backups, broken, stale_snapshots
from ops.errors import Refused, RunbookError
from ops.failback.copies import aside_name
from ops.failback.sides import follows_away, follows_home, holder, returned, turn
from ops.failback.target import Failback
from ops.failover.checks import bad, good, node_groups, quota
from ops.failover.target import MLFLOW
from ops.step import Check, Finding
from ops.world.pair import PairReads
from ops.world.site import SiteReads

FailbackCheck = Check[PairReads]


def failback_checks(wanted: Failback, backups: Backups) -> list[FailbackCheck]:
    """Every check, in the order in which an operator would look."""
    judges: Sequence[tuple[str, Callable[[PairReads], Finding]]] = (
        ("fence", lambda reads: _fence(wanted, reads)),
        ("role", lambda reads: _role(wanted, reads)),
        ("primary", lambda reads: _primary(wanted, reads)),
        ("old side", lambda reads: _old_side(wanted, reads)),
        ("old database", lambda reads: _old_database(wanted, reads)),
        ("GPU quota", lambda reads: quota(wanted.home, reads.home)),
        ("node groups", lambda reads: node_groups(wanted.home, reads.home)),
        ("backups", lambda reads: _backups(wanted, backups, reads)),
    )
    others = [Check(name=name, judge=judge) for name, judge in judges]
    return [account_check(wanted.target), *others]


def require_answers(wanted: Failback, home: SiteReads) -> None:
    """Raises Refused naming each service of the old region that does not answer: without them
    there is not even a plan."""
    asked: dict[str, Callable[[], object]] = {
        "databases": lambda: home.database.instance(wanted.home.database),
        "fence": home.fence.current,
        "file systems": lambda: home.files.replicates(wanted.home.file_system),
        "node groups": lambda: [home.cluster.node_group(name) for name in wanted.home.pools],
        "cluster": lambda: home.cluster.replicas(MLFLOW),
        "state": home.declaration.known_database,
    }
    silent = [f"  {name}: {said}" for name, call in asked.items() if (said := _unanswered(call))]
    if silent:
        told = "\n".join(silent)
        raise Refused(
            f"failback: {wanted.target.region} does not answer as a healthy region does; wait "
            f"until it does, nothing was changed:\n{told}"
        )


def _unanswered(call: Callable[[], object]) -> str:
    try:
        call()
    except RunbookError as error:
        return str(error)
    return ""


def _fence(wanted: Failback, reads: PairReads) -> Finding:
    fence = reads.home.fence.current()
    if fence is None:
        return bad("fence", "nobody holds it", "start the lease agents: docs/fence.md")
    if fence.holder in (wanted.target.holder, wanted.away.region):
        return good("fence", f"epoch {fence.epoch}, held by {fence.holder}")
    says = f"epoch {fence.epoch} is held by {fence.holder!r}, which is neither of the two regions"
    return bad("fence", says, "see mlops fence status; another platform uses this table")


def _role(wanted: Failback, reads: PairReads) -> Finding:
    declared = reads.away.declaration.declared_role()
    deployed = reads.away.declaration.deployed_role()
    if declared == deployed == "primary":
        return good("role", f"stack {wanted.away.stack} is deployed as a primary")
    if holder(reads) == wanted.away.region:
        says = f"stack {wanted.away.stack}: role {declared}, deployed as {deployed}"
        return bad("role", says, f"finish it first: mlops failover --stack {wanted.away.stack}")
    kept = reads.away.database.instance(aside_name(wanted.away.database, turn(wanted, reads)))
    if deployed == "standby" and follows_home(wanted, reads) and kept is None:
        says = f"{wanted.target.region} is the primary, {wanted.away.region} its standby"
        return bad("role", says, "there is nothing to return from")
    return good("role", f"stack {wanted.away.stack} is becoming a standby")


def _primary(wanted: Failback, reads: PairReads) -> Finding:
    """The database that the copy is made of."""
    if holder(reads) == wanted.target.holder:
        return good("primary", f"{wanted.target.holder} holds the fence")
    found = reads.away.database.instance(wanted.away.database)
    if found is None or not found.writable:
        says = f"{wanted.away.database} is {found.status if found else 'not there'}"
        return bad("primary", says, "wait until it is available and takes writes")
    silent = _unanswered(lambda: reads.away.database.written(wanted.away.database))
    if silent:
        return bad("primary", silent, "how far it has written decides when the copy is promoted")
    return good("primary", f"{wanted.away.database} takes writes")


def _old_side(wanted: Failback, reads: PairReads) -> Finding:
    """The agents of the old region close its database and say so, once they are back."""
    fence = reads.home.fence.current()
    if fence is None or fence.holder == wanted.target.holder:
        return good("old side", "handed over")
    if fence.opens_at == 0:
        return good("old side", "said that its database is closed")
    return bad(
        "old side",
        f"the agents of {wanted.target.region} have not said that its database is closed",
        "see that they run there: docs/fence.md",
    )


def _old_database(wanted: Failback, reads: PairReads) -> Finding:
    """It is not the truth any more, but it is what the copy is made like."""
    name, aside = wanted.home.database, aside_name(wanted.home.database, turn(wanted, reads))
    found = reads.home.database.instance(name)
    if returned(wanted, reads) or follows_away(wanted, reads):
        return good("old database", f"{name} is the copy already")
    if found is not None and found.follows is not None:
        says, fix = f"{name} follows {found.follows}", "whose replica is it? delete it"
        return bad("old database", says, fix)
    if found is None and reads.home.database.instance(aside) is None:
        fix = "the copy takes its network and parameters from it: restore it from a snapshot"
        return bad("old database", f"neither {name} nor {aside} exists", fix)
    return good("old database", f"{name} is kept as {aside} until you delete it")


def _backups(wanted: Failback, backups: Backups, reads: PairReads) -> Finding:
    """Nothing here needs a backup, but nothing here is done without one of today."""
    if holder(reads) == wanted.target.holder:
        return good("backups", "were looked at before the handover")
    away, now = reads.away, reads.away.clock.now()
    stale = stale_snapshots(away.database, wanted.away.database, now)
    if stale:
        fix = f"mlops backup now --stack {wanted.away.stack} --apply"
        return bad("backups", "; ".join(stale), fix)
    wrong = broken(backups, away.objects, thoroughly=False)
    return good("backups", "; ".join(wrong) or "a fresh snapshot; the newest dump's checksums hold")
