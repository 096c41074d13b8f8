"""What the GPU section says of a node, once for both that make nodes: EKS and Karpenter."""

from __future__ import annotations

from catalog.gpu import FAMILIES
from catalog.node_images import Family, family_of
from components.gpu_sharing import MPS_LABEL, GpuSharing, node_settings
from components.services.karpenter import POOL
from infra.cluster_settings import Gpu

GPU = "gpu"
"""Name of the pool."""


def family(gpu: Gpu) -> Family:
    """The family of the nodes' image."""
    return family_of(gpu.ami_type)


def labels(gpu: Gpu) -> dict[str, str]:
    """Labels of every GPU node."""
    told = {
        POOL: GPU,
        "mlops/gpu-family": gpu.family,
        "mlops/gpu-sharing": gpu.sharing.strategy,
    }
    runs_daemon = gpu.sharing.strategy == "mps" and family(gpu) == "al2023"
    return {**told, MPS_LABEL: "true"} if runs_daemon else told


def sharing(gpu: Gpu) -> GpuSharing:
    """How its GPUs are shared."""
    return GpuSharing(
        strategy=gpu.sharing.strategy,
        replicas=gpu.sharing.replicas,
        profile=gpu.sharing.profile,
        model=FAMILIES[gpu.family].mig_model,
    )


def user_data(gpu: Gpu) -> str | None:
    """Settings of a Bottlerocket node; None where there is nothing to say."""
    return node_settings(sharing(gpu)) if family(gpu) == "bottlerocket" else None
