"""Volumes: encrypted with a key of ours, wherever one is made or described."""

from __future__ import annotations

from collections.abc import Iterator

from policies.finding import Broken, must_be, must_have
from policies.properties import Properties
from policies.rule import ResourceRule, Rule, StackRule
from policies.stack_settings import Role
from policies.subject import STACK, Stack, Subject, family

VOLUME = "aws:ebs/volume:Volume"
SNAPSHOT_COPY = "aws:ebs/snapshotCopy:SnapshotCopy"
INSTANCE = "aws:ec2/instance:Instance"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
PROVISIONER = "ebs.csi.aws.com"
WITH_VOLUMES: frozenset[Role] = frozenset({"primary", "standby"})
DOCS = "https://docs.aws.amazon.com/ebs/latest/userguide"


def _unencrypted(one: Subject) -> Iterator[Broken]:
    kind = family(one.type)
    if kind == NODE_GROUP:
        if not one.properties.has("launchTemplate"):
            wanted = "a launch template that encrypts its volumes"
            yield Broken("launchTemplate", "nothing: EKS makes plain volumes", wanted)
    elif kind == STORAGE_CLASS:
        yield from _plain_claims(one)
    else:
        for volume in _volumes(one):
            yield from _plain(volume)


def _volumes(one: Subject) -> Iterator[Properties]:
    if family(one.type) != INSTANCE:
        yield one.properties
        return
    for key in ("rootBlockDevice", "ebsBlockDevices"):
        yield from one.properties.each(key)


def _plain_claims(one: Subject) -> Iterator[Broken]:
    if one.properties.text("provisioner") == PROVISIONER:
        yield from _plain(one.properties.under("parameters"))


def _plain(volume: Properties) -> Iterator[Broken]:
    yield from must_be(volume, "encrypted", True)
    yield from must_have(volume, "kmsKeyId", "the ARN of a customer managed key")


def _plain_by_default(_root: Subject, stack: Stack) -> Iterator[Broken]:
    defaults = list(stack.of(BY_DEFAULT))
    if not any(default.properties.flag("enabled") is not False for default in defaults):
        wanted = "an EncryptionByDefault that is enabled"
        yield Broken("", "without encryption of volumes by default", wanted)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=27,
        name="volumes-encrypted",
        because="A snapshot of a plain volume can be shared with any account and read there.",
        fix="Set encrypted to true and kmsKeyId to the data key's ARN, also in a storage class's "
        "parameters, and give node groups a launch template.",
        severity="high",
        reference=f"{DOCS}/ebs-encryption.html",
        types=(VOLUME, SNAPSHOT_COPY, INSTANCE, NODE_GROUP, STORAGE_CLASS),
        broken=_unencrypted,
    ),
    StackRule(
        number=28,
        name="volumes-encrypted-by-default",
        because="Volumes that others make in the account and region are plain otherwise.",
        fix="Declare an aws.ebs.EncryptionByDefault with enabled true, in each region.",
        severity="high",
        reference=f"{DOCS}/encryption-by-default.html",
        types=(STACK,),
        roles=WITH_VOLUMES,
        broken=_plain_by_default,
    ),
)
