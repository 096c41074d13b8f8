"""The cluster, as the account sees it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi import ResourceOptions, ResourceTransformArgs

from components.base import Site
from components.cluster import ADMIN_POLICY, Cluster, ClusterArgs
from tests.components.recorder import Recording, record

CLUSTER = "mlops-platform-production"
ARN = f"arn:aws:eks:us-east-1:123456789012:cluster/{CLUSTER}"
ADMINS = {
    "deployer": "arn:aws:iam::123456789012:role/mlops/deployer",
    "break-glass": "arn:aws:iam::123456789012:role/mlops/break-glass",
}
VERSIONS = {
    "vpc-cni": "v1.20.4-eksbuild.2",
    "kube-proxy": "v1.35.0-eksbuild.2",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
}


def registered_cluster(_: Mapping[str, Any]) -> dict[str, Any]:
    """What pulumi-eks answers once the cluster is there."""
    reached = {"server": "https://x.eks.amazonaws.com", "certificate-authority-data": "Zm9v"}
    return {
        "kubeconfigJson": json.dumps({"clusters": [{"name": "kubernetes", "cluster": reached}]}),
        "clusterSecurityGroupId": "sg-cluster",
        "oidcIssuer": "oidc.eks.us-east-1.amazonaws.com/id/X",
    }


ANSWERS = {"eks:index:Cluster": registered_cluster}


def arguments(**changes: Any) -> ClusterArgs:
    whole = ClusterArgs(
        kubernetes_version="1.35",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
        secrets_key_arn="arn:aws:kms:us-east-1:123456789012:key/secrets",
        logs_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
        log_retention_days=30,
        admins=ADMINS,
        addon_versions=VERSIONS,
    )
    return dataclasses.replace(whole, **changes)


def build(site: Site, **changes: Any) -> Recording[Cluster]:
    return record(lambda: Cluster("cluster", arguments(**changes), site), answers=ANSWERS)


def cluster_inputs(site: Site, **changes: Any) -> Mapping[str, Any]:
    return build(site, **changes).one("eks:index:Cluster").inputs


def test_the_cluster_has_a_deterministic_name_and_a_pinned_version(site: Site) -> None:
    inputs = cluster_inputs(site)
    assert inputs["name"] == CLUSTER
    assert inputs["version"] == "1.35"
    assert inputs["clusterTags"]["mlops:id"].endswith(":cluster-cluster")
    assert inputs["tags"] == site.tags


def test_access_is_by_entries_only_and_two_roles_are_administrators(site: Site) -> None:
    inputs = cluster_inputs(site)
    assert inputs["authenticationMode"] == "API"
    entries = inputs["accessEntries"]
    assert {entry["principalArn"] for entry in entries.values()} == set(ADMINS.values())
    for entry in entries.values():
        admin = entry["accessPolicies"]["admin"]
        assert admin == {"policyArn": ADMIN_POLICY, "accessScope": {"type": "cluster"}}


def test_one_administrator_is_not_enough(site: Site) -> None:
    with pytest.raises(ValueError, match=r"admins: \['deployer'\]: at least two"):
        arguments(admins={"deployer": "arn:aws:iam::123456789012:role/deployer"})


def test_whoever_creates_the_cluster_does_not_become_administrator(site: Site) -> None:
    (transform,) = build(site).one("eks:index:Cluster").transforms
    hard_coded = {
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": True,
        },
        "name": CLUSTER,
    }
    changed = transform(_child("aws:eks/cluster:Cluster", hard_coded))
    assert changed.props == {
        "accessConfig": {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        },
        "name": CLUSTER,
    }
    assert transform(_child("aws:eks/addon:Addon", {"addonName": "vpc-cni"})) is None


def test_the_endpoint_is_private_unless_networks_are_named(site: Site) -> None:
    private = cluster_inputs(site)
    assert private["endpointPrivateAccess"] is True
    assert private["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in private
    named = cluster_inputs(site, public_access_cidrs=("203.0.113.0/24",))
    assert named["endpointPublicAccess"] is True
    assert named["endpointPrivateAccess"] is True
    assert named["publicAccessCidrs"] == ["203.0.113.0/24"]


@pytest.mark.parametrize("world", ["0.0.0.0/0", "::/0"])
def test_an_endpoint_open_to_the_world_is_refused(world: str) -> None:
    with pytest.raises(ValueError, match="public_access_cidrs"):
        arguments(public_access_cidrs=(world,))


def test_secrets_are_encrypted_and_all_five_logs_are_kept(site: Site) -> None:
    recording = build(site)
    inputs = recording.one("eks:index:Cluster").inputs
    assert inputs["encryptionConfigKeyArn"].endswith("key/secrets")
    assert sorted(inputs["enabledClusterLogTypes"]) == [
        "api", "audit", "authenticator", "controllerManager", "scheduler",
    ]  # fmt: skip


def test_the_log_group_is_ours_and_comes_first(site: Site) -> None:
    recording = build(site)
    logs = recording.one("aws:cloudwatch/logGroup:LogGroup")
    assert logs.inputs["name"] == f"/aws/eks/{CLUSTER}/cluster"
    assert logs.inputs["retentionInDays"] == 30
    assert logs.inputs["kmsKeyId"].endswith("key/logs")
    assert recording.waits_for(recording.one("eks:index:Cluster"), logs)


def test_the_control_plane_role_is_bounded_and_trusts_this_cluster_only(site: Site) -> None:
    recording = build(site)
    role = recording.one("aws:iam/role:Role", "cluster-control-plane-role")
    assert role.inputs["path"] == "/mlops/"
    assert role.inputs["permissionsBoundary"] == site.permissions_boundary
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "eks.amazonaws.com"}
    assert trust["Condition"]["ArnEquals"] == {"aws:SourceArn": ARN}
    granted = recording.one(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "cluster-control-plane-AmazonEKSClusterPolicy",
    )
    assert recording.waits_for(recording.one("eks:index:Cluster"), granted)


def test_deletion_protection_follows_the_sites_data(site: Site) -> None:
    assert cluster_inputs(site)["deletionProtection"] is True
    torn_down = dataclasses.replace(site, protect_data=False)
    assert cluster_inputs(torn_down)["deletionProtection"] is False


def test_nothing_of_pulumi_eks_is_left_to_its_defaults(site: Site) -> None:
    inputs = cluster_inputs(site)
    assert inputs["skipDefaultNodeGroup"] is True
    assert inputs["skipDefaultSecurityGroups"] is True
    assert inputs["createOidcProvider"] is False
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert inputs["corednsAddonOptions"]["enabled"] is False
    assert inputs["kubeProxyAddonOptions"]["version"] == VERSIONS["kube-proxy"]
    assert inputs["vpcCniOptions"]["addonVersion"] == VERSIONS["vpc-cni"]
    assert inputs["vpcCniOptions"]["enableNetworkPolicy"] is True


def test_a_core_addon_without_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match="kube-proxy"):
        arguments(addon_versions={"vpc-cni": "v1", "eks-pod-identity-agent": "v1"})


def test_the_cni_has_rights_of_its_own_before_nodes_join(site: Site) -> None:
    recording = build(site)
    association = recording.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["clusterName"] == CLUSTER
    assert association.inputs["serviceAccount"] == "aws-node"
    attached = recording.named("cluster-vpc-cni-AmazonEKS_CNI_Policy")
    assert recording.waits_for(association, attached)
    agent = recording.named("cluster-eks-pod-identity-agent")
    assert agent.inputs["addonVersion"] == VERSIONS["eks-pod-identity-agent"]
    assert recording.waits_for(agent, recording.one("eks:index:Cluster"))


def test_the_kubernetes_provider_is_replaced_only_with_the_cluster(site: Site) -> None:
    recording = build(site)
    provider = recording.one("pulumi:providers:kubernetes")
    assert provider.inputs["clusterIdentifier"] == ARN
    assert recording.waits_for(provider, recording.one("eks:index:Cluster"))


def test_a_teardown_does_not_hang_on_an_unreachable_cluster(site: Site) -> None:
    assert _provider_inputs(site)["deleteUnreachable"] == "false"
    assert (
        _provider_inputs(dataclasses.replace(site, protect_data=False))["deleteUnreachable"]
        == "true"
    )


def test_the_kubeconfig_names_cluster_and_region_and_holds_no_secret(site: Site) -> None:
    recording = build(site, kubernetes_role_arn=ADMINS["deployer"])
    document = json.loads(recording.value(recording.result.kubeconfig))
    assert document["clusters"][0]["cluster"]["server"] == "https://x.eks.amazonaws.com"
    command = document["users"][0]["user"]["exec"]
    assert command["command"] == "aws"
    assert command["args"] == [
        "--region", "us-east-1", "eks", "get-token", "--cluster-name", CLUSTER,
        "--output", "json", "--role-arn", ADMINS["deployer"],
    ]  # fmt: skip


def test_what_others_need_is_an_output(site: Site) -> None:
    recording = build(site)
    outputs = recording.outputs[recording.one("mlops:components:Cluster").urn]
    assert outputs["cluster_name"] == CLUSTER
    assert outputs["arn"] == ARN
    assert outputs["endpoint"] == "https://x.eks.amazonaws.com"
    assert outputs["security_group_id"] == "sg-cluster"


def _provider_inputs(site: Site) -> Mapping[str, Any]:
    return build(site).one("pulumi:providers:kubernetes").inputs


def _child(type_: str, props: dict[str, Any]) -> ResourceTransformArgs:
    return ResourceTransformArgs(
        custom=True, type_=type_, name="child", props=props, opts=ResourceOptions()
    )
