"""What proves the rules about clusters."""

from __future__ import annotations

from tests.policies.scene import UNKNOWN, Cases, Described, fails, passes, recorded, secret

CLUSTER = recorded("aws:eks/cluster:Cluster")
NODES = recorded("aws:eks/nodeGroup:NodeGroup")
STACKED = recorded("aws:eks/cluster:Cluster", asked="stack")
ENTRY = recorded("aws:eks/accessEntry:AccessEntry", asked="stack")
ADMIN = recorded("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", asked="stack")
VIEWER = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
CIDRS = "vpcConfig.publicAccessCidrs"
PUBLIC = CLUSTER.but({"vpcConfig.endpointPublicAccess": True})
KEY = "encryptionConfig.provider.keyArn"
LOG_TYPES = ["scheduler", "controllerManager", "authenticator", "audit", "api"]
ONE = (ENTRY, ADMIN)


def _entry(name: str) -> Described:
    return ENTRY.named(name).but({"principalArn": f"arn:aws:iam::123456789012:role/{name}"})


def _admin(name: str) -> Described:
    return ADMIN.named(f"{name}-admin").but(
        {"principalArn": f"arn:aws:iam::123456789012:role/{name}"}
    )


TWO = (*ONE, _entry("deployer"), _admin("deployer"))

CASES = {
    "cluster-endpoint-named-networks": Cases(
        failing=(
            fails(PUBLIC, at=CIDRS, wanted="endpointPublicAccess false"),
            fails(CLUSTER.but({"vpcConfig.endpointPublicAccess": None}), at=CIDRS),
            fails(PUBLIC.but({CIDRS: []}), at=CIDRS),
            fails(PUBLIC.but({CIDRS: ["192.0.2.0/24", "0.0.0.0/0"]}), at=CIDRS),
            fails(PUBLIC.but({CIDRS: ["128.0.0.0/1"]}), at=CIDRS),
        ),
        passing=(
            passes(CLUSTER),
            passes(PUBLIC.but({CIDRS: ["192.0.2.0/24", "198.51.100.0/24"]})),
            passes(CLUSTER.but({CIDRS: ["0.0.0.0/0"]})),
        ),
        unknown=passes(PUBLIC.but({CIDRS: UNKNOWN})),
        secret=fails(PUBLIC.but({CIDRS: secret(["0.0.0.0/0"])}), at=CIDRS),
    ),
    "cluster-secrets-encrypted": Cases(
        failing=(
            fails(CLUSTER.but({"encryptionConfig.provider": None}), at=KEY, wanted="customer key"),
            fails(CLUSTER.but({KEY: ""}), at=KEY),
            fails(CLUSTER.but({"encryptionConfig.resources": []}), at="encryptionConfig.resources"),
            fails(
                CLUSTER.but({"encryptionConfig.resources": ["nodes"]}),
                at="encryptionConfig.resources",
                wanted="secrets",
            ),
        ),
        passing=(
            passes(CLUSTER),
            passes(CLUSTER.but({KEY: UNKNOWN})),
            passes(CLUSTER.but({"encryptionConfig": [CLUSTER.properties["encryptionConfig"]]})),
        ),
        unknown=passes(CLUSTER.but({"encryptionConfig": UNKNOWN})),
    ),
    "cluster-logged": Cases(
        failing=(
            fails(
                CLUSTER.but({"enabledClusterLogTypes": None}),
                at="enabledClusterLogTypes",
                wanted="api, audit, authenticator, controllerManager, scheduler",
            ),
            fails(
                CLUSTER.but({"enabledClusterLogTypes": ["api", "audit", "scheduler"]}),
                at="enabledClusterLogTypes",
            ),
            fails(CLUSTER.but({"enabledClusterLogTypes": 5}), at="enabledClusterLogTypes"),
        ),
        passing=(
            passes(CLUSTER),
            passes(CLUSTER.but({"enabledClusterLogTypes": [*LOG_TYPES, "new"]})),
        ),
        unknown=passes(CLUSTER.but({"enabledClusterLogTypes": UNKNOWN})),
        secret=fails(
            CLUSTER.but({"enabledClusterLogTypes": secret(["api"])}), at="enabledClusterLogTypes"
        ),
    ),
    "kubernetes-version-supported": Cases(
        failing=(
            fails(CLUSTER.but({"version": "1.33"}), at="version", wanted="1.34, 1.35, 1.36"),
            fails(CLUSTER.but({"version": None}), at="version"),
            fails(NODES.but({"version": "1.3"}), at="version"),
        ),
        passing=(
            passes(CLUSTER, NODES),
            passes(CLUSTER.but({"version": "1.36"}), NODES.but({"version": None})),
        ),
        unknown=passes(CLUSTER.but({"version": UNKNOWN})),
        secret=fails(CLUSTER.but({"version": secret("1.3")}), at="version"),
    ),
    "cluster-access-by-entries": Cases(
        failing=(
            fails(STACKED, at="", wanted="2 or more access entries"),
            fails(STACKED, *ONE, at=""),
            fails(STACKED, *ONE, _admin("deployer"), at=""),
            fails(STACKED, *ONE, _entry("deployer"), at=""),
            fails(STACKED, *ONE, ENTRY.named("again"), ADMIN.named("again-admin"), at=""),
            fails(
                STACKED,
                *ONE,
                _entry("deployer"),
                _admin("deployer").but({"policyArn": VIEWER}),
                at="",
            ),
            fails(
                STACKED,
                *ONE,
                _entry("deployer"),
                _admin("deployer").but({"accessScope.type": "namespace"}),
                at="",
            ),
            fails(
                STACKED,
                *ONE,
                _entry("deployer"),
                _admin("deployer").but({"clusterName": "other"}),
                at="",
            ),
            fails(
                STACKED,
                *ONE,
                _entry("deployer").but({"clusterName": "other"}),
                _admin("deployer"),
                at="",
            ),
            fails(
                STACKED.but({"accessConfig.authenticationMode": "API_AND_CONFIG_MAP"}),
                *TWO,
                at="accessConfig.authenticationMode",
                wanted="API",
            ),
            fails(
                STACKED.but({"accessConfig.bootstrapClusterCreatorAdminPermissions": None}),
                *TWO,
                at="accessConfig.bootstrapClusterCreatorAdminPermissions",
                wanted="false",
            ),
        ),
        passing=(
            passes(STACKED, *TWO),
            passes(
                STACKED,
                *(one.but({"clusterName": UNKNOWN}).flowing("clusterName", STACKED) for one in TWO),
            ),
        ),
        unknown=passes(STACKED, *ONE, _entry("deployer").but({"principalArn": UNKNOWN})),
    ),
    "cluster-deletion-protected": Cases(
        failing=(
            fails(
                CLUSTER.but({"deletionProtection": None}), at="deletionProtection", wanted="true"
            ),
            fails(CLUSTER.but({"deletionProtection": False}), at="deletionProtection"),
        ),
        passing=(passes(CLUSTER), passes(CLUSTER.but({"deletionProtection": "true"}))),
        unknown=passes(CLUSTER.but({"deletionProtection": UNKNOWN})),
        secret=fails(
            CLUSTER.but({"deletionProtection": secret(value=False)}), at="deletionProtection"
        ),
    ),
}
