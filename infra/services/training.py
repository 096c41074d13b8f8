"""Training: queues over the teams' shares, and jobs that outgrow one node."""

from __future__ import annotations

from components.base import Site
from components.services.karpenter import POOL
from components.services.kueue import kueue
from components.services.plan import ServicePlan
from components.services.trainer import trainer
from components.services.training_access import TrainingAccessArgs, training_access
from components.services.training_pipeline import TrainingPipelineArgs, training_pipeline
from components.services.training_pod import Node, TrainingImage
from components.services.training_queues import (
    GpuNodes,
    Queue,
    Share,
    TrainingQueuesArgs,
    training_queues,
)
from components.services.training_runtime import TrainingRuntimeArgs, training_runtime
from infra import training_shares
from infra.cluster_settings import Gpu
from infra.database_secrets import passwords
from infra.delivery_settings import REPOSITORY
from infra.governance_settings import Team
from infra.pools import GPU
from infra.services.facts import Facts
from infra.settings import Settings

TRAINING = "training"
"""Namespace of training that belongs to no team."""


def training(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """Controllers, the queues that follow from the teams' records, and, once the training image
    has a digest, what runs on it."""
    access = TrainingAccessArgs(
        namespace=TRAINING,
        teams=[team.name for team in settings.teams],
        passwords=passwords(settings),
    )
    queues = training_queues(_queues(settings))
    plans = [kueue(), trainer(), queues, training_access(access)]
    digest = settings.services.delivery.training.image_digest
    if digest is None:
        return plans
    image = TrainingImage(name=f"{facts.registry}/{REPOSITORY}@{digest}", region=site.region)
    runtime, pipeline = _runtime(settings, image), _pipeline(settings, image)
    return [*plans, training_runtime(runtime), training_pipeline(pipeline)]


def namespaces(settings: Settings) -> tuple[str, ...]:
    """Where training runs."""
    return (TRAINING, *(team.name for team in settings.teams))


def namespace_parts(settings: Settings) -> tuple[str, ...]:
    """Parts that make those namespaces."""
    teams = (f"team-{team.name}/namespace-{team.name}" for team in settings.teams)
    return (f"namespaces/namespace-{TRAINING}", *teams)


def _runtime(settings: Settings, image: TrainingImage) -> TrainingRuntimeArgs:
    return TrainingRuntimeArgs(
        image=image,
        nodes=settings.services.delivery.training.nodes,
        node=_node(settings.gpu),
        namespaces=namespaces(settings),
    )


def _pipeline(settings: Settings, image: TrainingImage) -> TrainingPipelineArgs:
    return TrainingPipelineArgs(
        image=image,
        node=_node(settings.gpu),
        deadline_hours=settings.services.delivery.training.deadline_hours,
        namespaces=namespaces(settings),
    )


def _node(gpu: Gpu | None) -> Node:
    size = training_shares.training_size(gpu)
    return Node(
        cpus=size.cpus,
        memory_gib=size.memory_gib,
        gpus=size.gpus,
        taint=_nodes(gpu).taint if gpu else None,
    )


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
    return Queue(
        namespace=team.name, general=general, gpu=training_shares.gpu_share(gpu, quota.gpus)
    )


def _of_no_team(settings: Settings) -> Queue:
    """What the pools reach beyond the teams' shares and the models' GPUs."""
    whole, quotas = training_shares.general(settings), [team.quota for team in settings.teams]
    general = Share(
        cpus=max(0, whole.cpus - sum(one.cpus for one in quotas)),
        memory_gib=max(0, whole.memory_gib - sum(one.memory_gib for one in quotas)),
    )
    if settings.gpu is None:
        return Queue(namespace=TRAINING, general=general)
    taken = sum(one.gpus for one in quotas) + training_shares.served_gpus(settings)
    left = max(0, training_shares.gpus(settings) - taken)
    return Queue(
        namespace=TRAINING, general=general, gpu=training_shares.gpu_share(settings.gpu, left)
    )
