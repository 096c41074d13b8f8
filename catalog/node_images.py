"""Families of EKS node images: the release that Karpenter takes, and how their disks are laid out.

Sources: Karpenter documentation, EC2NodeClass (`amiSelectorTerms`, `blockDeviceMappings`); EKS
user guide, launch templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Family: TypeAlias = Literal["al2023", "bottlerocket"]

PINNED: Mapping[Family, str] = {"al2023": "v20260903", "bottlerocket": "v1.63.0"}
"""One release of each family that has images for every version of the catalogue.

Sources: release notes of awslabs/amazon-eks-ami v20260903 (images for 1.33 to 1.36) and of
bottlerocket-os/bottlerocket v1.63.0 (variants k8s-1.33 to k8s-1.36)."""

ROOT = "/dev/xvda"
BOTTLEROCKET_DATA = "/dev/xvdb"
BOTTLEROCKET_SYSTEM_GIB = 4
"""Both copies of the immutable system; nothing else is written there."""


def family_of(ami_type: str) -> Family:
    """The family of an AMI type of EKS, such as `BOTTLEROCKET_x86_64_NVIDIA`."""
    return "bottlerocket" if ami_type.startswith("BOTTLEROCKET") else "al2023"


def disks(family: Family, gib: int) -> dict[str, int]:
    """GiB by device: `gib` is for images and pods' files, which Bottlerocket keeps on a second
    disk."""
    if family == "bottlerocket":
        return {ROOT: BOTTLEROCKET_SYSTEM_GIB, BOTTLEROCKET_DATA: gib}
    return {ROOT: gib}
