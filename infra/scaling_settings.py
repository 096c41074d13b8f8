"""The scaling section of a stack file: which scaler makes nodes, and how many at most."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from catalog.node_images import Family
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
    ami: str | None = Field(
        default=None,
        pattern=r"^(al2023@v\d{8}|bottlerocket@v\d+\.\d+\.\d+)$",
        description=(
            "a family of images and its release, such as al2023@v20260903 or bottlerocket@v1.63.0 "
            "(never @latest, which replaces nodes on a day nobody chose), or left out for the "
            "catalogue's pin for the cluster's version"
        ),
    )
    disk_gib: int = Field(
        default=200, ge=20, le=16_384, description="a gp3 volume of 20 to 16384 GiB"
    )

    @property
    def images(self) -> dict[Family, str]:
        """Release of the family that `ami` names; empty where it names none."""
        if self.ami is None:
            return {}
        family, _, release = self.ami.partition("@")
        return {"bottlerocket" if family == "bottlerocket" else "al2023": release}
