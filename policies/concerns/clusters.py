"""The cluster: reached by named networks and people, encrypted, logged, supported."""

from __future__ import annotations

from collections.abc import Iterator

from policies.addresses import blocks, is_world
from policies.finding import Broken, must_be, must_be_one_of, must_have
from policies.repair import Draft, breaks
from policies.rule import ResourceRule, Rule, StackRule
from policies.subject import Stack, Subject, family

CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ADMIN_POLICY = "cluster-access-policy/AmazonEKSClusterAdminPolicy"
ADMIN_PATHS = 2
LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
DOCS = "https://docs.aws.amazon.com/eks/latest/userguide"


def _open_endpoint(one: Subject) -> Iterator[Broken]:
    access = one.properties.under("vpcConfig")
    # EKS makes the endpoint public where nothing is said, and opens it to the world.
    if access.flag("endpointPublicAccess") is False:
        return
    named = list(blocks(access, "publicAccessCidrs"))
    if not named or any(map(is_world, named)):
        found = access.shown("publicAccessCidrs")
        wanted = "named networks, or endpointPublicAccess false"
        yield Broken(access.at("publicAccessCidrs"), found, wanted)


def _plain_secrets(one: Subject) -> Iterator[Broken]:
    encryption = one.properties.under("encryptionConfig")
    if "secrets" not in encryption.texts("resources"):
        yield Broken(encryption.at("resources"), encryption.shown("resources"), '["secrets"]')
    yield from must_have(encryption.under("provider"), "keyArn", "the ARN of a customer key")


def _unlogged(one: Subject) -> Iterator[Broken]:
    key = "enabledClusterLogTypes"
    if set(LOG_TYPES) - set(one.properties.texts(key)):
        yield Broken(key, one.properties.shown(key), ", ".join(LOG_TYPES))


def _logged(one: Subject, draft: Draft) -> None:
    if breaks(one, _unlogged):
        draft.set("enabledClusterLogTypes", list(LOG_TYPES))


def _unsupported(one: Subject) -> Iterator[Broken]:
    # A node group without a version has its cluster's.
    if family(one.type) == CLUSTER or one.properties.has("version"):
        yield from must_be_one_of(one.properties, "version", one.settings.kubernetes_versions)


def _other_ways_in(one: Subject, stack: Stack) -> Iterator[Broken]:
    access = one.properties.under("accessConfig")
    yield from must_be(access, "authenticationMode", "API")
    yield from must_be(access, "bootstrapClusterCreatorAdminPermissions", False)
    admins = _admins(one, stack)
    if len(admins) < ADMIN_PATHS:
        wanted = f"{ADMIN_PATHS} or more access entries with {ADMIN_POLICY} on the whole cluster"
        yield Broken("", f"left to {len(admins)} administrators", wanted)


def _admins(cluster: Subject, stack: Stack) -> set[str]:
    """Principals with an entry of their own and the administrator's policy everywhere."""
    entries = stack.referring(cluster, "clusterName", ENTRY)
    entered = {entry.properties.text("principalArn") for entry in entries}
    return {
        held.properties.text("principalArn")
        for held in stack.referring(cluster, "clusterName", ASSOCIATION)
        if held.properties.text("policyArn").endswith(ADMIN_POLICY)
        and held.properties.under("accessScope").text("type") == "cluster"
    } & entered


def _deletable(one: Subject) -> Iterator[Broken]:
    yield from must_be(one.properties, "deletionProtection", True)


RULES: tuple[Rule, ...] = (
    ResourceRule(
        number=13,
        name="cluster-endpoint-named-networks",
        because="An API server that the world reaches is one stolen token away from being lost.",
        fix="Set vpcConfig.endpointPublicAccess to false, or name networks in publicAccessCidrs.",
        severity="critical",
        reference=f"{DOCS}/cluster-endpoint.html",
        types=(CLUSTER,),
        broken=_open_endpoint,
    ),
    ResourceRule(
        number=14,
        name="cluster-secrets-encrypted",
        because="Kubernetes secrets are only encoded: a key of ours can be audited and revoked.",
        fix="Set encryptionConfig with resources [secrets] and a key's ARN in provider.keyArn.",
        severity="high",
        reference=f"{DOCS}/enable-kms.html",
        types=(CLUSTER,),
        broken=_plain_secrets,
    ),
    ResourceRule(
        number=15,
        name="cluster-logged",
        because="What is not logged cannot be traced: who came in, and what the scheduler did.",
        fix="List all five types in enabledClusterLogTypes.",
        severity="high",
        reference=f"{DOCS}/control-plane-logs.html",
        types=(CLUSTER,),
        broken=_unlogged,
        repair=_logged,
    ),
    ResourceRule(
        number=16,
        name="kubernetes-version-supported",
        because="A version without a name drifts, and one out of support gets no fixes.",
        fix="Set version to one of kubernetes_versions in the stack's policy settings.",
        severity="high",
        reference=f"{DOCS}/kubernetes-versions.html",
        types=(CLUSTER, NODE_GROUP),
        broken=_unsupported,
    ),
    StackRule(
        number=17,
        name="cluster-access-by-entries",
        because="Whoever created the cluster keeps a hidden way in, and a single administrator's "
        "role that is deleted locks everybody out.",
        fix="Set accessConfig.authenticationMode to API and "
        "bootstrapClusterCreatorAdminPermissions to false, and give two roles an access entry "
        "with the administrator's policy.",
        severity="high",
        reference=f"{DOCS}/access-entries.html",
        types=(CLUSTER,),
        broken=_other_ways_in,
    ),
    ResourceRule(
        number=18,
        name="cluster-deletion-protected",
        because="Deleting a cluster takes every workload and their addresses with it.",
        fix="Set deletionProtection to true.",
        severity="high",
        reference=f"{DOCS}/deletion-protection.html",
        types=(CLUSTER,),
        broken=_deletable,
    ),
)
