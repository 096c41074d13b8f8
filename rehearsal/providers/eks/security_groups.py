"""Security groups of a cluster and of its nodes, with the rules between them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.providers.eks.component import Blueprint
from rehearsal.providers.eks.monitor import Registered
from rehearsal.providers.eks.traced import NOTHING, Traced, combined
from rehearsal.providers.wire import plain

Tags = Mapping[str, str] | None

_ALL_PORTS = {"fromPort": 0, "toPort": 0, "protocol": "-1"}


@dataclass(frozen=True)
class ClusterGroup:
    """The cluster's own security group; without values when the caller opted out."""

    id: Traced = NOTHING
    reference: Traced = NOTHING


@dataclass(frozen=True)
class SecurityGroups:
    """The cluster's group, and what was made for the nodes."""

    cluster: ClusterGroup
    nodes: Registered | None
    ingress_rule: Registered | None


def cluster_security_group(plan: Blueprint, own: Registered) -> ClusterGroup:
    """The group that the caller gives, or a new one; nothing when the caller opted out."""
    if plan["clusterSecurityGroup"].given:
        given = plan["clusterSecurityGroup"]
        return ClusterGroup(Traced(plain(given.value), given.urns), given)
    if plain(plan["skipDefaultSecurityGroups"].value):
        return ClusterGroup()
    name = f"{plan.name}-eksClusterSecurityGroup"
    group = plan.monitor.resource(
        "aws:ec2/securityGroup:SecurityGroup",
        name,
        {
            "vpcId": plan["vpcId"],
            "revokeRulesOnDelete": True,
            "tags": merged_tags(plan, name, "clusterSecurityGroupTags"),
        },
        plan.under(own),
    )
    _rule(
        plan,
        own,
        "eksClusterInternetEgressRule",
        type="egress",
        **_ALL_PORTS,
        cidrBlocks=["0.0.0.0/0"],
        securityGroupId=group.identifier,
        description="Allow internet access.",
    )
    return ClusterGroup(group.identifier, group.reference)


def node_security_group(
    plan: Blueprint, own: Registered, group: ClusterGroup, cluster: Registered
) -> SecurityGroups:
    """The nodes' group and the rules between it and the cluster's."""
    if plain(plan["skipDefaultSecurityGroups"].value) or not group.id.given:
        return SecurityGroups(group, None, None)
    name = f"{plan.name}-nodeSecurityGroup"
    tags = combined(
        functools.partial(_node_tags, name),
        plan["tags"],
        plan["nodeSecurityGroupTags"],
        cluster["name"],
    )
    nodes = plan.monitor.resource(
        "aws:ec2/securityGroup:SecurityGroup",
        name,
        {"vpcId": plan["vpcId"], "revokeRulesOnDelete": True, "tags": tags},
        plan.under(own),
    )
    return SecurityGroups(group, nodes, _node_rules(plan, own, group.id, nodes.identifier))


def _node_rules(plan: Blueprint, own: Registered, group: Traced, nodes: Traced) -> Registered:
    _rule(
        plan,
        own,
        "eksNodeIngressRule",
        type="ingress",
        **_ALL_PORTS,
        self=True,
        securityGroupId=nodes,
        description="Allow nodes to communicate with each other",
    )
    _rule(
        plan,
        own,
        "eksNodeClusterIngressRule",
        type="ingress",
        fromPort=1025,
        toPort=65535,
        protocol="tcp",
        securityGroupId=nodes,
        sourceSecurityGroupId=group,
        description="Allow worker Kubelets and pods to receive communication from "
        "the cluster control plane",
    )
    _rule(
        plan,
        own,
        "eksExtApiServerClusterIngressRule",
        type="ingress",
        fromPort=443,
        toPort=443,
        protocol="tcp",
        securityGroupId=nodes,
        sourceSecurityGroupId=group,
        description="Allow pods running extension API servers on port 443 to receive "
        "communication from cluster control plane",
    )
    _rule(
        plan,
        own,
        "eksNodeInternetEgressRule",
        type="egress",
        **_ALL_PORTS,
        cidrBlocks=["0.0.0.0/0"],
        securityGroupId=nodes,
        description="Allow internet access.",
    )
    return _rule(
        plan,
        own,
        "eksClusterIngressRule",
        type="ingress",
        fromPort=443,
        toPort=443,
        protocol="tcp",
        securityGroupId=group,
        sourceSecurityGroupId=nodes,
        description="Allow pods to communicate with the cluster API Server",
    )


def _rule(plan: Blueprint, own: Registered, part: str, **inputs: Any) -> Registered:
    return plan.monitor.resource(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        f"{plan.name}-{part}",
        inputs,
        plan.under(own),
    )


def merged_tags(plan: Blueprint, name: str, own: str) -> Traced:
    """The Name, the particular tags and over them the general ones."""
    return combined(functools.partial(_cluster_tags, name), plan["tags"], plan[own])


def _cluster_tags(name: str, general: Tags, particular: Tags) -> dict[str, str]:
    return {"Name": name, **(particular or {}), **(general or {})}


def _node_tags(name: str, general: Tags, particular: Tags, cluster: str) -> dict[str, str]:
    owned = {"Name": name, f"kubernetes.io/cluster/{cluster}": "owned"}
    return {**owned, **(particular or {}), **(general or {})}
