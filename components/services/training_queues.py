"""Queues for training: a share of the nodes for each team, lent to others while it is idle.

All queues are one cohort. A team's share is its quota in the stack file; whoever borrows gives
back at once when the owner comes, and their job starts again later from its checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.services.plan import Object, ServicePlan

API = "kueue.x-k8s.io/v1beta2"
COHORT = "mlops"
QUEUE = "training"
"""Name of the queue in every namespace, so that one template serves all."""
GENERAL = "general"
GPU = "gpu"
GPU_RESOURCE = "nvidia.com/gpu"

PRIORITIES: Mapping[str, tuple[int, str]] = {
    "urgent": (1000, "Goes before the team's other training, and may end it"),
    "normal": (500, "Training that somebody waits for"),
    "spare": (100, "Takes what is left; the first to give way"),
}


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a queue may use of a kind of node without borrowing."""

    cpus: int
    memory_gib: int
    gpus: int = 0


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A namespace's place in the cohort."""

    namespace: str
    general: Share
    gpu: Share = Share(cpus=0, memory_gib=0)


@dataclass(frozen=True, kw_only=True)
class GpuNodes:
    """GPU nodes as pods see them."""

    label: tuple[str, str]
    taint: Mapping[str, str]
    """`key`, `value` and `effect`."""


@dataclass(frozen=True, kw_only=True)
class TrainingQueuesArgs:
    """Without GPU nodes there is one kind of node."""

    queues: Sequence[Queue]
    gpu_nodes: GpuNodes | None


def training_queues(args: TrainingQueuesArgs) -> ServicePlan:
    """Kinds of nodes, a queue for each namespace, and priorities within a queue."""
    queues = [part for one in args.queues for part in _queue(one, args.gpu_nodes is not None)]
    return ServicePlan(
        name="training-queues", parts=[*_flavors(args.gpu_nodes), *_priorities(), *queues]
    )


def _flavors(gpu_nodes: GpuNodes | None) -> list[Object]:
    general = Object(name="flavor-general", manifest=_object("ResourceFlavor", GENERAL, {}))
    if gpu_nodes is None:
        return [general]
    key, value = gpu_nodes.label
    # Only pods that tolerate the taint themselves get these nodes: others stay off GPUs.
    spec = {"nodeLabels": {key: value}, "nodeTaints": [dict(gpu_nodes.taint)]}
    return [general, Object(name="flavor-gpu", manifest=_object("ResourceFlavor", GPU, spec))]


def _priorities() -> list[Object]:
    return [
        Object(
            name=f"priority-{name}",
            manifest={
                "apiVersion": API,
                "kind": "WorkloadPriorityClass",
                "metadata": {"name": name},
                "value": value,
                "description": description,
            },
        )
        for name, (value, description) in PRIORITIES.items()
    ]


def _queue(queue: Queue, with_gpus: bool) -> list[Object]:
    name = queue.namespace
    local = _object("LocalQueue", QUEUE, {"clusterQueue": name})
    local["metadata"]["namespace"] = name
    flavors = ["flavor-general", *(["flavor-gpu"] if with_gpus else [])]
    return [
        Object(
            name=f"shares-{name}",
            manifest=_object("ClusterQueue", name, _shares(queue, with_gpus)),
            after=tuple(flavors),
        ),
        Object(name=f"queue-{name}", manifest=local, after=(f"shares-{name}",)),
    ]


def _shares(queue: Queue, with_gpus: bool) -> dict[str, Any]:
    kinds = [(GENERAL, queue.general), *([(GPU, queue.gpu)] if with_gpus else [])]
    covered = ["cpu", "memory", *([GPU_RESOURCE] if with_gpus else [])]
    return {
        "cohortName": COHORT,
        # Nobody else's jobs count against this share.
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": queue.namespace}},
        "queueingStrategy": "BestEffortFIFO",
        "preemption": {"reclaimWithinCohort": "Any", "withinClusterQueue": "LowerPriority"},
        "resourceGroups": [
            {
                "coveredResources": covered,
                "flavors": [
                    {"name": name, "resources": _quota(share, covered)} for name, share in kinds
                ],
            }
        ],
    }


def _quota(share: Share, covered: Sequence[str]) -> list[dict[str, str]]:
    sizes = {
        "cpu": str(share.cpus),
        "memory": f"{share.memory_gib}Gi",
        GPU_RESOURCE: str(share.gpus),
    }
    return [{"name": name, "nominalQuota": sizes[name]} for name in covered]


def _object(kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": API, "kind": kind, "metadata": {"name": name}, "spec": dict(spec)}
