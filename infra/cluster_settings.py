"""The cluster half of a stack file: versions, node groups and the GPU pool as one model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from catalog.gpu import FAMILIES, MAX_SHARES, TAINT_KEY, AmiType
from infra.fields import (
    InstanceType,
    KubernetesVersion,
    Label,
    Section,
    ServiceBlock,
    member_of,
)

SYSTEM = "system"
"""The node group that every cluster has: add-ons and controllers run on it."""

MAX_NODES = 450
"""Nodes of a managed node group (EKS service quotas)."""


class Pool(Section):
    """What every group of nodes declares: a size, its bounds and a disk."""

    instance_type: InstanceType
    min: int = Field(ge=0, le=MAX_NODES, description=f"a number of nodes, 0 to {MAX_NODES}")
    desired: int = Field(ge=0, le=MAX_NODES, description=f"a number of nodes, 0 to {MAX_NODES}")
    max: int = Field(ge=1, le=MAX_NODES, description=f"a number of nodes, 1 to {MAX_NODES}")
    disk_gib: int = Field(ge=20, le=16_384, description="a gp3 volume of 20 to 16384 GiB")
    version: KubernetesVersion | None = Field(
        default=None,
        description="a Kubernetes version at most three minors behind the cluster's, or left out",
    )


class NodeGroup(Pool):
    """A managed node group without GPUs."""

    capacity: Literal["on-demand", "spot"] = Field(
        default="on-demand", description='"on-demand" or "spot"'
    )


class Taint(Section):
    """What keeps other pods off the GPU nodes."""

    key: Literal["nvidia.com/gpu"] = Field(
        description=f'"{TAINT_KEY}", the key that NVIDIA\'s charts tolerate'
    )
    value: str = Field(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$",
        description="a label value in quotes, such as present",
    )
    effect: Literal["NoSchedule", "NoExecute"] = Field(
        description='"NoSchedule" or "NoExecute": a preference keeps nothing off'
    )


class Sharing(Section):
    """How several pods use one GPU."""

    strategy: Literal["none", "time-slicing", "mps", "mig"] = Field(
        description='"none", "time-slicing", "mps" or "mig"'
    )
    replicas: int | None = Field(
        default=None,
        ge=2,
        le=MAX_SHARES,
        description=f"pods per GPU, 2 to {MAX_SHARES}, given exactly for time-slicing and mps",
    )
    profile: str | None = Field(
        default=None,
        pattern=r"^\d+g\.\d+gb$",
        description="a MIG profile, such as 1g.5gb, given exactly for mig",
    )


class Gpu(Pool):
    """The GPU pool: every fact about it, so that contradictions show."""

    family: Annotated[str, AfterValidator(member_of(FAMILIES))] = Field(
        description=f"a GPU family: one of {', '.join(FAMILIES)}",
        json_schema_extra={"enum": [*FAMILIES]},
    )
    architecture: Literal["x86_64", "arm64"] = Field(description='"x86_64" or "arm64"')
    ami_type: AmiType = Field(description='"AL2023_x86_64_NVIDIA" or "BOTTLEROCKET_x86_64_NVIDIA"')
    taint: Taint
    sharing: Sharing
    quota_vcpus: int = Field(
        ge=0,
        le=1_000_000,
        description="vCPUs that the account's on-demand quota allows for the family",
    )
    reserved: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="nodes whose capacity is paid for all the time, so that it is there when "
        "another region is lost, 0 to 1000",
    )


class Cluster(Section):
    """The control plane and its node groups."""

    version: KubernetesVersion
    service_cidr: ServiceBlock
    node_groups: dict[Label, NodeGroup] = Field(
        min_length=1, max_length=60, description=f"node groups by name, {SYSTEM} among them"
    )
