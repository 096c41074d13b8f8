"""Databases: encrypted, private, in two zones, recoverable, and reached over TLS."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have, must_not_be
from policies.repair import Draft, breaks
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

INSTANCE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"


def _unencrypted(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "storageEncrypted", True)


def _without_customer_key(one: Subject) -> Iterator[Broken]:
    yield from must_have(one.properties, "kmsKeyId", "the ARN of a customer managed key")


def _public(one: Subject) -> Iterator[Broken]:
    yield from must_not_be(one.properties, "publiclyAccessible", True, "false")


def _made_private(one: Subject, draft: Draft) -> None:
    if breaks(one, _public):
        draft.set("publiclyAccessible", False)


def _without_identities(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "iamDatabaseAuthenticationEnabled", True)


def _foreign_password(one: Subject) -> Iterator[Broken]:
    if one.properties.has("password"):
        yield Broken("password", one.properties.shown("password"), "passwordWo, which no state has")
    if one.properties.knows("passwordWo") and not one.properties.is_secret("passwordWo"):
        yield Broken("passwordWo", "a plain value", "a secret")
    yield from must_not_be(one.properties, "manageMasterUserPassword", True, "a secret of ours")


def _without_tls(one: Subject, stack: Stack) -> Iterator[Broken]:
    groups = [
        group for group in stack.of(PARAMETERS)
        if group.urn in one.property_dependencies.get("parameterGroupName", ())
        or group.properties.text("name") == one.properties.text("parameterGroupName")
    ]  # fmt: skip
    if not any(_forces_tls(group) for group in groups):
        found = one.properties.shown("parameterGroupName")
        yield Broken("parameterGroupName", found, "a parameter group with rds.force_ssl = 1")


def _forces_tls(group: Subject) -> bool:
    return any(
        one.text("name") == "rds.force_ssl" and one.scalar("value") == "1"
        for one in group.properties.each("parameters")
    )


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=29,
        name="database-encrypted",
        because="Whoever gets at a snapshot or a disk reads everything in it.",
        fix="Set storageEncrypted to true; an instance that exists is restored from an encrypted "
        "copy of its snapshot.",
        severity="critical",
        reference=f"{DOCS}/Overview.Encryption.html",
        types=(INSTANCE,),
        broken=_unencrypted,
    ),
    ResourceRule(
        number=30,
        name="database-customer-key",
        because="The key that AWS manages cannot be revoked, nor shared with another account.",
        fix="Set kmsKeyId to the ARN of the platform's data key.",
        severity="high",
        reference=f"{DOCS}/Overview.Encryption.Keys.html",
        types=(INSTANCE,),
        broken=_without_customer_key,
    ),
    ResourceRule(
        number=31,
        name="database-private",
        because="A database with a public address is attacked within minutes.",
        fix="Set publiclyAccessible to false, or leave it out.",
        severity="critical",
        reference=f"{DOCS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        types=(INSTANCE,),
        broken=_public,
        repair=_made_private,
    ),
    StackRule(
        number=37,
        name="database-tls-forced",
        because="A client that does not ask for TLS sends its password in the clear.",
        fix="Give the instance a parameter group with rds.force_ssl = 1.",
        severity="high",
        reference=f"{DOCS}/PostgreSQL.Concepts.General.SSL.html",
        types=(INSTANCE,),
        broken=_without_tls,
    ),
    ResourceRule(
        number=39,
        name="database-identities",
        because="People then connect with their own short-lived tokens, not with a password that "
        "they share.",
        fix="Set iamDatabaseAuthenticationEnabled to true.",
        severity="low",
        level="advisory",
        reference=f"{DOCS}/UsingWithRDS.IAMDBAuth.html",
        types=(INSTANCE,),
        broken=_without_identities,
    ),
    ResourceRule(
        number=44,
        name="database-password-own-secret",
        because="A password in the state is read by whoever reads the state, and an instance "
        "whose password RDS manages cannot have a replica in another region.",
        fix="Give the password as passwordWo from a secret of ours; leave password and "
        "manageMasterUserPassword out.",
        severity="critical",
        reference=f"{DOCS}/rds-secrets-manager.html",
        types=(INSTANCE,),
        broken=_foreign_password,
    ),
)
