"""Training: queues over the teams' shares, and jobs that outgrow one node."""

from __future__ import annotations

from components.base import Site
from components.services.karpenter import POOL
from components.services.kueue import kueue
from components.services.plan import ServicePlan
from components.services.trainer import trainer
from components.services.training_queues import (
    GpuNodes,
    Queue,
    Share,
    TrainingQueuesArgs,
    training_queues,
)
from infra import capacity
from infra.cluster_settings import Gpu
from infra.governance_settings import Team
from infra.pools import GPU
from infra.services.facts import Facts
from infra.settings import Settings

TRAINING = "training"
"""Namespace of training that belongs to no team."""


def training(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """Controllers, and the queues that follow from the teams' records."""
    del site, facts
    return [kueue(), trainer(), training_queues(_queues(settings))]


def _queues(settings: Settings) -> TrainingQueuesArgs:
    gpu = settings.gpu
    return TrainingQueuesArgs(
        queues=[*(_of(team, gpu) for team in settings.teams), _of_no_team(settings)],
        gpu_nodes=_nodes(gpu) if gpu else None,
    )


def _nodes(gpu: Gpu) -> GpuNodes:
    taint = gpu.taint
    return GpuNodes(
        label=(POOL, GPU),
        taint={"key": taint.key, "value": taint.value, "effect": taint.effect},
    )


def _of(team: Team, gpu: Gpu | None) -> Queue:
    quota = team.quota
    general = Share(cpus=quota.cpus, memory_gib=quota.memory_gib)
    if gpu is None:
        return Queue(namespace=team.name, general=general)
    return Queue(namespace=team.name, general=general, gpu=capacity.gpu_share(gpu, quota.gpus))


def _of_no_team(settings: Settings) -> Queue:
    """What the pools reach beyond the teams' shares and the models' GPUs."""
    whole, quotas = capacity.general(settings), [team.quota for team in settings.teams]
    general = Share(
        cpus=max(0, whole.cpus - sum(one.cpus for one in quotas)),
        memory_gib=max(0, whole.memory_gib - sum(one.memory_gib for one in quotas)),
    )
    if settings.gpu is None:
        return Queue(namespace=TRAINING, general=general)
    taken = sum(one.gpus for one in quotas) + capacity.served_gpus(settings)
    left = max(0, capacity.gpus(settings) - taken)
    return Queue(namespace=TRAINING, general=general, gpu=capacity.gpu_share(settings.gpu, left))
