"""How nodes are launched: by template, by Karpenter's node class, or one by one."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping

from policies.finding import Broken, must_be, must_not_be
from policies.properties import Malformed, Properties
from policies.repair import Draft, breaks
from policies.rule import ResourceRule, Rule
from policies.subject import Subject, family

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"
INSTANCE = "aws:ec2/instance:Instance"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"

GZIP = b"\x1f\x8b"
LARGEST = 1 << 20
"""Bytes of user data that are unpacked: EC2 takes 16 KiB, and a bomb shall not."""
SIGNS: Mapping[str, re.Pattern[str]] = {
    "an access key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a password or token": re.compile(
        # A reference such as $(aws …), ${NAME} or {{ name }} is not the value itself.
        r"(?i)(password|passwd|secret|secret_access_key|token|api_?key)[\"']?\s*[:=]\s*"
        r"[\"']?[^\s\"'$`{<]{6,}"
    ),
}
DOCS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"
EKS_DOCS = "https://docs.aws.amazon.com/eks/latest"


def _under(one: Subject) -> Properties:
    """Where a node's launch is described: Karpenter's classes have it in their `spec`."""
    return one.properties.under("spec") if one.type == NODE_CLASS else one.properties


def _shell(one: Subject) -> Iterator[Broken]:
    if family(one.type) == NODE_GROUP:
        if one.properties.under("remoteAccess").raw:
            yield Broken("remoteAccess", one.properties.shown("remoteAccess"), "nothing")
    elif one.properties.text("keyName"):
        yield Broken("keyName", one.properties.shown("keyName"), "nothing")


def _reachable_credentials(one: Subject) -> Iterator[Broken]:
    metadata = _under(one).under("metadataOptions")
    if metadata.text("httpEndpoint") == "disabled":
        return
    yield from must_be(metadata, "httpTokens", "required")
    yield from must_be(metadata, "httpPutResponseHopLimit", 1)


def _unreachable_credentials(one: Subject, draft: Draft) -> None:
    if breaks(one, _reachable_credentials):
        options = _under(one).at("metadataOptions")
        draft.set(f"{options}.httpTokens", "required")
        draft.set(f"{options}.httpPutResponseHopLimit", 1)


def _plain_volumes(one: Subject) -> Iterator[Broken]:
    for mapping in _under(one).each("blockDeviceMappings"):
        if mapping.has("ebs") and not mapping.under("ebs").flag("encrypted"):
            found = mapping.under("ebs").shown("encrypted")
            yield Broken(mapping.at("ebs.encrypted"), found, "true")


def _encrypted_volumes(one: Subject, draft: Draft) -> None:
    if breaks(one, _plain_volumes):
        # A launch template has a text there, as its API has three values.
        encrypted = True if one.type == NODE_CLASS else "true"
        for mapping in draft.each(_under(one).at("blockDeviceMappings")):
            if mapping.properties.has("ebs"):
                mapping.set("ebs.encrypted", encrypted)


def _public_nodes(one: Subject) -> Iterator[Broken]:
    if one.type == NODE_CLASS:
        spec = one.properties.under("spec")
        yield from must_not_be(spec, "associatePublicIPAddress", True, "false")
    else:
        for interface in one.properties.each("networkInterfaces"):
            yield from must_not_be(interface, "associatePublicIpAddress", True, "false")


def _private_nodes(one: Subject, draft: Draft) -> None:
    if not breaks(one, _public_nodes):
        return
    if one.type == NODE_CLASS:
        draft.set("spec.associatePublicIPAddress", False)
    for interface in draft.each("networkInterfaces"):
        if interface.raw.get("associatePublicIpAddress") is not None:
            interface.set("associatePublicIpAddress", "false")


def _secrets_in_user_data(one: Subject) -> Iterator[Broken]:
    spec = _under(one)
    for key in ("userData", "userDataBase64"):
        if spec.is_secret(key):
            yield Broken(spec.at(key), "[secret]", "user data that anybody may read")
        elif spec.text(key):
            encoded = key == "userDataBase64" or family(one.type) == TEMPLATE
            text = _decoded(spec, key) if encoded else spec.text(key)
            for sign, pattern in SIGNS.items():
                if pattern.search(text):
                    yield Broken(spec.at(key), f"text with {sign}", "no secret")


def _decoded(of: Properties, key: str) -> str:
    """Text of user data in Base64, packed with gzip or not. Raises Malformed."""
    try:
        raw = base64.b64decode("".join(of.text(key).split()), validate=True)
        if raw.startswith(GZIP):
            raw = zlib.decompressobj(wbits=31).decompress(raw, LARGEST)
    except (binascii.Error, zlib.error):
        raise Malformed(of.at(key), "text that cannot be decoded", "Base64") from None
    return raw.decode(errors="replace")


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=19,
        name="no-ssh-to-nodes",
        because="A key that opens every node is copied and never rotated; Session Manager needs "
        "none and writes down who came.",
        fix="Leave out remoteAccess of the node group and keyName of the launch template.",
        severity="high",
        reference=f"{EKS_DOCS}/best-practices/protecting-the-infrastructure.html",
        types=(NODE_GROUP, TEMPLATE, CONFIGURATION, INSTANCE),
        broken=_shell,
    ),
    ResourceRule(
        number=21,
        name="node-credentials-out-of-reach",
        because="A pod that reaches the metadata service has all that its node may do.",
        fix="Set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1.",
        severity="critical",
        reference=f"{DOCS}/configuring-instance-metadata-service.html",
        types=(TEMPLATE, INSTANCE, NODE_CLASS),
        broken=_reachable_credentials,
        repair=_unreachable_credentials,
    ),
    ResourceRule(
        number=22,
        name="node-volumes-encrypted",
        because="Images, logs and scratch files of every workload lie on a node's disk.",
        fix="Set ebs.encrypted to true in each of blockDeviceMappings.",
        severity="high",
        reference=f"{DOCS}/ebs-encryption.html",
        types=(TEMPLATE, NODE_CLASS),
        broken=_plain_volumes,
        repair=_encrypted_volumes,
    ),
    ResourceRule(
        number=23,
        name="no-public-nodes",
        because="A node with a public address is one security group away from the internet.",
        fix="Set associatePublicIpAddress to false, or leave it out.",
        severity="high",
        reference=f"{EKS_DOCS}/best-practices/subnets.html",
        types=(TEMPLATE, NODE_CLASS),
        broken=_public_nodes,
        repair=_private_nodes,
    ),
    ResourceRule(
        number=24,
        name="no-secrets-in-user-data",
        because="Whoever may describe a launch template, and every process on the node, reads "
        "its user data.",
        fix="Read the secret from Secrets Manager at the node's start, by the node's role.",
        severity="critical",
        reference=f"{DOCS}/instancedata-add-user-data.html",
        types=(TEMPLATE, CONFIGURATION, INSTANCE, NODE_CLASS),
        broken=_secrets_in_user_data,
    ),
)
