"""What a stack's pools can grow to, and what is left of it for a queue of no team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.gpu import FAMILIES
from catalog.instances import instances
from components.services.training_queues import Share
from infra.cluster_settings import SYSTEM, Gpu

if TYPE_CHECKING:
    from infra.settings import Settings


def is_sound(gpu: Gpu) -> bool:
    """Whether the GPU section agrees with itself; where not, another rule says so."""
    family, profile = FAMILIES[gpu.family], gpu.sharing.profile
    return gpu.instance_type in family.gpus and (
        gpu.sharing.strategy != "mig" or profile in family.mig_profiles
    )


def gpus(settings: Settings) -> int:
    """GPUs, as pods count them, of all GPU nodes that the stack may ever have."""
    gpu = settings.gpu
    if gpu is None:
        return 0
    return _nodes(gpu, settings) * per_node(gpu)


def per_node(gpu: Gpu) -> int:
    """GPUs of a node as pods count them: shares or slices where GPUs are shared."""
    return FAMILIES[gpu.family].gpus[gpu.instance_type] * _pods_per_gpu(gpu)


def gpu_share(gpu: Gpu, count: int) -> Share:
    """Processors and memory of the nodes that hold `count` GPUs, in proportion."""
    instance, whole = instances("ec2")[gpu.instance_type], per_node(gpu)
    return Share(
        cpus=count * instance.vcpus // whole,
        memory_gib=int(count * instance.memory_gib // whole),
        gpus=count,
    )


def general(settings: Settings) -> Share:
    """Processors and memory of the nodes without GPUs that training may use."""
    scaling = settings.services.scaling
    if scaling.scaler == "karpenter":
        return Share(cpus=scaling.cpu_limit, memory_gib=scaling.memory_limit_gib)
    groups = [group for name, group in settings.cluster.node_groups.items() if name != SYSTEM]
    sizes = [(group.max, instances("ec2")[group.instance_type]) for group in groups]
    return Share(
        cpus=sum(count * one.vcpus for count, one in sizes),
        memory_gib=int(sum(count * one.memory_gib for count, one in sizes)),
    )


def served_gpus(settings: Settings) -> int:
    """GPUs that the declared models take when all of their replicas run."""
    models = settings.services.serving.models
    return sum(model.gpus * model.max_replicas for model in models)


def _nodes(gpu: Gpu, settings: Settings) -> int:
    """The fixed group's; Karpenter makes as many as the account's quota lets it."""
    if settings.services.scaling.scaler != "karpenter":
        return gpu.max
    return max(gpu.max, gpu.quota_vcpus // instances("ec2")[gpu.instance_type].vcpus)


def _pods_per_gpu(gpu: Gpu) -> int:
    sharing = gpu.sharing
    if sharing.strategy != "mig" or sharing.profile is None:
        return sharing.replicas or 1
    return FAMILIES[gpu.family].slices(sharing.profile)


NODE_SHARE = 0.75
"""What a pod asks of a whole node: the rest is the system's, and the pods' that every node has."""


def training_size(gpu: Gpu | None) -> Share:
    """What one pod of training asks for: a GPU node whole, where GPUs are not shared."""
    if gpu is None:
        return Share(cpus=3, memory_gib=12)
    instance, whole = instances("ec2")[gpu.instance_type], per_node(gpu)
    taken = whole if gpu.sharing.strategy == "none" else 1
    part = NODE_SHARE * taken / whole
    return Share(
        cpus=max(1, int(instance.vcpus * part)),
        memory_gib=max(1, int(instance.memory_gib * part)),
        gpus=taken,
    )
