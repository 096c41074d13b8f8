"""Secrets and parameters: encrypted with a key of one's own, rotated, and in both regions."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have
from policies.repair import Draft
from policies.rule import PairRule, ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject

DOCS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
PARAMETER = "aws:ssm/parameter:Parameter"
MANAGED = "alias/aws/"
ROTATED_WITHIN_DAYS = 90
TELLING = ("password", "secret", "token", "key", "credential")


def _without_customer_key(one: Subject) -> Iterator[Broken]:
    yield from must_have(one.properties, "kmsKeyId", "the ARN of a customer managed key")
    if one.properties.knows("kmsKeyId") and MANAGED in one.properties.text("kmsKeyId"):
        yield Broken("kmsKeyId", one.properties.shown("kmsKeyId"), "a customer managed key")


def _keyed(one: Subject, draft: Draft) -> None:
    if one.settings.secrets_key and list(_without_customer_key(one)):
        draft.set("kmsKeyId", one.settings.secrets_key)


def _never_rotated(one: Subject, stack: Stack) -> Iterator[Broken]:
    rules = [
        each.properties.under("rotationRules")
        for each in stack.referring(one, "secretId", ROTATION)
    ]
    rotated = any(0 < (each.number("automaticallyAfterDays") or 0) <= ROTATED_WITHIN_DAYS
                  for each in rules)  # fmt: skip
    if not rotated and not any(each.text("scheduleExpression") for each in rules):
        shown = "rotated too late" if rules else "never rotated"
        yield Broken("name", shown, f"a rotation within {ROTATED_WITHIN_DAYS} days")


def _in_one_region(one: Subject, _own: Stack, other: Stack) -> Iterator[Broken]:
    regions = [each.text("region") for each in one.properties.each("replicas")]
    if other.settings.region in regions:
        return
    shown = ", ".join(regions) or "no replica"
    yield Broken("replicas", shown, f"a replica in {other.settings.region}")


def _plain_parameter(one: Subject) -> Iterator[Broken]:
    name = one.properties.text("name").lower()
    telling = any(word in name for word in TELLING) or one.properties.is_secret("value")
    if telling:
        yield from must_be(one.properties, "type", "SecureString")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=80,
        name="secret-customer-key",
        because="With AWS's own key whoever may read secrets may decrypt them all.",
        fix="Set kmsKeyId to the platform's secrets key.",
        severity="high",
        reference=f"{DOCS}/security-encryption.html",
        types=(SECRET,),
        broken=_without_customer_key,
        repair=_keyed,
    ),
    StackRule(
        number=81,
        name="secret-rotated",
        level="advisory",
        because="A secret that never changes is known to everybody who ever left.",
        fix="Give the secret a SecretRotation within 90 days, or rotate it by a runbook.",
        severity="medium",
        reference=f"{DOCS}/rotating-secrets.html",
        types=(SECRET,),
        broken=_never_rotated,
    ),
    PairRule(
        number=82,
        name="secret-in-both-regions",
        because="A standby without the passwords cannot take over.",
        fix="Name the other region in replicas.",
        severity="high",
        reference=f"{DOCS}/replicate-secrets.html",
        types=(SECRET,),
        roles=frozenset({"primary"}),
        broken=_in_one_region,
    ),
    ResourceRule(
        number=83,
        name="parameter-secure",
        because="A plain parameter is read by everybody who may list them.",
        fix="Set type to SecureString.",
        severity="high",
        reference="https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
        types=(PARAMETER,),
        broken=_plain_parameter,
    ),
)
