"""Rules of a stack file about versions, node groups and the GPU pool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.gpu import FAMILIES
from catalog.instances import instances
from catalog.kubernetes import NODE_SKEW_MINORS, within_skew
from catalog.node_images import family_of
from infra.cluster_settings import SYSTEM, Gpu, Pool
from infra.problems import Problem, judged, unexpected

if TYPE_CHECKING:
    from infra.settings import Settings

_GPU = "gpu"


def _pools(settings: Settings) -> Iterator[tuple[str, Pool]]:
    """Every pool that was read, with its path."""
    for name, group in settings.cluster.node_groups.items():
        yield f"cluster.node_groups.{name}", group
    if settings.gpu is not None:
        yield _GPU, settings.gpu


def _bounds(settings: Settings) -> Iterator[Problem]:
    for path, pool in _pools(settings):
        yield from judged(_ordered(path, pool))


def _ordered(path: str, pool: Pool) -> Iterator[Problem]:
    if pool.min > pool.max:
        yield unexpected(f"{path}.min", f"at most max ({pool.max})", pool.min)
    elif not pool.min <= pool.desired <= pool.max:
        expected = f"between min ({pool.min}) and max ({pool.max})"
        yield unexpected(f"{path}.desired", expected, pool.desired)


def _skew(settings: Settings) -> Iterator[Problem]:
    for path, pool in _pools(settings):
        yield from judged(_joins(path, pool, settings.cluster.version))


def _joins(path: str, pool: Pool, cluster: str) -> Iterator[Problem]:
    if pool.version is not None and not within_skew(cluster, pool.version):
        expected = (
            f"not newer than the cluster's {cluster} and at most {NODE_SKEW_MINORS} minors older"
        )
        yield unexpected(f"{path}.version", expected, pool.version)


def _no_gpus_outside_the_gpu_pool(settings: Settings) -> Iterator[Problem]:
    for name, group in settings.cluster.node_groups.items():
        yield from judged(_plain(f"cluster.node_groups.{name}", group))


def _plain(path: str, group: Pool) -> Iterator[Problem]:
    if instances("ec2")[group.instance_type].accelerators:
        expected = "an instance type without accelerators: GPUs belong in the section gpu"
        yield unexpected(f"{path}.instance_type", expected, group.instance_type)


def _system_group(settings: Settings) -> Iterator[Problem]:
    groups = settings.cluster.node_groups
    path = f"cluster.node_groups.{SYSTEM}"
    if SYSTEM not in groups:
        yield unexpected("cluster.node_groups", f"a group named {SYSTEM}", ", ".join(groups))
        return
    system = groups[SYSTEM]
    if system.capacity != "on-demand":
        expected = '"on-demand": add-ons must not be interrupted'
        yield unexpected(f"{path}.capacity", expected, system.capacity)


def _system_group_has_nodes(settings: Settings) -> Iterator[Problem]:
    system = settings.cluster.node_groups.get(SYSTEM)
    if system is not None and system.min < 2:
        expected = "at least 2 nodes: add-ons run in two replicas"
        yield unexpected(f"cluster.node_groups.{SYSTEM}.min", expected, system.min)


def _gpu_is_a_reserved_name(settings: Settings) -> Iterator[Problem]:
    if _GPU in settings.cluster.node_groups:
        path = f"cluster.node_groups.{_GPU}"
        yield unexpected(path, "another name: the section gpu declares the GPU pool", _GPU)


def _gpu_size(settings: Settings) -> Iterator[Problem]:
    gpu = settings.gpu
    if gpu is not None and gpu.instance_type not in FAMILIES[gpu.family].gpus:
        expected = f"a size of the family {gpu.family}: {', '.join(FAMILIES[gpu.family].gpus)}"
        yield unexpected("gpu.instance_type", expected, gpu.instance_type)


def _gpu_architecture(settings: Settings) -> Iterator[Problem]:
    gpu = settings.gpu
    if gpu is not None and gpu.architecture != FAMILIES[gpu.family].architecture:
        expected = f'"{FAMILIES[gpu.family].architecture}", that of the family {gpu.family}'
        yield unexpected("gpu.architecture", expected, gpu.architecture)


def _gpu_image(settings: Settings) -> Iterator[Problem]:
    gpu = settings.gpu
    if gpu is not None and gpu.architecture not in gpu.ami_type:
        expected = f"an image for the architecture {gpu.architecture}"
        yield unexpected("gpu.ami_type", expected, gpu.ami_type)


def _gpu_quota(settings: Settings) -> Iterator[Problem]:
    gpu = settings.gpu
    if gpu is None:
        return
    needed = gpu.max * instances("ec2")[gpu.instance_type].vcpus
    if needed > gpu.quota_vcpus:
        code = FAMILIES[gpu.family].quota_code
        expected = (
            f"at least {needed} vCPUs for {gpu.max} nodes of {gpu.instance_type}: "
            f"raise quota {code} or lower max"
        )
        yield unexpected("gpu.quota_vcpus", expected, gpu.quota_vcpus)


def _gpu_reserved(settings: Settings) -> Iterator[Problem]:
    gpu = settings.gpu
    if gpu is not None and gpu.reserved > gpu.max:
        expected = f"at most max ({gpu.max}): what no node takes is paid for in vain"
        yield unexpected("gpu.reserved", expected, gpu.reserved)


def _gpu_replicas(settings: Settings) -> Iterator[Problem]:
    if settings.gpu is None:
        return
    sharing = settings.gpu.sharing
    shares = sharing.strategy in ("time-slicing", "mps")
    if shares and sharing.replicas is None:
        expected = f'pods per GPU, because strategy is "{sharing.strategy}"'
        yield unexpected("gpu.sharing.replicas", expected, None)
    if not shares and sharing.replicas is not None:
        expected = f'nothing, because strategy is "{sharing.strategy}"'
        yield unexpected("gpu.sharing.replicas", expected, sharing.replicas)


def _gpu_profile(settings: Settings) -> Iterator[Problem]:
    if settings.gpu is None:
        return
    sharing = settings.gpu.sharing
    if sharing.strategy == "mig" and sharing.profile is None:
        yield unexpected("gpu.sharing.profile", 'a profile, because strategy is "mig"', None)
    if sharing.strategy != "mig" and sharing.profile is not None:
        expected = f'nothing, because strategy is "{sharing.strategy}"'
        yield unexpected("gpu.sharing.profile", expected, sharing.profile)


def _gpu_slices(settings: Settings) -> Iterator[Problem]:
    if settings.gpu is not None and settings.gpu.sharing.strategy == "mig":
        yield from _mig(settings.gpu)


def _mig(gpu: Gpu) -> Iterator[Problem]:
    family, profile = FAMILIES[gpu.family], gpu.sharing.profile
    if not family.mig_capable:
        capable = ", ".join(name for name, each in FAMILIES.items() if each.mig_capable)
        expected = f"another strategy: {family.model} has no MIG (families that do: {capable})"
        yield unexpected("gpu.sharing.strategy", expected, gpu.sharing.strategy)
    elif family_of(gpu.ami_type) != "bottlerocket":
        expected = (
            "another strategy, or gpu.ami_type BOTTLEROCKET_x86_64_NVIDIA: nothing on an AL2023 "
            "node cuts its GPUs before the kubelet counts them"
        )
        yield unexpected("gpu.sharing.strategy", expected, gpu.sharing.strategy)
    elif profile is not None and profile not in family.mig_profiles:
        expected = f"a profile of {family.model}: {', '.join(family.mig_profiles)}"
        yield unexpected("gpu.sharing.profile", expected, profile)


CLUSTER_RULES = (
    _bounds,
    _skew,
    _no_gpus_outside_the_gpu_pool,
    _system_group,
    _system_group_has_nodes,
    _gpu_is_a_reserved_name,
    _gpu_size,
    _gpu_architecture,
    _gpu_image,
    _gpu_quota,
    _gpu_reserved,
    _gpu_replicas,
    _gpu_profile,
    _gpu_slices,
)
