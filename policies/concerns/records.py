"""Tables and logs: kept long enough, encrypted, and not deleted by accident."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_be_at_least, must_have
from policies.repair import Draft
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

TABLE = "aws:dynamodb/table:Table"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
RECOVERY = "pointInTimeRecovery.enabled"


def _perishable_table(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, RECOVERY, True)
    yield from must_be(one.properties, "deletionProtectionEnabled", True)
    yield from must_be(one.properties, "serverSideEncryption.enabled", True)
    yield from must_have(
        one.properties, "serverSideEncryption.kmsKeyArn", "the ARN of a customer managed key"
    )


def _kept_table(_one: Subject, draft: Draft) -> None:
    """The key is not known here."""
    draft.set(RECOVERY, True)
    draft.set("deletionProtectionEnabled", True)


def _short_log(one: Subject) -> Iterator[Broken]:
    # Zero is for ever.
    if one.properties.number("retentionInDays") != 0:
        least = one.settings.log_retention_days
        yield from must_be_at_least(one.properties, "retentionInDays", least, "days")
    yield from must_have(one.properties, "kmsKeyId", "the ARN of a customer managed key")


def _long_log(one: Subject, draft: Draft) -> None:
    kept = one.properties.number("retentionInDays")
    if kept is None or 0 < kept < one.settings.log_retention_days:
        draft.set("retentionInDays", one.settings.log_retention_days)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=86,
        name="table-recoverable",
        because="A table is emptied by one call, and its fence and journal with it.",
        fix="Set pointInTimeRecovery, deletionProtectionEnabled and a key in serverSideEncryption.",
        severity="high",
        reference="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
        types=(TABLE,),
        broken=_perishable_table,
        repair=_kept_table,
    ),
    ResourceRule(
        number=87,
        name="log-kept-and-encrypted",
        because="What happened last month is asked next month, and logs hold more than one thinks.",
        fix="Set retentionInDays and kmsKeyId.",
        severity="medium",
        reference="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        types=(LOG_GROUP,),
        broken=_short_log,
        repair=_long_log,
    ),
)
