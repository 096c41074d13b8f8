"""`eks:index:Cluster`: a control plane, its role, security groups, access entries and the
add-ons that pulumi-eks installs by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rehearsal.providers.eks.access_entries import access_entries
from rehearsal.providers.eks.addons import addon_inputs, vpc_cni
from rehearsal.providers.eks.component import Blueprint
from rehearsal.providers.eks.kubeconfig import kubeconfig_of, kubernetes_provider
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.security_groups import (
    SecurityGroups,
    cluster_security_group,
    merged_tags,
    node_security_group,
)
from rehearsal.providers.eks.service_role import service_role
from rehearsal.providers.eks.traced import Traced, combined
from rehearsal.providers.plugin import PluginError
from rehearsal.providers.wire import UNKNOWN, Props, plain

UNSUPPORTED = frozenset(
    {
        "autoMode",
        "fargate",
        "roleMappings",
        "userMappings",
        "storageClasses",
        "creationRoleProvider",
        "nodeGroupOptions",
        "proxy",
        "createInstanceRole",
    }
)
"""Inputs of the official component that this stand-in does not know how to carry out."""
_CREATION_ONLY = (
    "accessConfig.bootstrapClusterCreatorAdminPermissions",
    "bootstrapSelfManagedAddons",
)


def construct(plan: Blueprint) -> tuple[Registered, Props]:
    """Register the component and its children in the official order."""
    _refuse_what_is_not_simulated(plan)
    own = plan.own()
    role_arn, role_urns = _role(plan, own)
    group = cluster_security_group(plan, own)
    cluster = plan.monitor.resource(
        "aws:eks/cluster:Cluster",
        f"{plan.name}-eksCluster",
        _cluster_inputs(plan, role_arn, group.id),
        replace(plan.under(own, depends_on=role_urns), ignore_changes=_CREATION_ONLY),
    )
    kubeconfig = kubeconfig_of(cluster)
    kubernetes_provider(plan, own, kubeconfig)
    entries = access_entries(plan, own, cluster)
    _addons(plan, own, cluster, entries)
    groups = node_security_group(plan, own, group, cluster)
    return own, plan.monitor.finish(own, _outputs(plan, cluster, groups, kubeconfig))


def _refuse_what_is_not_simulated(plan: Blueprint) -> None:
    asked = sorted(key for key in UNSUPPORTED if plan[key].value not in (None, False))
    if plain(plan["skipDefaultNodeGroup"].value) is not True:
        asked.append("skipDefaultNodeGroup: true expected")
    if plain(plan["createOidcProvider"].value):
        asked.append("createOidcProvider: false expected (Pod Identity needs none)")
    if asked:
        raise PluginError(
            f"{plan.name}: the simulated eks:index:Cluster does not carry out {', '.join(asked)}"
        )


def _role(plan: Blueprint, own: Registered) -> tuple[Traced, tuple[str, ...]]:
    if plan["serviceRole"].given:
        outputs = plan.monitor.outputs_of(plan["serviceRole"].value["urn"])
        return Traced(outputs.get("arn") or UNKNOWN, plan["serviceRole"].urns), ()
    role, attachments = service_role(
        plan,
        own,
        f"{plan.name}-eksRole",
        service="eks.amazonaws.com",
        actions=["sts:AssumeRole", "sts:TagSession"],
        policies=["AmazonEKSClusterPolicy"],
        description="Allows EKS to manage clusters on your behalf.",
    )
    return role["arn"], attachments


def _cluster_inputs(plan: Blueprint, role_arn: Traced, group: Traced) -> dict[str, Any]:
    access = {
        "authenticationMode": plan["authenticationMode"],
        "bootstrapClusterCreatorAdminPermissions": True,
    }
    key = plan["encryptionConfigKeyArn"]
    return {
        "name": plan["name"],
        "roleArn": role_arn,
        "version": plan["version"],
        "vpcConfig": {
            "securityGroupIds": [group] if group.given else None,
            "subnetIds": _subnets(plan),
            "endpointPrivateAccess": plan["endpointPrivateAccess"],
            "endpointPublicAccess": plan["endpointPublicAccess"],
            "publicAccessCidrs": plan["publicAccessCidrs"],
        },
        "accessConfig": access if plan["authenticationMode"].given else None,
        "bootstrapSelfManagedAddons": True
        if not plan["bootstrapSelfManagedAddons"].given
        else plan["bootstrapSelfManagedAddons"],
        "enabledClusterLogTypes": plan["enabledClusterLogTypes"],
        "encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]}
        if key.given
        else None,
        "upgradePolicy": plan["upgradePolicy"],
        "deletionProtection": plan["deletionProtection"],
        "tags": merged_tags(plan, f"{plan.name}-eksCluster", "clusterTags"),
    }


def _subnets(plan: Blueprint) -> Traced:
    if plan["subnetIds"].given:
        return plan["subnetIds"]
    both = (plan["publicSubnetIds"], plan["privateSubnetIds"])
    return combined(_joined, *both)


def _addons(
    plan: Blueprint, own: Registered, cluster: Registered, entries: tuple[str, ...]
) -> None:
    proxy = plan["kubeProxyAddonOptions"]
    if plain(proxy["enabled"].value) is not False:
        plan.monitor.resource(
            "aws:eks/addon:Addon",
            f"{plan.name}-kube-proxy",
            addon_inputs("kube-proxy", cluster["name"], proxy, plan["tags"]),
            plan.under(own),
        )
    if not plain(plan["useDefaultVpcCni"].value):
        vpc_cni(plan, own, cluster, entries)
    dns = plan["corednsAddonOptions"]
    if plain(dns["enabled"].value) is True:
        plan.monitor.resource(
            "aws:eks/addon:Addon",
            f"{plan.name}-coredns",
            addon_inputs("coredns", cluster["name"], dns, plan["tags"]),
            plan.under(own, depends_on=entries),
        )


def _outputs(
    plan: Blueprint, cluster: Registered, groups: SecurityGroups, kubeconfig: Traced
) -> dict[str, Any]:
    nodes = groups.nodes
    eks_group = cluster["vpcConfig"]["clusterSecurityGroupId"]
    shared: Props = {
        "clusterSecurityGroup": groups.cluster.reference,
        # Without groups of its own, everything is in the one that EKS itself makes.
        "clusterSecurityGroupId": groups.cluster.id if groups.cluster.id.given else eks_group,
        "kubeconfig": kubeconfig,
        "oidcProviderArn": "",
        "oidcProviderUrl": "",
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "instanceRoles": [],
    }
    core: Props = {
        "cluster": cluster.reference,
        "endpoint": cluster["endpoint"],
        "vpcId": plan["vpcId"],
        "subnetIds": _subnets(plan),
        "clusterIamRole": plan["serviceRole"],
        "clusterSecurityGroup": groups.cluster.reference,
        "nodeSecurityGroup": nodes.reference if nodes else None,
        "kubeconfig": kubeconfig,
        "instanceRoles": [],
    }
    return {
        **shared,
        "eksCluster": cluster.reference,
        "core": core,
        "kubeconfigJson": combined(json.dumps, kubeconfig),
        "nodeSecurityGroup": nodes.reference if nodes else None,
        "nodeSecurityGroupId": nodes.identifier if nodes else eks_group,
        "eksClusterIngressRule": groups.ingress_rule.reference if groups.ingress_rule else None,
        "oidcIssuer": combined(_issuer, cluster["identities"]),
        "autoModeNodeRoleName": "",
        "defaultNodeGroupAsgName": "",
    }


def _joined(public: Sequence[str] | None, private: Sequence[str] | None) -> list[str]:
    return [*(public or ()), *(private or ())]


def _issuer(identities: Sequence[Props] | None) -> str:
    """The OIDC issuer without its scheme, as pulumi-eks shows it."""
    issuers = [one.get("issuer") for found in identities or () for one in found.get("oidcs") or ()]
    return str(issuers[0] or "").removeprefix("https://") if issuers else ""
