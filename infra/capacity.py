"""What the pools can ever hold for people's pods, and how much of it no team was promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.gpu import FAMILIES
from catalog.instances import instances
from infra.cluster_settings import SYSTEM, Gpu, Pool

if TYPE_CHECKING:
    from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """Cores, GiB of memory, GPUs as pods ask for them, GiB of volumes."""

    cpus: int
    memory_gib: int
    gpus: int
    storage_gib: int

    def __add__(self, other: Capacity) -> Capacity:
        return Capacity(
            cpus=self.cpus + other.cpus,
            memory_gib=self.memory_gib + other.memory_gib,
            gpus=self.gpus + other.gpus,
            storage_gib=self.storage_gib + other.storage_gib,
        )


def capacity(settings: Settings) -> Capacity:
    """All nodes at their most, but for the group of add-ons and controllers."""
    groups = [pool for name, pool in settings.cluster.node_groups.items() if name != SYSTEM]
    total = _elastic(settings)
    for group in groups:
        total += _nodes(group, group.max)
    return total + _gpus(settings.gpu, settings) if settings.gpu else total


def shared(settings: Settings) -> Capacity:
    """What the namespaces in which everyone works may ask for: all that the pools hold, less what
    teams were promised. Promises may exceed what there is; half of it is shared all the same."""
    whole = capacity(settings)
    quotas = [team.quota for team in settings.teams]
    return Capacity(
        cpus=_left(whole.cpus, sum(one.cpus for one in quotas)),
        memory_gib=_left(whole.memory_gib, sum(one.memory_gib for one in quotas)),
        gpus=_left(whole.gpus, sum(one.gpus for one in quotas)),
        storage_gib=whole.storage_gib,
    )


def gpu_shares(gpu: Gpu) -> int:
    """How many pods one GPU of the pool serves, as the device plugin counts them."""
    sharing = gpu.sharing
    if sharing.profile is not None:
        slices, memory = sharing.profile.removesuffix("gb").split("g.")
        return min(7 // int(slices), FAMILIES[gpu.family].memory_gib // int(memory))
    return sharing.replicas or 1


def cores(quantity: str) -> float:
    """Processors, of a quantity such as `500m` or `1.5`."""
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def gib(quantity: str) -> float:
    """Memory in GiB, of a quantity in `Mi` or `Gi`."""
    return int(quantity[:-2]) / (1024 if quantity.endswith("Mi") else 1)


def _left(whole: int, promised: int) -> int:
    return max(whole - promised, whole // 2)


def _elastic(settings: Settings) -> Capacity:
    """What Karpenter may add beside the groups."""
    scaling = settings.services.scaling
    if scaling.scaler != "karpenter":
        return Capacity(cpus=0, memory_gib=0, gpus=0, storage_gib=0)
    return Capacity(
        cpus=scaling.cpu_limit, memory_gib=scaling.memory_limit_gib, gpus=0, storage_gib=0
    )


def _nodes(pool: Pool, count: int) -> Capacity:
    """`count` nodes of the pool; people's volumes are bounded like the nodes' own disks."""
    instance = instances("ec2")[pool.instance_type]
    return Capacity(
        cpus=count * instance.vcpus,
        memory_gib=int(count * instance.memory_gib),
        gpus=0,
        storage_gib=count * pool.disk_gib,
    )


def _gpus(gpu: Gpu, settings: Settings) -> Capacity:
    """The fixed group, and what Karpenter may add within the account's quota."""
    within = gpu.quota_vcpus // instances("ec2")[gpu.instance_type].vcpus
    grows = settings.services.scaling.scaler == "karpenter"
    count = max(gpu.max, within) if grows else gpu.max
    # None where the instance is not of the family, which a rule of its own refuses.
    each = FAMILIES[gpu.family].gpus.get(gpu.instance_type, 0) * gpu_shares(gpu)
    held = _nodes(gpu, count)
    return held + Capacity(cpus=0, memory_gib=0, gpus=count * each, storage_gib=0)
