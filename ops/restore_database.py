"""`mlops restore-database`: the database as it was in a snapshot or at a moment.

The restored instance is made beside the old one and looked at; then the two change identifiers.
An endpoint is named after its instance, so the private name that clients use leads to the restored
one, and nobody can reach the old one by it, whatever a client has cached. The old one stays, under
another identifier.
"""

from __future__ import annotations

from collections.abc import Callable

from catalog.timings import Timing, seconds
from ops.account import account_check
from ops.errors import Refused
from ops.step import Check, Finding, Runbook, Step, Target
from ops.world.database import AVAILABLE, Instance, Source
from ops.world.site import SiteReads, SiteWorld

RDS = "aws:rds/instance:Instance"
RENAME = seconds(RDS, "rename")
RESTORE = seconds(RDS, "restore-snapshot")

RestoreStep = Step[SiteReads, SiteWorld]


def restored_name(identifier: str) -> str:
    """Identifier of the instance that is being restored."""
    return f"{identifier}-restored"


def retired_name(identifier: str, source: Source) -> str:
    """Identifier that the old instance gets; RDS takes 63 letters, digits and single hyphens."""
    label = source.label.replace(":", "-")
    return f"{identifier}-before-{label}"[:63].rstrip("-")


def restore_database(
    target: Target, identifier: str, source: Source
) -> Runbook[SiteReads, SiteWorld]:
    """From `source`, of which exactly one of snapshot and moment is given. Raises Refused else."""
    if (source.snapshot is None) == (source.moment is None):
        raise Refused("restore-database: expected exactly one of --snapshot and --moment")
    return Runbook(
        name="restore-database",
        target=target,
        checks=[
            account_check(target),
            Check(name="source", judge=lambda reads: _source(reads, identifier, source)),
            Check(name="instance", judge=lambda reads: _instance(reads, identifier, source)),
        ],
        steps=[
            _restored(identifier, source),
            _verified(identifier, source),
            _aside(identifier, source),
            _in_place(identifier, source),
            _adopted(identifier, source),
        ],
    )


def swapped(reads: SiteReads, identifier: str, source: Source) -> bool:
    """Whether the restored instance has the identifier, and so the clients."""
    found = reads.database.instance(identifier)
    return found is not None and found.restored_from == source.label


def _step(
    identifier: str,
    source: Source,
    name: str,
    goal: str,
    holds: Callable[[SiteReads], bool],
    make: Callable[[SiteWorld], None],
    takes: Timing,
    irreversible: str | None = None,
) -> RestoreStep:
    """A step before the two instances have changed places: afterwards it holds for good."""
    return Step(
        name=name,
        goal=goal,
        holds=lambda reads: swapped(reads, identifier, source) or holds(reads),
        make=make,
        takes=takes,
        kind="wait",
        irreversible=irreversible,
    )


def _restored(identifier: str, source: Source) -> RestoreStep:
    name = restored_name(identifier)

    def holds(reads: SiteReads) -> bool:
        found = reads.database.instance(name)
        return found is not None and found.writable

    def make(world: SiteWorld) -> None:
        if world.database.instance(name) is None:
            world.database.restore(source, identifier, name)

    goal = f"{name} is restored from {source.label}"
    return _step(identifier, source, "restored", goal, holds, make, RESTORE)


def _verified(identifier: str, source: Source) -> RestoreStep:
    """Nothing makes a wrong instance right: it is refused."""
    name = restored_name(identifier)

    def holds(reads: SiteReads) -> bool:
        old, new = reads.database.instance(identifier), reads.database.instance(name)
        # Once the old one is set aside there is nothing to compare with, and it was compared.
        wrong = differences(old, new, source) if old and new else []
        if wrong:
            raise Refused(f"{name}: {'; '.join(wrong)}. Delete it, and restore from another source")
        return True

    goal = f"{name} has the engine, size, class and key of {identifier}"
    takes = seconds(RDS, "verify")
    return _step(identifier, source, "verified", goal, holds, lambda _: None, takes)


def differences(old: Instance, new: Instance, source: Source) -> list[str]:
    """What a restored instance must share with the one that it replaces, and does not."""
    wrong = [
        f"{what}: {getattr(new, what)}, expected {getattr(old, what)}"
        for what in ("engine_version", "instance_class", "encryption_key")
        if getattr(new, what) != getattr(old, what)
    ]
    if new.storage_gib > old.storage_gib:
        wrong.append(f"storage_gib: {new.storage_gib}, expected at most {old.storage_gib}")
    if new.restored_from != source.label:
        wrong.append(f"restored from {new.restored_from}, expected {source.label}")
    return wrong


def _aside(identifier: str, source: Source) -> RestoreStep:
    name = retired_name(identifier, source)

    def holds(reads: SiteReads) -> bool:
        found = reads.database.instance(name)
        return found is not None and found.status == AVAILABLE

    def make(world: SiteWorld) -> None:
        found = world.database.instance(identifier)
        if found is not None and found.status == AVAILABLE:
            world.database.rename(identifier, name)

    goal = f"the old instance is {name}, where no client looks for it"
    return _step(identifier, source, "aside", goal, holds, make, RENAME, irreversible=identifier)


def _in_place(identifier: str, source: Source) -> RestoreStep:
    name = restored_name(identifier)

    def make(world: SiteWorld) -> None:
        found = world.database.instance(name)
        if found is not None and found.status == AVAILABLE:
            world.database.rename(name, identifier)

    return Step(
        name="in place",
        goal=f"clients reach the restored instance as {identifier}",
        holds=lambda reads: swapped(reads, identifier, source) and _writable(reads, identifier),
        make=make,
        takes=RENAME,
        kind="wait",
    )


def _adopted(identifier: str, source: Source) -> RestoreStep:
    def holds(reads: SiteReads) -> bool:
        found = reads.database.instance(identifier)
        known = reads.declaration.known_database()
        return (
            swapped(reads, identifier, source)
            and found is not None
            and (known == found.resource_id)
        )

    def make(world: SiteWorld) -> None:
        found = world.database.instance(identifier)
        if found is not None:
            world.declaration.adopt_database(found.resource_id)

    return Step(
        name="adopted",
        goal="the state takes the restored instance for the database",
        holds=holds,
        make=make,
        takes=seconds("runbook", "refresh", "declaration"),
        restores=False,
    )


def _writable(reads: SiteReads, identifier: str) -> bool:
    found = reads.database.instance(identifier)
    return found is not None and found.writable


def _source(reads: SiteReads, identifier: str, source: Source) -> Finding:
    if source.snapshot is None:
        return Finding(check="source", says=f"{source.label} of {identifier}")
    known = [each for each in reads.database.snapshots(identifier) if each.status == AVAILABLE]
    if source.snapshot in [each.name for each in known]:
        return Finding(check="source", says=source.snapshot)
    return Finding(
        check="source",
        says=f"no available snapshot {source.snapshot} of {identifier}",
        refuses=True,
        fix=f"give one of {', '.join(each.name for each in known[-5:]) or 'none: there are none'}",
    )


def _instance(reads: SiteReads, identifier: str, source: Source) -> Finding:
    aside = reads.database.instance(retired_name(identifier, source))
    found = reads.database.instance(identifier) or aside
    if found is None:
        return Finding(
            check="instance",
            says=f"{identifier} does not exist",
            refuses=True,
            fix="the restored one takes its network and parameters from it: pulumi up first",
        )
    if found.follows is not None:
        return Finding(
            check="instance",
            says=f"{identifier} is a replica",
            refuses=True,
            fix="restore its source, or mlops failover",
        )
    return Finding(check="instance", says=f"{found.identifier} is {found.status}")
