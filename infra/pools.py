"""From the stack file's node groups and GPU section to the arguments of node pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_eks as eks
from pulumi import Input

from catalog.instances import instances
from components.node_pool import Effect, NodePoolArgs, Taint
from infra import gpu_nodes
from infra.cluster_settings import SYSTEM, Gpu, NodeGroup, Pool
from infra.gpu_nodes import GPU
from infra.settings import Settings

_IMAGES = {"x86_64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"}
_EFFECTS: Mapping[str, Effect] = {"NoSchedule": "NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
_LARGE = 10
"""From this many nodes on, an update takes a tenth of a pool at a time."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all pools stand on."""

    cluster: eks.Cluster
    cluster_name: Input[str]
    node_role_arn: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    volume_key_arn: Input[str]
    before: Sequence[pulumi.Resource]


def pools(settings: Settings, ground: Ground) -> dict[str, NodePoolArgs]:
    """Arguments by pool name, the GPU pool's among them where the stack has one."""
    groups = {
        name: _general(name, group, settings, ground)
        for name, group in settings.cluster.node_groups.items()
    }
    if settings.gpu is None:
        return groups
    return {**groups, GPU: _gpu(settings.gpu, settings, ground)}


def _general(name: str, group: NodeGroup, settings: Settings, ground: Ground) -> NodePoolArgs:
    architecture = instances("ec2")[group.instance_type].architecture
    return _pool(
        group,
        settings,
        ground,
        ami_type=_IMAGES[architecture],
        labels={"mlops/pool": name},
        spot=group.capacity == "spot",
    )


def _gpu(gpu: Gpu, settings: Settings, ground: Ground) -> NodePoolArgs:
    return _pool(
        gpu,
        settings,
        ground,
        ami_type=gpu.ami_type,
        labels=gpu_nodes.labels(gpu),
        user_data=gpu_nodes.user_data(gpu),
        taints=[Taint(key=gpu.taint.key, value=gpu.taint.value, effect=_EFFECTS[gpu.taint.effect])],
    )


def _pool(
    pool: Pool,
    settings: Settings,
    ground: Ground,
    *,
    ami_type: str,
    labels: Mapping[str, str],
    taints: Sequence[Taint] = (),
    spot: bool = False,
    user_data: str | None = None,
) -> NodePoolArgs:
    return NodePoolArgs(
        cluster=ground.cluster,
        cluster_name=ground.cluster_name,
        kubernetes_version=pool.version or settings.cluster.version,
        node_role_arn=ground.node_role_arn,
        subnet_ids=ground.subnet_ids,
        instance_types=[pool.instance_type],
        ami_type=ami_type,
        min_size=pool.min,
        desired_size=pool.desired,
        max_size=pool.max,
        volume_key_arn=ground.volume_key_arn,
        disk_gib=pool.disk_gib,
        user_data=user_data,
        labels=labels,
        taints=taints,
        max_unavailable=max(1, pool.max // _LARGE),
        capacity_type="SPOT" if spot else "ON_DEMAND",
        before=ground.before,
    )


def carries_addons(name: str) -> bool:
    """Whether add-ons that need nodes wait for the pool `name`."""
    return name == SYSTEM
