"""What the pools hold, and what of it everyone's namespaces may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from infra.capacity import Capacity, capacity, gpu_shares, shared
from tests.infra.documents import committed, parsed, with_values
from tests.infra.services.stacks import committed as plans_of_committed


def changed(**values: Any) -> Any:
    return parsed(with_values(committed("production"), values))


def test_it_is_the_groups_karpenters_limits_and_the_gpu_quota() -> None:
    # 10 m5.2xlarge, 200 cores and 800 GiB of Karpenter, 16 g4dn.xlarge within 64 vCPUs.
    assert capacity(changed()) == Capacity(
        cpus=10 * 8 + 200 + 16 * 4,
        memory_gib=10 * 32 + 800 + 16 * 16,
        gpus=16,
        storage_gib=10 * 200 + 16 * 200,
    )


def test_without_karpenter_only_the_groups_grow() -> None:
    made = capacity(changed(services={"scaling": {"scaler": "cluster-autoscaler"}}))
    assert (made.cpus, made.gpus) == (10 * 8 + 8 * 4, 8)


def test_a_stack_without_gpus_has_none_to_share() -> None:
    made = shared(changed(gpu=None, **{f"teams[{one}].quota.gpus": 0 for one in (0, 1)}))
    assert made.gpus == 0


def test_what_teams_were_promised_is_not_shared() -> None:
    assert shared(changed()).cpus == capacity(changed()).cpus - 2 * 32
    # More was promised than there is.
    assert shared(changed(**{"teams[0].quota.cpus": 10_000})).cpus == 344 // 2


@pytest.mark.parametrize(
    ("family", "instance", "sharing", "shares"),
    [
        ("g4dn", "g4dn.xlarge", {"strategy": "none"}, 1),
        ("g4dn", "g4dn.xlarge", {"strategy": "time-slicing", "replicas": 4}, 4),
        ("p4d", "p4d.24xlarge", {"strategy": "mig", "profile": "1g.5gb"}, 7),
        ("p4d", "p4d.24xlarge", {"strategy": "mig", "profile": "3g.20gb"}, 2),
        ("p5", "p5.48xlarge", {"strategy": "mig", "profile": "1g.20gb"}, 4),
    ],
)
def test_a_shared_gpu_counts_as_often_as_it_serves(
    family: str, instance: str, sharing: dict[str, Any], shares: int
) -> None:
    declared = {
        "gpu.family": family,
        "gpu.instance_type": instance,
        "gpu.sharing": sharing,
        "gpu.quota_vcpus": 10_000,
    }
    if sharing["strategy"] == "mig":
        # Only these cut their GPUs before the kubelet counts them.
        declared["gpu.ami_type"] = "BOTTLEROCKET_x86_64_NVIDIA"
    made = changed(**declared).gpu
    assert gpu_shares(made) == shares


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_every_namespace_that_others_work_in_is_bounded(stack: str) -> None:
    quotas = {
        one.namespace: one.manifest["spec"]["hard"]
        for plan in plans_of_committed(stack)
        for one in plan.objects
        if one.kind == "ResourceQuota"
    }
    assert {"models", "training", "argo", "data-science", "ml-engineering"} == set(quotas)
    assert quotas["models"]["requests.cpu"] == "280"
    assert quotas["training"]["requests.nvidia.com/gpu"] == "12"
    assert all(hard["services.loadbalancers"] == "0" for hard in quotas.values())
