"""The runtime of distributed PyTorch: what a TrainJob runs on unless it says otherwise.

The trainer tells torchrun who is who (`PET_…` in the environment); ranks find each other by
names, and then speak on ports that NCCL and Gloo choose, so between them every port is open.
Source: Kubeflow Trainer 2, runtimes, torch policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.services import training_pod
from components.services.flows import EVERY_PORT, Flow, Pods
from components.services.plan import Object, ServicePlan
from components.services.priorities import TRAINING
from components.services.training_pod import Node, TrainingImage

NAME = "torch-distributed"
RANKS: Mapping[str, str] = {"mlops/training": "distributed"}
"""Label of the pods of one job that speak to each other."""
RESTARTS = 2
"""Times that the whole set starts again, from its checkpoint, before the job has failed."""
KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True, kw_only=True)
class TrainingRuntimeArgs:
    """`nodes` is how many a job gets that names no number."""

    image: TrainingImage
    nodes: int
    node: Node
    namespaces: Sequence[str]


def training_runtime(args: TrainingRuntimeArgs) -> ServicePlan:
    """One runtime for the whole cluster; its pods run as their namespace's own account."""
    return ServicePlan(
        name="training-runtime",
        parts=[Object(name="torch", manifest=_runtime(args), after=("priorities",))],
        flows=[_between(namespace) for namespace in args.namespaces],
    )


def _between(namespace: str) -> Flow:
    ranks = Pods(namespace=namespace, labels=RANKS)
    return Flow(name=f"{namespace}-training-ranks", source=ranks, target=ranks, ports=EVERY_PORT)


def _runtime(args: TrainingRuntimeArgs) -> dict[str, Any]:
    return {
        "apiVersion": "trainer.kubeflow.org/v1alpha1",
        "kind": "ClusterTrainingRuntime",
        "metadata": {"name": NAME, "labels": {"trainer.kubeflow.org/framework": "torch"}},
        "spec": {
            "mlPolicy": {"numNodes": args.nodes, "torch": {}},
            "template": {
                "spec": {
                    "failurePolicy": {"maxRestarts": RESTARTS},
                    "ttlSecondsAfterFinished": KEPT_SECONDS,
                    "replicatedJobs": [_ranks(args)],
                }
            },
        },
    }


def _ranks(args: TrainingRuntimeArgs) -> dict[str, Any]:
    pod = {"metadata": {"labels": dict(RANKS)}, "spec": _pod(args)}
    return {
        "name": "node",
        "replicas": 1,
        "template": {
            "metadata": {"labels": {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}},
            "spec": {"backoffLimit": 0, "template": pod},
        },
    }


def _pod(args: TrainingRuntimeArgs) -> dict[str, Any]:
    made = training_pod.container(args.image, args.node.resources)
    return {
        "serviceAccountName": training_pod.ACCOUNT,
        "automountServiceAccountToken": False,
        "priorityClassName": TRAINING,
        "restartPolicy": "Never",
        "securityContext": training_pod.security(),
        "tolerations": args.node.tolerations,
        "containers": [{"name": "node", **made}],
        "volumes": training_pod.volumes(),
    }
