"""Priority classes: who waits and who goes when nodes are short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.services.plan import Object
from components.services.pod import PLATFORM_CRITICAL, PLATFORM_SERVICE

SERVING = "serving"
TRAINING = "training"


@dataclass(frozen=True, kw_only=True)
class Priority:
    """A class; a higher value is scheduled first and, unless it never preempts, evicts."""

    name: str
    value: int
    description: str
    taken_by: Literal["platform", "models", "everyone"] = "platform"
    """Whose pods may take it: those of the platform's own namespaces, also those of namespaces
    whose models the gateway serves, or all."""
    preemption: Literal["PreemptLowerPriority", "Never"] = "PreemptLowerPriority"


PRIORITIES: Sequence[Priority] = (
    Priority(
        name=PLATFORM_CRITICAL,
        value=1_000_000,
        description="Controllers that the cluster cannot work without",
    ),
    Priority(name=PLATFORM_SERVICE, value=900_000, description="Services that people use"),
    Priority(
        name=SERVING,
        value=500_000,
        description="Models that answer requests",
        taken_by="models",
    ),
    Priority(
        name=TRAINING,
        value=1_000,
        description="Training waits for its turn and evicts nobody",
        taken_by="everyone",
        preemption="Never",
    ),
)
"""All stay below Kubernetes' own system classes, which begin at two thousand million."""


def priorities() -> list[Object]:
    """The classes as objects."""
    return [
        Object(
            name=f"priority-{one.name}",
            manifest={
                "apiVersion": "scheduling.k8s.io/v1",
                "kind": "PriorityClass",
                "metadata": {"name": one.name},
                "value": one.value,
                "preemptionPolicy": one.preemption,
                "description": one.description,
            },
        )
        for one in PRIORITIES
    ]
