"""How a database is watched and kept current."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import (
    Broken,
    must_be,
    must_be_at_least,
    must_be_one_of,
    must_have,
    must_not_be,
)
from policies.repair import Draft, breaks
from policies.rule import ResourceRule, Rule
from policies.subject import Subject

INSTANCE = "aws:rds/instance:Instance"
LOGS = ["postgresql", "upgrade"]
"""What PostgreSQL exports; the platform runs no other engine."""
AUTHORITIES = frozenset({"rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"})
"""Certificate authorities that RDS issues from; the last older one expired in August 2024."""
DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"


def _unlogged(one: Subject) -> Iterator[Broken]:
    key = "enabledCloudwatchLogsExports"
    if set(LOGS) - set(one.properties.texts(key)):
        yield Broken(key, one.properties.shown(key), ", ".join(LOGS))


def _logged(one: Subject, draft: Draft) -> None:
    if breaks(one, _unlogged):
        draft.set("enabledCloudwatchLogsExports", list(LOGS))


def _unpatched(one: Subject) -> Iterator[Broken]:
    yield from must_not_be(one.properties, "autoMinorVersionUpgrade", False, "true")


def _patched(one: Subject, draft: Draft) -> None:
    if breaks(one, _unpatched):
        draft.set("autoMinorVersionUpgrade", True)


def _without_insights(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "performanceInsightsEnabled", True)
    yield from must_have(one.properties, "performanceInsightsKmsKeyId", "a customer key's ARN")


def _unmonitored(one: Subject) -> Iterator[Broken]:
    yield from must_be_at_least(one.properties, "monitoringInterval", 1, "seconds")


def _old_authority(one: Subject) -> Iterator[Broken]:
    yield from must_be_one_of(one.properties, "caCertIdentifier", AUTHORITIES)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=38,
        name="database-logs-exported",
        because="Logs on the instance are gone after three days, and with the instance.",
        fix="List postgresql and upgrade in enabledCloudwatchLogsExports.",
        severity="medium",
        reference=f"{DOCS}/USER_LogAccess.Concepts.PostgreSQL.html",
        types=(INSTANCE,),
        broken=_unlogged,
        repair=_logged,
    ),
    ResourceRule(
        number=40,
        name="database-minor-upgrades",
        because="Minor versions carry the security fixes.",
        fix="Set autoMinorVersionUpgrade to true, or leave it out.",
        severity="medium",
        reference=f"{DOCS}/USER_UpgradeDBInstance.Upgrading.html",
        types=(INSTANCE,),
        broken=_unpatched,
        repair=_patched,
    ),
    ResourceRule(
        number=41,
        name="database-insights",
        because="Without a record of waits a slow night cannot be explained in the morning, and "
        "the record holds the text of queries.",
        fix="Set performanceInsightsEnabled to true and performanceInsightsKmsKeyId to a key.",
        severity="low",
        level="advisory",
        reference=f"{DOCS}/USER_PerfInsights.html",
        types=(INSTANCE,),
        broken=_without_insights,
    ),
    ResourceRule(
        number=42,
        name="database-monitored",
        because="The hypervisor's figures do not tell which process takes the memory.",
        fix="Set monitoringInterval to 60 and monitoringRoleArn to a role.",
        severity="low",
        level="advisory",
        reference=f"{DOCS}/USER_Monitoring.OS.html",
        types=(INSTANCE,),
        broken=_unmonitored,
    ),
    ResourceRule(
        number=43,
        name="database-current-authority",
        because="Clients that verify the certificate refuse one whose authority has expired.",
        fix="Set caCertIdentifier to rds-ca-rsa2048-g1 or another of the current ones.",
        severity="medium",
        reference=f"{DOCS}/UsingWithRDS.SSL.html",
        types=(INSTANCE,),
        broken=_old_authority,
    ),
)
