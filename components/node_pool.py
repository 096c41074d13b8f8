"""A managed node group: the fixed baseline of nodes of one kind (system, compute, gpu).

Joins the cluster of `components/cluster.py` as the role of `components/node_role.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
from pulumi import Input, ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from components.base import Component, Site
from components.launch_template import LaunchTemplate, LaunchTemplateArgs

Effect = Literal["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"]
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


@dataclass(frozen=True, kw_only=True)
class Taint:
    """Keeps pods away that do not tolerate it, in EKS's words."""

    key: str
    effect: Effect
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class NodePoolArgs:
    """Plain values decide the shape; inputs only flow through. Raises ValueError for sizes
    that contradict each other and for an empty list of instance types."""

    cluster: eks.Cluster
    cluster_name: Input[str]
    kubernetes_version: str
    """At most three minor versions behind the control plane."""
    node_role_arn: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    """Private subnets, in several zones."""
    instance_types: Sequence[str]
    ami_type: str
    min_size: int
    desired_size: int
    """The size to start with; afterwards it is the autoscaler's."""
    max_size: int
    volume_key_arn: Input[str]
    disk_gib: int = 100
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    taints: Sequence[Taint] = ()
    max_unavailable: int = 1
    """Nodes that an update may take away at a time."""
    capacity_type: Literal["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"] = "ON_DEMAND"
    ami_release: str | None = None
    """Pinned AMI release, `1.35.0-20261101`; None: the newest when nodes are made."""
    user_data: str | None = None
    """Settings of the nodes' image, as of a launch template."""
    generation: int = 1
    before: Sequence[pulumi.Resource] = ()
    """What must be there before a node joins: `Cluster.before_nodes`."""

    def __post_init__(self) -> None:
        """Refuse what EKS would refuse twenty minutes later."""
        if not 0 <= self.min_size <= self.desired_size <= self.max_size or self.max_size < 1:
            raise ValueError(
                f"sizes {self.min_size} ≤ {self.desired_size} ≤ {self.max_size}: expected "
                "0 ≤ min_size ≤ desired_size ≤ max_size and max_size ≥ 1"
            )
        if not self.instance_types:
            raise ValueError("instance_types: at least one instance type is expected")


class NodePool(Component):
    """A managed node group with its own launch template."""

    node_group_name: pulumi.Output[str]
    """Known in a preview, and resolved only once the nodes have joined."""
    group: eks.ManagedNodeGroup

    def __init__(
        self, name: str, args: NodePoolArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self._physical = node_group_name(site, name, args)
        self.group = self._node_group(args, self._launch_template(args))
        self.node_group_name = self.group.urn.apply(lambda _: self._physical)
        self.register_outputs({"node_group_name": self.node_group_name})

    def _launch_template(self, args: NodePoolArgs) -> LaunchTemplate:
        template = LaunchTemplateArgs(
            pool=self.name,
            generation=args.generation,
            ami_type=args.ami_type,
            disk_gib=args.disk_gib,
            volume_key_arn=args.volume_key_arn,
            user_data=args.user_data,
        )
        return LaunchTemplate(self.name, template, self.site, self.options())

    def _node_group(self, args: NodePoolArgs, template: LaunchTemplate) -> eks.ManagedNodeGroup:
        waits = ResourceOptions(
            depends_on=list(args.before), transforms=[update_at_most(args.max_unavailable)]
        )
        return eks.ManagedNodeGroup(
            self.name,
            cluster=args.cluster,
            cluster_name=args.cluster_name,
            node_group_name=self._physical,
            version=args.kubernetes_version,
            release_version=args.ami_release,
            ami_type=args.ami_type,
            capacity_type=args.capacity_type,
            instance_types=list(args.instance_types),
            node_role_arn=args.node_role_arn,
            subnet_ids=args.subnet_ids,
            labels=dict(args.labels),
            taints=[_taint(taint) for taint in args.taints],
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=args.min_size, desired_size=args.desired_size, max_size=args.max_size
            ),
            ignore_scaling_changes=True,
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.template_id, version=template.latest_version
            ),
            tags=self.tags("group", name=self._physical),
            opts=ResourceOptions.merge(self.options(), waits),
        )


def node_group_name(site: Site, pool: str, args: NodePoolArgs) -> str:
    """`<prefix>-<pool>-g<generation>-<kind>`, of which EKS takes 63 characters.

    A new kind of instance replaces the group, and AWS needs both names at once: so the name
    carries a short hash of what forces the replacement.
    """
    kind = "|".join((args.ami_type, args.capacity_type, *args.instance_types))
    digest = hashlib.sha256(kind.encode()).hexdigest()[:4]
    return site.name(f"{pool}-g{args.generation}-{digest}")


def update_at_most(
    max_unavailable: int,
) -> Callable[[ResourceTransformArgs], ResourceTransformResult | None]:
    """Limits how many nodes an update takes away at a time; pulumi-eks has no argument for it."""

    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ != _NODE_GROUP:
            return None
        limited = {**args.props, "updateConfig": {"maxUnavailable": max_unavailable}}
        return ResourceTransformResult(props=limited, opts=args.opts)

    return transform


def _taint(taint: Taint) -> aws.eks.NodeGroupTaintArgs:
    return aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect)
