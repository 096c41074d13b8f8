"""Lives of EKS clusters, their node groups, add-ons and access."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.providers.aws.account import Account
from tests.rehearsal.providers.aws.life import Life

CLUSTER = (
    "aws:eks/cluster:Cluster",
    {
        "name": "platform",
        "roleArn": "{role}",
        "version": "1.34",
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
        "vpcConfig": {
            "subnetIds": ["{subnet_a}", "{subnet_b}"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
        },
        "bootstrapSelfManagedAddons": False,
        "deletionProtection": True,
        "enabledClusterLogTypes": ["api", "audit"],
        "encryptionConfig": {"provider": {"keyArn": "{key}"}, "resources": ["secrets"]},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"},
        "tags": {"Name": "platform"},
    },
)
OPEN_CLUSTER = (CLUSTER[0], {**CLUSTER[1], "deletionProtection": False})
"""One that a test may delete."""
GROUP = {
    "clusterName": "platform",
    "nodeGroupName": "gpu",
    "nodeRoleArn": "{node_role}",
    "subnetIds": ["{subnet_a}", "{subnet_b}"],
    "scalingConfig": {"minSize": 0, "desiredSize": 1, "maxSize": 2},
    "instanceTypes": ["g4dn.xlarge"],
    "amiType": "AL2023_x86_64_NVIDIA",
    "labels": {"pool": "gpu", "kind": "old"},
    "taints": [{"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}],
    "updateConfig": {"maxUnavailable": 1},
    "tags": {"Name": "gpu"},
}


def _cluster(account: Account, id_: str) -> Any:
    cluster = account("eks").describe_cluster(name=id_)["cluster"]
    groups = cluster["logging"]["clusterLogging"]
    return [
        cluster["version"],
        cluster["resourcesVpcConfig"]["publicAccessCidrs"],
        [kind for group in groups if group["enabled"] for kind in group["types"]],
    ]


def _group(account: Account, id_: str) -> Any:
    found = account("eks").describe_nodegroup(clusterName="platform", nodegroupName="gpu")
    group = found["nodegroup"]
    return [group[key] for key in ("scalingConfig", "labels", "taints", "tags")]


def _association(account: Account, id_: str) -> Any:
    return account("eks").describe_pod_identity_association(
        clusterName="platform", associationId=id_
    )["association"]


LIVES = (
    Life(
        token=CLUSTER[0],
        props=CLUSTER[1],
        change={
            "version": "1.35",
            "enabledClusterLogTypes": ["api"],
            "vpcConfig": {
                "subnetIds": ["{subnet_a}", "{subnet_b}"],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": True,
                "publicAccessCidrs": ["192.0.2.0/24"],
            },
        },
        look=_cluster,
        shows=["1.35", ["192.0.2.0/24"], ["api"]],
        meddle=lambda account, id_: account("eks").update_cluster_config(
            name=id_, upgradePolicy={"supportType": "STANDARD"}
        ),
        undo=("deletionProtection",),
    ),
    Life(
        token="aws:eks/nodeGroup:NodeGroup",
        before={"cluster": OPEN_CLUSTER},
        props=GROUP,
        change={
            "scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 3},
            "labels": {"pool": "gpu"},
            "taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
            "tags": {"Name": "gpus"},
        },
        look=_group,
        shows=[
            {"minSize": 1, "desiredSize": 1, "maxSize": 3},
            {"pool": "gpu"},
            [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
            {"Name": "gpus"},
        ],
        meddle=lambda account, id_: account("eks").update_nodegroup_config(
            clusterName="platform",
            nodegroupName="gpu",
            scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 3},
        ),
    ),
    Life(
        token="aws:eks/addon:Addon",
        before={"cluster": OPEN_CLUSTER},
        props={
            "clusterName": "platform",
            "addonName": "vpc-cni",
            "configurationValues": '{"enableNetworkPolicy": "true"}',
            "resolveConflictsOnCreate": "OVERWRITE",
            "resolveConflictsOnUpdate": "OVERWRITE",
            "preserve": False,
            "podIdentityAssociations": [{"serviceAccount": "aws-node", "roleArn": "{pod_role}"}],
            "tags": {"Name": "cni"},
        },
        change={"configurationValues": '{"enableNetworkPolicy": "false"}'},
        look=lambda account, id_: account("eks").describe_addon(
            clusterName="platform", addonName="vpc-cni"
        )["addon"]["configurationValues"],
        shows='{"enableNetworkPolicy": "false"}',
        meddle=lambda account, id_: account("eks").update_addon(
            clusterName="platform", addonName="vpc-cni", configurationValues="{}"
        ),
    ),
    Life(
        token="aws:eks/accessEntry:AccessEntry",
        before={"cluster": OPEN_CLUSTER},
        props={
            "clusterName": "platform",
            "principalArn": "{pod_role}",
            "kubernetesGroups": ["viewers"],
            "type": "STANDARD",
            "tags": {"Name": "viewer"},
        },
        change={"kubernetesGroups": ["editors"], "tags": {"Name": "editor"}},
        look=lambda account, id_: account("eks").describe_access_entry(
            clusterName="platform", principalArn=id_.partition(":")[2]
        )["accessEntry"]["kubernetesGroups"],
        shows=["editors"],
        meddle=lambda account, id_: account("eks").update_access_entry(
            clusterName="platform", principalArn=id_.partition(":")[2], kubernetesGroups=["x"]
        ),
    ),
    Life(
        token="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        before={
            "cluster": OPEN_CLUSTER,
            "entry": (
                "aws:eks/accessEntry:AccessEntry",
                {"clusterName": "platform", "principalArn": "{pod_role}"},
            ),
        },
        props={
            "clusterName": "platform",
            "principalArn": "{pod_role}",
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            "accessScope": {"type": "namespace", "namespaces": ["models"]},
        },
        meddle=lambda account, id_: account("eks").associate_access_policy(
            clusterName="platform",
            principalArn=id_.split("#")[1],
            policyArn=id_.split("#")[2],
            accessScope={"type": "cluster"},
        ),
    ),
    Life(
        token="aws:eks/podIdentityAssociation:PodIdentityAssociation",
        before={"cluster": OPEN_CLUSTER},
        props={
            "clusterName": "platform",
            "namespace": "mlflow",
            "serviceAccount": "mlflow",
            "roleArn": "{pod_role}",
            "tags": {"Name": "mlflow"},
        },
        change={"disableSessionTags": True, "tags": {"Name": "tracking"}},
        look=lambda account, id_: [
            _association(account, id_)[key] for key in ("disableSessionTags", "tags")
        ],
        shows=[True, {"Name": "tracking"}],
        meddle=lambda account, id_: account("eks").update_pod_identity_association(
            clusterName="platform", associationId=id_, roleArn=account.other_pod_role
        ),
    ),
)
