"""Scaling: nodes by Karpenter or cluster-autoscaler, pods by KEDA, GPUs as one model."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.instances import instances
from catalog.kubernetes import RELEASES
from catalog.node_images import Family
from components.base import Site
from components.cluster import cluster_name
from components.services.cluster_autoscaler import cluster_autoscaler
from components.services.gpu import GpuArgs, gpu
from components.services.karpenter import POOL, KarpenterArgs, NodeImage, Pool, karpenter
from components.services.keda import keda
from components.services.plan import ServicePlan
from infra import gpu_nodes
from infra.cluster_settings import Gpu
from infra.gpu_nodes import GPU
from infra.services.facts import Facts
from infra.settings import Settings

GENERAL_FAMILIES = ("m6i", "m7i", "m6a", "m7a", "c6i", "c7i", "r6i", "r7i")
"""Current Intel and AMD families: many kinds keep spot instances available."""


def scaling(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """One scaler of nodes, KEDA, and the GPU plugin where the stack has GPUs."""
    plans = [_scaler(settings, site, facts), keda(cluster_name(site))]
    if settings.gpu is not None:
        plans.append(gpu(gpu_args(settings.gpu)))
    return plans


def gpu_args(declared: Gpu) -> GpuArgs:
    """The GPU section as the device plugin's."""
    return GpuArgs(
        label=(POOL, GPU),
        taint=_taint(declared),
        sharing=gpu_nodes.sharing(declared),
        built_in=gpu_nodes.family(declared) == "bottlerocket",
    )


def _scaler(settings: Settings, site: Site, facts: Facts) -> ServicePlan:
    chosen = settings.services.scaling
    if chosen.scaler == "cluster-autoscaler":
        return cluster_autoscaler(facts.cluster_name, site.region)
    args = KarpenterArgs(
        cluster_name=facts.cluster_name,
        queue_name=facts.interruption_queue,
        instance_profile=facts.node_instance_profile,
        subnet_ids=facts.private_subnet_ids,
        security_group_id=facts.nodes_security_group_id,
        volume_key_arn=facts.keys["data"],
        # Karpenter adds the cluster's own tag, and refuses it here.
        tags=site.tags,
        pools=_pools(settings),
    )
    return karpenter(args)


def _pools(settings: Settings) -> list[Pool]:
    chosen = settings.services.scaling
    general = Pool(
        name="general",
        requirements={
            "kubernetes.io/arch": ["amd64"],
            "karpenter.sh/capacity-type": ["spot", "on-demand"] if chosen.spot else ["on-demand"],
            "karpenter.k8s.aws/instance-family": GENERAL_FAMILIES,
        },
        labels={POOL: "general"},
        limits={"cpu": str(chosen.cpu_limit), "memory": f"{chosen.memory_limit_gib}Gi"},
        image=_image(settings),
    )
    return [general, _gpu_pool(settings.gpu, _releases(settings))] if settings.gpu else [general]


def _releases(settings: Settings) -> Mapping[Family, str]:
    """The catalogue's pins for the cluster's version, but for what the stack file pins itself."""
    return {**RELEASES[settings.cluster.version].images, **settings.services.scaling.images}


def _image(settings: Settings) -> NodeImage:
    chosen = settings.services.scaling
    family: Family = next(iter(chosen.images), None) or "al2023"
    return NodeImage(family=family, release=_releases(settings)[family], disk_gib=chosen.disk_gib)


def _gpu_pool(declared: Gpu, releases: Mapping[Family, str]) -> Pool:
    """The GPU section again: the same instance and image, within what the account's quota leaves
    above the fixed group."""
    left = declared.quota_vcpus - declared.max * instances("ec2")[declared.instance_type].vcpus
    family = gpu_nodes.family(declared)
    return Pool(
        name=GPU,
        requirements={
            "kubernetes.io/arch": ["amd64"],
            "karpenter.sh/capacity-type": ["on-demand"],
            "node.kubernetes.io/instance-type": [declared.instance_type],
        },
        labels=gpu_nodes.labels(declared),
        # The quota is of vCPUs. A limit of GPUs would count the shares of each.
        limits={"cpu": str(max(0, left))},
        image=NodeImage(
            family=family,
            release=releases[family],
            disk_gib=declared.disk_gib,
            user_data=gpu_nodes.user_data(declared),
        ),
        taints=[_taint(declared)],
        weight=50,
        # A model's first start on a new GPU takes minutes: do not move it for small change.
        consolidate_after="15m",
    )


def _taint(declared: Gpu) -> dict[str, str]:
    taint = declared.taint
    return {"key": taint.key, "value": taint.value, "effect": taint.effect}
