"""`mlops recover`: a stack whose engine was killed, without duplicates and without orphans.

For each creation that nobody saw end, what came of it is looked for by its deterministic name or
its tag, and taken into the state, then read. An update or a deletion is only dropped: the next
`pulumi up` does it again. The account is never changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.timings import seconds
from ops.account import account_check
from ops.errors import Refused
from ops.resource_ids import FROM_ARN, LOCAL, LOOKED_UP, PUT_AGAIN, identity, named
from ops.step import Check, Finding, Runbook, Step, Target
from ops.world.pending import Pending, PendingReads, PendingVerbs

CREATING = "creating"
PENDING = seconds("runbook", "settle", "pending")

RecoverStep = Step[PendingReads, PendingVerbs]


def recover(target: Target, reads: PendingReads) -> Runbook[PendingReads, PendingVerbs]:
    """The runbook for what is pending now."""
    return Runbook(
        name="recover",
        target=target,
        checks=[
            account_check(target),
            Check(name="known types", judge=_findable),
        ],
        steps=[_settled(reads.pending()), _read()],
    )


def found(pending: Pending, reads: PendingReads) -> str | None:
    """ID of what came of a creation; None where nothing did, or where it may be made again.

    Raises Refused where that cannot be told, or where several carry one tag.
    """
    if pending.type.startswith(LOCAL) or pending.type in PUT_AGAIN:
        return None
    if pending.type in LOOKED_UP:
        return reads.looked_up(pending)
    by_name = named(pending.type, pending.inputs)
    if by_name is not None:
        return by_name
    tag, short = identity(pending.inputs), FROM_ARN.get(pending.type)
    if tag is None or short is None:
        raise Refused(
            f"{pending.name} ({pending.type}): whether it was made cannot be told from here: look "
            "for it in the account, delete it if it is there, and run pulumi refresh "
            "--clear-pending-creates"
        )
    arns = reads.tagged(tag)
    if len(arns) > 1:
        raise Refused(f"{pending.name}: {len(arns)} carry {tag}: {', '.join(arns)}; keep one")
    return short(arns[0]) if arns else None


def _settled(pending: Sequence[Pending]) -> RecoverStep:
    def make(world: PendingVerbs) -> None:
        ids = {
            each: found(each, world) if each.operation == CREATING else None
            for each in world.pending()
        }
        world.settle(ids)

    told = ", ".join(f"{each.operation} {each.name}" for each in pending) or "nothing"
    return Step(
        name="settled",
        goal=f"it is known what came of what is pending: {told}",
        holds=lambda reads: not reads.pending(),
        make=make,
        takes=PENDING,
    )


def _read() -> RecoverStep:
    return Step(
        name="read",
        goal="the state has what was taken into it as it is in the account",
        holds=lambda reads: not reads.unread(),
        make=lambda world: world.read_anew(world.unread()),
        takes=seconds("runbook", "refresh", "declaration"),
    )


def _findable(reads: PendingReads) -> Finding:
    name = "known types"
    for each in reads.pending():
        if each.operation == CREATING:
            try:
                found(each, reads)
            except Refused as refused:
                return Finding(check=name, says=str(refused), refuses=True, fix="then again")
    return Finding(check=name, says=f"{len(reads.pending())} operations are pending")
