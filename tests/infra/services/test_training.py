"""Training: shares that follow from the stack file, and pods that the cluster lets in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from components.services.plan import ServicePlan
from infra import training_shares
from tests.infra.documents import committed as document
from tests.infra.documents import refusal_of, with_values
from tests.infra.services.stacks import DIGEST, committed, everything, plans_of, settings_of

TEAMS = ("data-science", "ml-engineering")
GPU = "nvidia.com/gpu"


def named(plans: Sequence[ServicePlan], name: str) -> ServicePlan:
    (plan,) = [plan for plan in plans if plan.name == name]
    return plan


def manifests(plans: Sequence[ServicePlan], service: str, kind: str) -> dict[str, Any]:
    """By namespace, or by name where there is none."""
    found = [one.manifest for one in named(plans, service).objects if one.kind == kind]
    return {one["metadata"].get("namespace") or one["metadata"]["name"]: one for one in found}


def quotas(plans: Sequence[ServicePlan], queue: str, flavor: str) -> Mapping[str, str]:
    shares = manifests(plans, "training-queues", "ClusterQueue")[queue]
    (group,) = shares["spec"]["resourceGroups"]
    (wanted,) = [one for one in group["flavors"] if one["name"] == flavor]
    return {one["name"]: one["nominalQuota"] for one in wanted["resources"]}


def test_a_team_has_its_quota_of_both_kinds_of_nodes() -> None:
    plans = committed("production")
    assert quotas(plans, "data-science", "general") == {
        "cpu": "32", "memory": "128Gi", GPU: "0",
    }  # fmt: skip
    # A g4dn.xlarge has 4 processors and 16 GiB to its GPU.
    assert quotas(plans, "data-science", "gpu") == {"cpu": "8", "memory": "32Gi", GPU: "2"}


def test_what_no_team_has_is_the_training_namespaces() -> None:
    """64 vCPUs are 16 nodes of one GPU, the teams have 2 each; models take theirs first."""
    plans = committed("production")
    assert quotas(plans, "training", "gpu")[GPU] == "12"
    model = {
        "name": "vision", "format": "pytorch", "storage_uri": "s3://models/vision/v1",
        "gpus": 1, "max_replicas": 3,
    }  # fmt: skip
    served = plans_of(settings_of("production", {"serving": {"models": [model]}}))
    assert quotas(served, "training", "gpu")[GPU] == "9"


def test_every_namespace_that_trains_has_a_queue_of_one_name_in_one_cohort() -> None:
    plans = committed("production")
    local = manifests(plans, "training-queues", "LocalQueue")
    assert set(local) == {*TEAMS, "training"}
    assert {one["metadata"]["name"] for one in local.values()} == {"training"}
    shares = manifests(plans, "training-queues", "ClusterQueue").values()
    assert {one["spec"]["cohortName"] for one in shares} == {"mlops"}


def test_only_pods_that_tolerate_the_taint_get_gpu_nodes() -> None:
    flavor = manifests(committed("production"), "training-queues", "ResourceFlavor")["gpu"]
    assert flavor["spec"]["nodeTaints"] == [
        {"key": GPU, "value": "present", "effect": "NoSchedule"}
    ]
    assert "tolerations" not in flavor["spec"]


def test_without_gpus_there_is_one_kind_of_node() -> None:
    bare = settings_of("production", gpu=None, teams=[])
    plans = plans_of(bare)
    assert set(manifests(plans, "training-queues", "ResourceFlavor")) == {"general"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"teams[0].quota.gpus": 15}, "reach 16 GPUs, and the teams' shares come to 17"),
        ({"teams[0].quota.gpus": 15}, "teams[1].quota.gpus: expected at most 1"),
        ({"teams[0].quota.gpus": 17}, "teams[0].quota.gpus: expected at most 16"),
        ({"services": {"scaling": {"scaler": "cluster-autoscaler"}}, "teams[0].quota.gpus": 8},
         "teams[1].quota.gpus: expected at most 0: the GPU pools reach 8 GPUs"),
        ({"services": {"delivery": {"training": {"image_digest": DIGEST}}},
          "registry.repositories": ["platform-api"]},
         "services.delivery.training.image_digest: expected null, or training among"),
        ({"services": {"applications": {"web_ui": {"image_digest": DIGEST}}},
          "registry.repositories": ["training"]},
         "services.applications.web_ui.image_digest: expected null, or web-ui among"),
    ],
    ids=["together", "the second", "alone", "without Karpenter", "no repository",
         "no repository of an application"],
)  # fmt: skip
def test_shares_and_images_that_cannot_be_had_are_refused(
    changed: dict[str, Any], expected: str
) -> None:
    assert expected in refusal_of(with_values(document("production"), changed))


@pytest.mark.parametrize(
    ("sharing", "gpus"),
    [
        ({"strategy": "none"}, 16),
        ({"strategy": "time-slicing", "replicas": 4}, 64),
    ],
    ids=["whole", "shared"],
)
def test_a_shared_gpu_counts_once_for_each_pod(sharing: dict[str, Any], gpus: int) -> None:
    declared = with_values(document("production"), {"gpu.sharing": sharing})
    assert training_shares.gpus(settings_of("production", gpu=declared["gpu"])) == gpus


def test_training_waits_for_its_image() -> None:
    names = {plan.name for plan in committed("production")}
    assert {"kueue", "trainer", "training-queues", "training-access"} <= names
    assert not names & {"training-runtime", "training-pipeline"}


def test_a_rank_of_distributed_training_takes_a_whole_gpu_node() -> None:
    runtime = manifests(everything(), "training-runtime", "ClusterTrainingRuntime")
    spec = runtime["torch-distributed"]["spec"]
    (job,) = spec["template"]["spec"]["replicatedJobs"]
    pod = job["template"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert spec["mlPolicy"] == {"numNodes": 2, "torch": {}}
    assert container["image"].endswith(f".amazonaws.com/mlops-platform/training@{DIGEST}")
    assert container["resources"]["limits"][GPU] == container["resources"]["requests"][GPU] == "1"
    assert pod["tolerations"] == [{"key": GPU, "operator": "Exists", "effect": "NoSchedule"}]
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("workflows", False)


def test_the_pipeline_takes_the_runbooks_parameters_wherever_people_train() -> None:
    templates = manifests(everything(), "training-pipeline", "WorkflowTemplate")
    assert set(templates) == {*TEAMS, "training"}
    spec = templates["training"]["spec"]
    needed = [one["name"] for one in spec["arguments"]["parameters"] if "value" not in one]
    assert needed == ["dataset-url", "model-name"]
    (dag,) = [one for one in spec["templates"] if "dag" in one]
    assert [one["name"] for one in dag["dag"]["tasks"]] == [
        "extract", "validate", "train", "evaluate", "register",
    ]  # fmt: skip


def test_only_the_gpu_step_of_the_pipeline_waits_in_the_queue() -> None:
    spec = manifests(everything(), "training-pipeline", "WorkflowTemplate")["training"]["spec"]
    queued = {
        one["name"]: one["metadata"]["labels"]["kueue.x-k8s.io/queue-name"]
        for one in spec["templates"]
        if "kueue.x-k8s.io/queue-name" in one.get("metadata", {}).get("labels", {})
    }
    gpus = [
        one["name"]
        for one in spec["templates"]
        if GPU in one.get("container", {}).get("resources", {}).get("limits", {})
    ]
    assert queued == {"train": "training"}
    assert gpus == ["train"]


def test_every_step_of_the_pipeline_ends_and_is_restricted() -> None:
    spec = manifests(everything(), "training-pipeline", "WorkflowTemplate")["training"]["spec"]
    steps = [one for one in spec["templates"] if "container" in one]
    assert spec["activeDeadlineSeconds"] == 7 * 86_400
    assert len(steps) == 5
    for step in steps:
        security = step["container"]["securityContext"]
        assert step["activeDeadlineSeconds"] <= 86_400, step["name"]
        assert step["retryStrategy"]["limit"] == 2, step["name"]
        assert security["capabilities"] == {"drop": ["ALL"]}, step["name"]
        assert step["container"]["resources"]["limits"]["memory"], step["name"]


def test_what_a_step_reads_another_has_written() -> None:
    spec = manifests(everything(), "training-pipeline", "WorkflowTemplate")["training"]["spec"]
    steps = {one["name"]: one for one in spec["templates"]}
    for task in steps["pipeline"]["dag"]["tasks"]:
        for kind in ("artifacts", "parameters"):
            for one in task.get("arguments", {}).get(kind, []):
                source = (one.get("from") or one["value"]).split(".")[1]
                told = {out["name"] for out in steps[source]["outputs"][kind]}
                assert one["name"] in told, task["name"]
                wanted = {each["name"] for each in steps[task["name"]]["inputs"][kind]}
                assert one["name"] in wanted, task["name"]


def test_the_other_region_has_all_that_training_needs_once_workflows_run() -> None:
    wanted = {"delivery": {"training": {"image_digest": DIGEST}}}
    names = {plan.name for plan in plans_of(settings_of("dr", wanted))}
    assert {"kueue", "trainer", "training-queues"} <= names
    assert {"training-runtime", "training-pipeline", "training-access"} <= names
