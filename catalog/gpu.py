"""GPU families of EC2: model, sizes, AMI, MIG and the quota that caps them.

Sources: EC2 accelerated-computing instance pages; NVIDIA MIG user guide (supported GPUs);
Bottlerocket, nvidia-migmanager (profiles that it makes);
Service Quotas, EC2 "Running On-Demand … instances" (quotas count vCPUs, not instances).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

AmiType: TypeAlias = Literal["AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA"]

G_AND_VT_QUOTA = "L-DB2E81BA"
"""Running On-Demand G and VT instances, in vCPUs."""
P_QUOTA = "L-417A185B"
"""Running On-Demand P instances, in vCPUs."""

NVIDIA_AMIS: tuple[AmiType, ...] = ("AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA")
"""EKS AMI types that carry NVIDIA's driver, for x86_64: every family below is x86_64."""

TAINT_KEY = "nvidia.com/gpu"
"""Key of the taint that keeps other pods off GPU nodes; NVIDIA's charts tolerate it."""

MAX_SHARES = 48
"""Most clients that one GPU serves under MPS (NVIDIA MPS documentation, Volta and later)."""

COMPUTE_SLICES = 7
"""Compute slices of a GPU with MIG."""


@dataclass(frozen=True, kw_only=True)
class GpuFamily:
    """A family of GPU instances: one GPU model in several sizes."""

    name: str
    model: str
    microarchitecture: str
    memory_gib: int
    """Of one GPU."""
    gpus: dict[str, int]
    """GPUs by instance type."""
    quota_code: str
    mig_profiles: tuple[str, ...] = ()
    """Multi-Instance GPU profiles that cut a GPU into equal slices, and that Bottlerocket makes:
    it takes one that it does not know for the whole GPU. Empty: no MIG."""
    mig_model: str | None = None
    """The GPU in Bottlerocket's MIG settings."""
    architecture: Literal["x86_64"] = "x86_64"
    ami_types: tuple[AmiType, ...] = NVIDIA_AMIS

    @property
    def mig_capable(self) -> bool:
        """Whether a GPU of this family can be cut into isolated instances."""
        return bool(self.mig_profiles)

    def slices(self, profile: str) -> int:
        """Instances of `profile`, such as `1g.5gb`, that a GPU of this family is cut into:
        it has seven compute slices, and its memory. Source: NVIDIA MIG user guide."""
        compute, memory = profile.removesuffix("gb").split("g.")
        return min(COMPUTE_SLICES // int(compute), self.memory_gib // int(memory))


def _sizes(family: str, **gpus: int) -> dict[str, int]:
    """`_xlarge` for sizes that start with a digit: `_12xlarge=4` is `<family>.12xlarge`."""
    return {f"{family}.{size.lstrip('_')}": count for size, count in gpus.items()}


_ONE_FOUR_EIGHT = {
    "xlarge": 1,
    "_2xlarge": 1,
    "_4xlarge": 1,
    "_8xlarge": 1,
    "_12xlarge": 4,
    "_16xlarge": 1,
    "_24xlarge": 4,
    "_48xlarge": 8,
}

_FAMILIES = (
    GpuFamily(
        name="g4dn",
        model="NVIDIA T4",
        microarchitecture="Turing",
        memory_gib=16,
        gpus=_sizes("g4dn", xlarge=1, _2xlarge=1, _4xlarge=1, _8xlarge=1, _12xlarge=4, _16xlarge=1),
        quota_code=G_AND_VT_QUOTA,
    ),
    GpuFamily(
        name="g5",
        model="NVIDIA A10G",
        microarchitecture="Ampere",
        memory_gib=24,
        gpus=_sizes("g5", **_ONE_FOUR_EIGHT),
        quota_code=G_AND_VT_QUOTA,
    ),
    GpuFamily(
        name="g6",
        model="NVIDIA L4",
        microarchitecture="Ada Lovelace",
        memory_gib=24,
        gpus=_sizes("g6", **_ONE_FOUR_EIGHT),
        quota_code=G_AND_VT_QUOTA,
    ),
    GpuFamily(
        name="g6e",
        model="NVIDIA L40S",
        microarchitecture="Ada Lovelace",
        memory_gib=48,
        gpus=_sizes("g6e", **_ONE_FOUR_EIGHT),
        quota_code=G_AND_VT_QUOTA,
    ),
    GpuFamily(
        name="p4d",
        model="NVIDIA A100",
        microarchitecture="Ampere",
        memory_gib=40,
        gpus=_sizes("p4d", _24xlarge=8),
        quota_code=P_QUOTA,
        mig_profiles=("1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "7g.40gb"),
        mig_model="a100.40gb",
    ),
    GpuFamily(
        name="p5",
        model="NVIDIA H100",
        microarchitecture="Hopper",
        memory_gib=80,
        gpus=_sizes("p5", _48xlarge=8),
        quota_code=P_QUOTA,
        mig_profiles=("1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "7g.80gb"),
        mig_model="h100.80gb",
    ),
)

FAMILIES: dict[str, GpuFamily] = {family.name: family for family in _FAMILIES}
