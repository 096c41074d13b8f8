"""Kubernetes versions that EKS supports, their skew rule and the add-ons pinned for each.

pulumi-eks installs the most recent add-on by default, which drifts; hence the pins. To check
or renew one: `aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name vpc-cni
--query 'addons[].addonVersions[].addonVersion'`. The newest compatible build is the first.
Node images are pinned as well, or every new image would replace nodes on a day that nobody chose.
To renew one: the newest release of awslabs/amazon-eks-ami (its tag is the AL2023 image's) and of
bottlerocket-os/bottlerocket, once it has run in another stack; `aws ssm get-parameters-by-path
--path /aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard` lists what there is.
Dates: EKS user guide, Kubernetes release calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalog.node_images import PINNED, Family

DEFAULT_VERSION = "1.35"

NODE_SKEW_MINORS = 3
"""A kubelet is never newer than its API server and at most this many minor versions older
(Kubernetes version skew policy, since 1.28)."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A minor version on EKS: until when it is supported and the add-ons that fit it."""

    version: str
    standard_support_ends: date
    """From here on the cluster costs the extended-support surcharge."""
    extended_support_ends: date
    """From here on EKS upgrades the control plane by itself."""
    addons: dict[str, str]
    """Add-on version by EKS add-on name."""
    images: Mapping[Family, str]
    """Release of the node images that Karpenter takes, by family."""

    @property
    def minor(self) -> int:
        """35 of `1.35`."""
        return minor_of(self.version)


def minor_of(version: str) -> int:
    """The minor number of a `1.N` version. Raises ValueError on anything else."""
    major, _, minor = version.partition(".")
    if major != "1" or not minor.isdecimal():
        raise ValueError(f"{version!r} is not a Kubernetes version such as {DEFAULT_VERSION}")
    return int(minor)


def within_skew(cluster: str, node: str) -> bool:
    """Whether nodes of version `node` may join a control plane of version `cluster`."""
    return 0 <= minor_of(cluster) - minor_of(node) <= NODE_SKEW_MINORS


RELEASES: dict[str, Release] = {
    "1.33": Release(
        version="1.33",
        standard_support_ends=date(2026, 7, 29),
        extended_support_ends=date(2027, 7, 29),
        addons={
            "vpc-cni": "v1.20.4-eksbuild.2",
            "coredns": "v1.12.4-eksbuild.1",
            "kube-proxy": "v1.33.7-eksbuild.2",
            "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
            "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
            "aws-efs-csi-driver": "v2.1.15-eksbuild.1",
            "metrics-server": "v0.8.0-eksbuild.6",
            "snapshot-controller": "v8.3.0-eksbuild.1",
        },
        images=PINNED,
    ),
    "1.34": Release(
        version="1.34",
        standard_support_ends=date(2026, 12, 2),
        extended_support_ends=date(2027, 12, 2),
        addons={
            "vpc-cni": "v1.21.1-eksbuild.1",
            "coredns": "v1.12.4-eksbuild.6",
            "kube-proxy": "v1.34.1-eksbuild.2",
            "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
            "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
            "aws-efs-csi-driver": "v2.1.15-eksbuild.1",
            "metrics-server": "v0.8.1-eksbuild.5",
            "snapshot-controller": "v8.3.0-eksbuild.1",
        },
        images=PINNED,
    ),
    "1.35": Release(
        version="1.35",
        standard_support_ends=date(2027, 3, 27),
        extended_support_ends=date(2028, 3, 27),
        addons={
            "vpc-cni": "v1.21.1-eksbuild.3",
            "coredns": "v1.13.2-eksbuild.1",
            "kube-proxy": "v1.35.0-eksbuild.2",
            "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
            "aws-ebs-csi-driver": "v1.55.0-eksbuild.1",
            "aws-efs-csi-driver": "v2.3.0-eksbuild.1",
            "metrics-server": "v0.8.1-eksbuild.5",
            "snapshot-controller": "v8.3.0-eksbuild.1",
        },
        images=PINNED,
    ),
    "1.36": Release(
        version="1.36",
        # Estimates: EKS gives each version 14 months, then 12 of extended support.
        standard_support_ends=date(2027, 8, 2),
        extended_support_ends=date(2028, 8, 2),
        addons={
            "vpc-cni": "v1.22.3-eksbuild.1",
            "coredns": "v1.14.3-eksbuild.3",
            "kube-proxy": "v1.36.0-eksbuild.9",
            "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
            "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
            "aws-efs-csi-driver": "v2.3.0-eksbuild.1",
            "metrics-server": "v0.8.1-eksbuild.5",
            "snapshot-controller": "v8.3.0-eksbuild.1",
        },
        images=PINNED,
    ),
}

VERSIONS = tuple(RELEASES)
"""Supported versions, oldest first."""
