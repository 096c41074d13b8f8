"""Examples of refusals in EKS."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.cloud.account import GHOST, KEY, Account
from tests.rehearsal.cloud.refusals.example import Examples, Refused

EXAMPLES = Examples()
MAIN = {"clusterName": "main"}


def cluster(a: Account, subnets: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "name": "main",
        "roleArn": a.role("cluster", "eks.amazonaws.com"),
        "resourcesVpcConfig": {"subnetIds": subnets or a.subnets(a.vpc())},
        **more,
    }


@EXAMPLES.of("a cluster's Kubernetes version is supported")
def _(a: Account, refused: Refused) -> None:
    given = cluster(a)
    refused(a.eks.create_cluster, **given, version="1.2")
    a.eks.create_cluster(**given, version="1.35")


@EXAMPLES.of("a cluster's role exists and trusts EKS")
def _(a: Account, refused: Refused) -> None:
    given = cluster(a)
    refused(a.eks.create_cluster, **{**given, "roleArn": GHOST})
    refused(a.eks.create_cluster, **{**given, "roleArn": a.role("nodes", "ec2.amazonaws.com")})
    a.eks.create_cluster(**given)


@EXAMPLES.of("a cluster's subnets exist, in one VPC and at least two zones")
def _(a: Account, refused: Refused) -> None:
    first, second = a.subnets(a.vpc(), "ab")
    given = cluster(a, [first, second])
    for wrong in ([first], [first, "subnet-0123456789abcdef0"]):
        refused(a.eks.create_cluster, **{**given, "resourcesVpcConfig": {"subnetIds": wrong}})
    a.eks.create_cluster(**given)


@EXAMPLES.of("a cluster has a public or a private endpoint")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    closed = {"endpointPublicAccess": False, "endpointPrivateAccess": False}
    refused(a.eks.update_cluster_config, name="main", resourcesVpcConfig=closed)
    private = {**closed, "endpointPrivateAccess": True}
    a.eks.update_cluster_config(name="main", resourcesVpcConfig=private)


@EXAMPLES.of("a cluster's service range is private and outside the VPC")
def _(a: Account, refused: Refused) -> None:
    given = cluster(a)
    for block in ("10.0.128.0/20", "100.64.0.0/16", "172.20.0.0/8"):
        network = {"serviceIpv4Cidr": block}
        refused(a.eks.create_cluster, **given, kubernetesNetworkConfig=network)
    a.eks.create_cluster(**given, kubernetesNetworkConfig={"serviceIpv4Cidr": "172.20.0.0/16"})


@EXAMPLES.of("the key of a cluster's secrets exists")
def _(a: Account, refused: Refused) -> None:
    given = cluster(a)

    def encrypted(key: str) -> dict[str, Any]:
        config = [{"resources": ["secrets"], "provider": {"keyArn": key}}]
        return {**given, "encryptionConfig": config}

    refused(a.eks.create_cluster, **encrypted(KEY))
    a.eks.create_cluster(**encrypted(a.key()))


@EXAMPLES.of("a control plane goes up one minor version at a time")
def _(a: Account, refused: Refused) -> None:
    a.cluster(version="1.34")
    refused(a.eks.update_cluster_version, name="main", version="1.36")
    refused(a.eks.update_cluster_version, name="main", version="1.33")
    a.eks.update_cluster_version(name="main", version="1.35")


@EXAMPLES.of("a cluster with node groups stays")
def _(a: Account, refused: Refused) -> None:
    a.node_group(a.cluster())
    refused(a.eks.delete_cluster, name="main")
    a.eks.delete_nodegroup(**MAIN, nodegroupName="system")
    a.eks.delete_cluster(name="main")


@EXAMPLES.of("a cluster under deletion protection stays")
def _(a: Account, refused: Refused) -> None:
    a.cluster(deletionProtection=True)
    refused(a.eks.delete_cluster, name="main")
    a.eks.update_cluster_config(name="main", deletionProtection=False)
    a.eks.delete_cluster(name="main")


@EXAMPLES.of("an authentication mode does not go back")
def _(a: Account, refused: Refused) -> None:
    a.cluster(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    back, on = {"authenticationMode": "CONFIG_MAP"}, {"authenticationMode": "API"}
    refused(a.eks.update_cluster_config, name="main", accessConfig=back)
    a.eks.update_cluster_config(name="main", accessConfig=on)


@EXAMPLES.of("an add-on is one that EKS offers")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    refused(a.eks.create_addon, **MAIN, addonName="vpc-cnii")
    a.eks.create_addon(**MAIN, addonName="vpc-cni")


@EXAMPLES.of("an add-on's version fits the cluster's")
def _(a: Account, refused: Refused) -> None:
    a.cluster(version="1.35")
    proxy = {**MAIN, "addonName": "kube-proxy"}
    refused(a.eks.create_addon, **proxy, addonVersion="v1.34.1-eksbuild.2")
    a.eks.create_addon(**proxy, addonVersion="v1.35.0-eksbuild.2")


@EXAMPLES.of("a cluster has an add-on once")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    a.eks.create_addon(**MAIN, addonName="coredns")
    refused(a.eks.create_addon, **MAIN, addonName="coredns")


@EXAMPLES.of("an add-on's configuration is JSON or YAML")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    addon = {**MAIN, "addonName": "coredns"}
    refused(a.eks.create_addon, **addon, configurationValues='{"replicaCount": 3')
    a.eks.create_addon(**addon, configurationValues='{"replicaCount": 3}')


@EXAMPLES.of("an access entry's principal exists")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    refused(a.eks.create_access_entry, **MAIN, principalArn=GHOST)
    a.eks.create_access_entry(**MAIN, principalArn=a.role("operator", "ec2.amazonaws.com"))


@EXAMPLES.of("an access entry for nodes names no groups")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    entry = {**MAIN, "principalArn": a.role("nodes"), "type": "EC2_LINUX"}
    refused(a.eks.create_access_entry, **entry, kubernetesGroups=["admins"])
    a.eks.create_access_entry(**entry)


@EXAMPLES.of("nodes are not newer than the control plane, and at most three minors older")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster(version="1.34")
    refused(a.node_group, subnets, "newer", version="1.35")
    a.node_group(subnets, "older", version="1.33")


@EXAMPLES.of("a node group's sizes are in order")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    a.node_group(subnets, scalingConfig={"minSize": 1, "maxSize": 3, "desiredSize": 2})
    group = {**MAIN, "nodegroupName": "system"}
    for wrong in ({"desiredSize": 4}, {"minSize": 3}):
        refused(a.eks.update_nodegroup_config, **group, scalingConfig=wrong)
    a.eks.update_nodegroup_config(**group, scalingConfig={"minSize": 3, "desiredSize": 3})


@EXAMPLES.of("a node group's instance types exist")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    refused(a.node_group, subnets, "wrong", instanceTypes=["m5.huge"])
    a.node_group(subnets, "right", instanceTypes=["m5.large"])


@EXAMPLES.of("a node group's launch template exists")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    a.ec2.create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"InstanceType": "m5.large"}
    )
    refused(a.node_group, subnets, "wrong", launchTemplate={"name": "nodes", "version": "2"})
    a.node_group(subnets, "right", launchTemplate={"name": "nodes", "version": "1"})


@EXAMPLES.of("a node group's machines run its AMI")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    graviton = {"instanceTypes": ["m6g.large"]}
    refused(a.node_group, subnets, "wrong", **graviton, amiType="AL2023_x86_64_STANDARD")
    a.node_group(subnets, "right", **graviton, amiType="AL2023_ARM_64_STANDARD")


@EXAMPLES.of("what a launch template says is not said again")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    data = {"InstanceType": "m5.large"}
    a.ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData=data)
    template = {"launchTemplate": {"name": "nodes", "version": "1"}}
    refused(a.node_group, subnets, "disk", **template, diskSize=50)
    refused(a.node_group, subnets, "type", **template, instanceTypes=["m5.large"])
    a.node_group(subnets, "right", **template)


@EXAMPLES.of("a node group's role exists and trusts EC2")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    refused(a.node_group, subnets, "ghost", nodeRole=GHOST)
    refused(a.node_group, subnets, "eks", nodeRole=a.role("wrong", "eks.amazonaws.com"))
    a.node_group(subnets, "right")


@EXAMPLES.of("a node group's subnets are of the cluster's VPC")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    refused(a.node_group, a.subnets(a.vpc(), "ab"), "elsewhere")
    a.node_group(subnets, "right")


@EXAMPLES.of("a node group's update limit is a number or a percentage")
def _(a: Account, refused: Refused) -> None:
    subnets = a.cluster()
    both = {"maxUnavailable": 1, "maxUnavailablePercentage": 33}
    refused(a.node_group, subnets, "both", updateConfig=both)
    a.node_group(subnets, "right", updateConfig={"maxUnavailablePercentage": 33})


def association(a: Account, role: str) -> dict[str, Any]:
    return {**MAIN, "namespace": "mlflow", "serviceAccount": "mlflow", "roleArn": role}


@EXAMPLES.of("a service account's role exists")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    refused(a.eks.create_pod_identity_association, **association(a, GHOST))
    role = a.role("mlflow", "pods.eks.amazonaws.com")
    a.eks.create_pod_identity_association(**association(a, role))


@EXAMPLES.of("a service account's role trusts EKS Pod Identity")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    wrong = a.role("wrong", "ec2.amazonaws.com")
    refused(a.eks.create_pod_identity_association, **association(a, wrong))
    right = a.role("right", "pods.eks.amazonaws.com")
    a.eks.create_pod_identity_association(**association(a, right))


@EXAMPLES.of("a service account has one association")
def _(a: Account, refused: Refused) -> None:
    a.cluster()
    given = association(a, a.role("mlflow", "pods.eks.amazonaws.com"))
    a.eks.create_pod_identity_association(**given)
    refused(a.eks.create_pod_identity_association, **given)
