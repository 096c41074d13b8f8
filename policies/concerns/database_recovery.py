"""What is left of a database when an instance, a zone or a region is lost."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_be_at_least, must_have, must_not_be
from policies.repair import Draft, breaks
from policies.rule import PairRule, ResourceRule, Rule
from policies.stack_settings import Role
from policies.subject import Stack, Subject

INSTANCE = "aws:rds/instance:Instance"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
SOURCE = "replicateSourceDb"
PRIMARY: frozenset[Role] = frozenset({"primary"})
DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"


def _in_one_zone(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "multiAz", True)


def _forgetful(one: Subject) -> Iterator[Broken]:
    least = one.settings.backup_retention_days
    yield from must_be_at_least(one.properties, "backupRetentionPeriod", least, "days")


def _remembering(one: Subject, draft: Draft) -> None:
    if breaks(one, _forgetful):
        draft.set("backupRetentionPeriod", one.settings.backup_retention_days)


def _deletable(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "deletionProtection", True)
    # RDS takes no final snapshot of a replica: its data is its source's.
    if not one.properties.has(SOURCE):
        yield from must_not_be(one.properties, "skipFinalSnapshot", True, "false")
        yield from must_have(one.properties, "finalSnapshotIdentifier", "a snapshot's name")


def _protected(one: Subject, draft: Draft) -> None:
    if not breaks(one, _deletable):
        return
    draft.set("deletionProtection", True)
    if not one.properties.has(SOURCE):
        draft.set("skipFinalSnapshot", False)
        if not draft.raw.get("finalSnapshotIdentifier"):
            draft.set("finalSnapshotIdentifier", f"{one.name}-final")


def _untagged_snapshots(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "copyTagsToSnapshot", True)


def _tagged_snapshots(one: Subject, draft: Draft) -> None:
    if breaks(one, _untagged_snapshots):
        draft.set("copyTagsToSnapshot", True)


def _without_copy(one: Subject, _stack: Stack, other: Stack) -> Iterator[Broken]:
    if one.properties.text(SOURCE):
        return
    if not any(_follows(replica, one) for replica in other.of(INSTANCE)):
        yield Broken("", "without a replica", f"an instance there with {SOURCE} of this one")
    arn = one.properties.text("arn")
    if not any(kept.properties.text("sourceDbInstanceArn") == arn for kept in other.of(BACKUPS)):
        wanted = "an InstanceAutomatedBackupsReplication there with its ARN"
        yield Broken("", "without replicated backups", wanted)


def _unlike_source(one: Subject, _stack: Stack, other: Stack) -> Iterator[Broken]:
    for source in other.of(INSTANCE):
        if _follows(one, source):
            for key in ("instanceClass", "engineVersion"):
                yield from must_be(one.properties, key, source.properties.text(key))


def _follows(replica: Subject, source: Subject) -> bool:
    names = {source.properties.text("arn"), source.properties.text("identifier")}
    return replica.properties.text(SOURCE) in names - {""}


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=32,
        name="database-multi-az",
        because="With one zone a failed disk is an outage of an hour, and with two of a minute.",
        fix="Set multiAz to true.",
        severity="high",
        reference=f"{DOCS}/Concepts.MultiAZ.html",
        types=(INSTANCE,),
        broken=_in_one_zone,
    ),
    ResourceRule(
        number=33,
        name="database-backups-kept",
        because="A mistake that is found after the weekend must still be recoverable.",
        fix="Set backupRetentionPeriod to backup_retention_days of the stack's policy settings or "
        "more.",
        severity="high",
        reference=f"{DOCS}/USER_WorkingWithAutomatedBackups.BackupRetention.html",
        types=(INSTANCE,),
        broken=_forgetful,
        repair=_remembering,
    ),
    PairRule(
        number=34,
        name="database-in-both-regions",
        because="A replica carries mistakes over as well as data, and backups in one region are "
        "lost with it: the other region needs both.",
        fix="Declare in the other stack an instance with replicateSourceDb and an "
        "aws.rds.InstanceAutomatedBackupsReplication.",
        severity="high",
        reference=f"{DOCS}/USER_ReplicateBackups.html",
        types=(INSTANCE,),
        roles=PRIMARY,
        broken=_without_copy,
    ),
    ResourceRule(
        number=35,
        name="database-deletion-protected",
        because="A deleted instance takes its automated backups with it.",
        fix="Set deletionProtection to true, skipFinalSnapshot to false and "
        "finalSnapshotIdentifier to a name.",
        severity="critical",
        reference=f"{DOCS}/USER_DeleteInstance.html",
        types=(INSTANCE,),
        broken=_deletable,
        repair=_protected,
    ),
    ResourceRule(
        number=36,
        name="database-snapshots-tagged",
        because="A snapshot without tags has no owner, and nobody dares to delete it.",
        fix="Set copyTagsToSnapshot to true.",
        severity="low",
        reference=f"{DOCS}/USER_Tagging.html",
        types=(INSTANCE,),
        broken=_untagged_snapshots,
        repair=_tagged_snapshots,
    ),
    PairRule(
        number=45,
        name="database-replica-like-source",
        because="A smaller replica cannot carry the load that it is promoted for.",
        fix="Set instanceClass and engineVersion to those of the source.",
        severity="high",
        reference=f"{DOCS}/USER_ReadRepl.XRgn.html",
        types=(INSTANCE,),
        broken=_unlike_source,
    ),
)
