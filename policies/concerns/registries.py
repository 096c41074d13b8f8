"""Image registries: what was scanned is what runs, in both regions."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be
from policies.rule import PairRule, ResourceRule, Rule
from policies.subject import STACK, Stack, Subject

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide"
REPOSITORY = "aws:ecr/repository:Repository"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"


def _loose_repository(one: Subject) -> Iterator[Broken]:
    if not one.properties.text("imageTagMutability").startswith("IMMUTABLE"):
        yield Broken("imageTagMutability", one.properties.shown("imageTagMutability"), "IMMUTABLE")
    yield from must_be(one.properties, "imageScanningConfiguration.scanOnPush", True)
    kinds = [
        each.text("encryptionType") for each in one.properties.each("encryptionConfigurations")
    ]
    if not any(kind.startswith("KMS") for kind in kinds):
        shown = one.properties.shown("encryptionConfigurations")
        yield Broken("encryptionConfigurations", shown, "encryptionType KMS")


def _in_one_region(_root: Subject, own: Stack, other: Stack) -> Iterator[Broken]:
    """Either stack may own the registry's replication: an account has it once in a region."""
    if not any(True for _ in own.of(REPOSITORY)):
        return
    regions = {
        destination.text("region")
        for each in [*own.of(REPLICATION), *other.of(REPLICATION)]
        for rule in each.properties.each("replicationConfiguration.rules")
        for destination in rule.each("destinations")
    }
    if other.settings.region not in regions:
        shown = ", ".join(sorted(regions)) or "not replicated"
        yield Broken("", shown, f"a replication to {other.settings.region}")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=88,
        name="registry-immutable-scanned-encrypted",
        because="A tag that can be pushed anew runs something that nobody scanned.",
        fix="Set imageTagMutability to IMMUTABLE, scanOnPush and an encryption of type KMS.",
        severity="high",
        reference=f"{DOCS}/image-tag-mutability.html",
        types=(REPOSITORY,),
        broken=_loose_repository,
    ),
    PairRule(
        number=89,
        name="registry-in-both-regions",
        because="A standby cannot start what it cannot pull.",
        fix="Declare a ReplicationConfiguration to the other region.",
        severity="high",
        reference=f"{DOCS}/replication.html",
        types=(STACK,),
        roles=frozenset({"primary"}),
        broken=_in_one_region,
    ),
)
