"""Kubernetes versions: the skew rule, and an add-on pinned for every version."""

from __future__ import annotations

import re

import pytest

from catalog.kubernetes import DEFAULT_VERSION, RELEASES, VERSIONS, minor_of, within_skew

ADDONS = {
    "vpc-cni",
    "coredns",
    "kube-proxy",
    "eks-pod-identity-agent",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "metrics-server",
    "snapshot-controller",
}


def test_the_default_version_is_supported() -> None:
    assert DEFAULT_VERSION in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_every_addon_is_pinned_for_every_version(version: str) -> None:
    addons = RELEASES[version].addons
    assert set(addons) == ADDONS
    assert all(re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", pin) for pin in addons.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_kube_proxy_has_the_clusters_minor_version(version: str) -> None:
    assert RELEASES[version].addons["kube-proxy"].startswith(f"v{version}.")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_release_of_each_family_of_node_images_is_pinned_for_every_version(version: str) -> None:
    images = RELEASES[version].images
    assert set(images) == {"al2023", "bottlerocket"}
    assert re.fullmatch(r"v\d{8}", images["al2023"])
    assert re.fullmatch(r"v\d+\.\d+\.\d+", images["bottlerocket"])


@pytest.mark.parametrize(
    ("cluster", "node", "fits"),
    [
        ("1.35", "1.35", True),
        ("1.36", "1.33", True),
        ("1.35", "1.36", False),
        ("1.37", "1.33", False),
    ],
)
def test_nodes_are_never_newer_and_at_most_three_minors_older(
    cluster: str, node: str, fits: bool
) -> None:
    assert within_skew(cluster, node) is fits


@pytest.mark.parametrize("version", ["", "1", "1.x", "2.35", "1.-1"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="is not a Kubernetes version"):
        minor_of(version)
