"""What a failover makes of the standby, from both stack files and the standby's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog import writers
from catalog.gpu import FAMILIES
from catalog.instances import instances
from infra.outputs import Outputs
from infra.settings import Settings
from ops.errors import Refused
from ops.regions import target_of
from ops.step import Target
from ops.world.cluster import Workload

MLFLOW, FEAST = Workload.of(writers.MLFLOW), Workload.of(writers.FEAST)


@dataclass(frozen=True, kw_only=True)
class GpuNeed:
    """vCPUs of GPU nodes, and the quota that caps them."""

    quota_code: str
    vcpus: int


@dataclass(frozen=True, kw_only=True)
class Failover:
    """The standby as it is to be."""

    target: Target
    lost_region: str
    """Nobody else than it and the standby's region may hold the fence."""
    database: str
    backup_days: int
    file_system: str
    pools: Mapping[str, int]
    """Nodes at least, by node group."""
    gpu: GpuNeed | None
    workloads: Mapping[Workload, int]
    """Pods at least of whatever writes to the database."""
    models: tuple[str, ...]
    """Models that must answer before traffic moves here."""
    rpo_seconds: float
    """Of rows."""
    rto_seconds: float
    features_seconds: float
    """Seconds that features take from the services on, until the online store has them again."""
    stays_closed: bool = False
    """Whether the lost region's lease agents closed the database and here are none to open it."""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the operator takes upon himself."""

    loss: bool = False
    """To lose more writes than the recovery point allows."""
    lost: bool = False
    """That the region is lost, whatever the signals say. One of which nothing says so takes
    `loss` too."""


def failover_of(
    stack: str,
    settings: Settings,
    primary: Settings,
    outputs: Outputs,
    without: tuple[str, ...] = (),
) -> Failover:
    """What the standby `stack` becomes; `primary` are the settings of the stack it stands in
    for, `without` models that are not waited for.

    Raises Refused where the two do not belong together.
    """
    peer = settings.peer
    if peer is None or peer.prefix != primary.prefix:
        raise Refused(
            f"stack {stack}: peer: expected the names of {primary.prefix}; it stands in for no "
            "other region. Give the standby's stack: mlops failover --stack dr"
        )
    return Failover(
        target=target_of(stack, settings),
        lost_region=primary.region,
        database=outputs.database.identifier,
        backup_days=settings.database.backup_retention_days,
        file_system=outputs.file_system.id,
        pools=pools_of(settings, primary, outputs),
        gpu=gpu_need(settings, primary),
        workloads=workloads_of(primary),
        models=models_of(settings, without),
        rpo_seconds=settings.recovery.rpo_database_minutes * 60.0,
        rto_seconds=settings.recovery.rto_minutes * 60.0,
        features_seconds=features_seconds(settings),
        stays_closed=primary.keeps_lease and not settings.keeps_lease,
    )


def features_seconds(settings: Settings) -> float:
    """What the stack declares of its online store."""
    return settings.services.learning.feast.online_store.rematerialisation_minutes * 60.0


def workloads_of(primary: Settings) -> dict[Workload, int]:
    """Every writer, with the pods that the lost region has at least."""
    learning = primary.services.learning
    declared = {
        writers.MLFLOW: learning.mlflow.min_replicas,
        writers.FEAST: learning.feast.min_replicas,
    }
    return {Workload.of(one): one.pods or declared[one] for one in writers.WRITERS}


def pools_of(settings: Settings, primary: Settings, outputs: Outputs) -> dict[str, int]:
    """What the lost region had, where the standby has such a pool."""
    groups = {name: pool.desired for name, pool in primary.cluster.node_groups.items()}
    if settings.gpu and primary.gpu:
        groups["gpu"] = primary.gpu.desired
    names = outputs.cluster.node_groups
    return {names[pool]: desired for pool, desired in groups.items() if pool in names}


def gpu_need(settings: Settings, primary: Settings) -> GpuNeed | None:
    """GPUs that `primary` wants, of the family of `settings`; None for none."""
    if settings.gpu is None or primary.gpu is None:
        return None
    vcpus = instances("ec2")[settings.gpu.instance_type].vcpus
    return GpuNeed(
        quota_code=FAMILIES[settings.gpu.family].quota_code, vcpus=primary.gpu.desired * vcpus
    )


def models_of(settings: Settings, without: tuple[str, ...]) -> tuple[str, ...]:
    """Declared models but those of `without`. Raises Refused for an unknown one."""
    declared = [model.name for model in settings.services.serving.models]
    unknown = sorted(set(without) - set(declared))
    if unknown:
        raise Refused(
            f"--without {unknown[0]}: expected one of the stack's models, "
            f"{', '.join(declared) or 'of which there are none'}"
        )
    return tuple(name for name in declared if name not in without)
