"""Nodes: pinned images, disks by family, and one GPU section for EKS and Karpenter alike."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from catalog.kubernetes import RELEASES
from components.services.plan import ServicePlan
from infra import gpu_nodes
from infra.settings import Settings, SettingsError
from tests.infra.documents import committed as document
from tests.infra.services.stacks import committed, judge, plans_of, settings_of

GPU: dict[str, Any] = document("production")["gpu"]
A100: dict[str, Any] = {
    **GPU,
    "family": "p4d",
    "instance_type": "p4d.24xlarge",
    "ami_type": "BOTTLEROCKET_x86_64_NVIDIA",
    "quota_vcpus": 96 * 12,
}


def manifest(plans: tuple[ServicePlan, ...] | list[ServicePlan], part: str) -> dict[str, Any]:
    (found,) = [
        one
        for plan in plans
        if plan.name == "karpenter"
        for one in plan.objects
        if one.name == part
    ]
    return dict(found.manifest)


def with_gpu(section: dict[str, Any], **sharing: Any) -> Settings:
    return settings_of("production", gpu={**section, "sharing": sharing})


def parts_of(settings: Settings, service: str) -> list[str]:
    return [part.name for plan in plans_of(settings) if plan.name == service for part in plan.parts]


def test_nodes_boot_the_release_that_the_catalogue_pins_for_the_clusters_version() -> None:
    pinned = RELEASES["1.35"].images["al2023"]
    for pool in ("general", "gpu"):
        spec = manifest(committed("production"), f"class-{pool}")["spec"]
        assert spec["amiSelectorTerms"] == [{"alias": f"al2023@{pinned}"}]
    assert not [one for one in RELEASES.values() if "latest" in one.images.values()]


@pytest.mark.parametrize(
    "ami", ["al2023@latest", "bottlerocket@latest", "al2023@v1", "al2@v20260930"]
)
def test_an_image_that_changes_by_itself_is_refused(ami: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_of("production", {"scaling": {"ami": ami}})
    assert "services.scaling.ami: expected a family of images and its release" in str(refused.value)


def test_a_stack_may_pin_another_release() -> None:
    plans = plans_of(settings_of("production", {"scaling": {"ami": "bottlerocket@v1.62.0"}}))
    general = manifest(plans, "class-general")["spec"]
    assert general["amiSelectorTerms"] == [{"alias": "bottlerocket@v1.62.0"}]
    disks = {it["deviceName"]: it["ebs"]["volumeSize"] for it in general["blockDeviceMappings"]}
    assert disks == {"/dev/xvda": "4Gi", "/dev/xvdb": "200Gi"}
    gpu = manifest(plans, "class-gpu")["spec"]
    assert gpu["amiSelectorTerms"][0]["alias"].startswith("al2023@")


def test_each_pool_has_the_class_of_its_own_name() -> None:
    for pool in ("general", "gpu"):
        template = manifest(committed("production"), f"pool-{pool}")["spec"]["template"]["spec"]
        assert template["nodeClassRef"]["name"] == pool
        assert manifest(committed("production"), f"class-{pool}")["metadata"]["name"] == pool


def test_gpu_nodes_of_both_makers_boot_the_family_that_the_section_says() -> None:
    settings = with_gpu(A100, strategy="mig", profile="1g.5gb")
    judge(settings)
    spec = manifest(plans_of(settings), "class-gpu")["spec"]
    assert spec["amiSelectorTerms"] == [
        {"alias": f"bottlerocket@{RELEASES['1.35'].images['bottlerocket']}"}
    ]
    assert settings.gpu is not None
    assert spec["userData"] == gpu_nodes.user_data(settings.gpu)


def test_mig_partitions_each_gpu_at_boot() -> None:
    gpu = with_gpu(A100, strategy="mig", profile="1g.5gb").gpu
    assert gpu is not None
    told = tomllib.loads(gpu_nodes.user_data(gpu) or "")["settings"]["kubelet-device-plugins"]
    assert told["nvidia"] == {
        "device-partitioning-strategy": "mig",
        "mig": {"profile": {"a100.40gb": "1g.5gb"}},
    }


@pytest.mark.parametrize("profile", ["4g.20gb", "1g.6gb"])
def test_a_profile_that_a_node_would_take_for_the_whole_gpu_is_refused(profile: str) -> None:
    with pytest.raises(SettingsError) as refused:
        with_gpu(A100, strategy="mig", profile=profile)
    assert "gpu.sharing.profile: expected a profile of NVIDIA A100" in str(refused.value)


def test_mig_is_refused_where_nothing_would_partition_a_gpu() -> None:
    with pytest.raises(SettingsError) as refused:
        with_gpu({**A100, "ami_type": "AL2023_x86_64_NVIDIA"}, strategy="mig", profile="1g.5gb")
    said = "gpu.sharing.strategy: expected another strategy, or gpu.ami_type BOTTLEROCKET"
    assert said in str(refused.value)


def test_the_daemon_of_mps_finds_the_nodes_of_both_makers() -> None:
    """The chart runs it where this label is, and nowhere else."""
    settings = with_gpu(GPU, strategy="mps", replicas=4)
    judge(settings)
    template = manifest(plans_of(settings), "pool-gpu")["spec"]["template"]
    assert template["metadata"]["labels"]["nvidia.com/mps.capable"] == "true"
    assert settings.gpu is not None
    assert gpu_nodes.labels(settings.gpu) == template["metadata"]["labels"]
    unshared = manifest(committed("production"), "pool-gpu")["spec"]["template"]["metadata"]
    assert "nvidia.com/mps.capable" not in unshared["labels"]


@pytest.mark.parametrize("strategy", ["time-slicing", "mps"])
def test_bottlerocket_shares_by_its_own_plugin_and_gets_no_second_one(strategy: str) -> None:
    bottlerocket = {**GPU, "ami_type": "BOTTLEROCKET_x86_64_NVIDIA"}
    settings = with_gpu(bottlerocket, strategy=strategy, replicas=4)
    judge(settings)
    assert parts_of(settings, "gpu") == ["exporter"]
    assert settings.gpu is not None
    told = tomllib.loads(gpu_nodes.user_data(settings.gpu) or "")["settings"]
    plugin = told["kubelet-device-plugins"]["nvidia"]
    assert plugin["device-sharing-strategy"] == strategy
    assert plugin[strategy]["replicas"] == 4
    assert parts_of(with_gpu(GPU, strategy=strategy, replicas=4), "gpu") == [
        "device-plugin",
        "exporter",
    ]


def test_the_accounts_quota_bounds_what_karpenter_adds() -> None:
    """In vCPUs, as the quota is: shares of a GPU would count against a limit of GPUs."""
    limits = manifest(committed("production"), "pool-gpu")["spec"]["limits"]
    assert limits == {"cpu": str(64 - 8 * 4)}
