"""The scaling section of a stack file: which scaler makes nodes, and how many at most."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from infra.fields import Section


Scaler: TypeAlias = Literal["karpenter", "cluster-autoscaler"]


class ScalingSettings(Section):
    """How the cluster grows above its fixed node groups."""

    scaler: Scaler = Field(default="karpenter", description='"karpenter" or "cluster-autoscaler"')
    cpu_limit: int = Field(
        default=200, ge=1, le=100_000, description="vCPUs of all general nodes it may make"
    )
    memory_limit_gib: int = Field(
        default=800, ge=1, le=1_000_000, description="GiB of memory of those nodes"
    )
    spot: bool = Field(default=True, description="true, or false to make on-demand instances only")
    ami: str = Field(
        default="al2023@latest",
        pattern=r"^(al2023|bottlerocket)@(latest|v[0-9][0-9.]*)$",
        description="an AMI family and its release, such as al2023@v20260601, or @latest",
    )
    disk_gib: int = Field(
        default=200, ge=20, le=16_384, description="a gp3 volume of 20 to 16384 GiB"
    )
