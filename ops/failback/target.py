"""What a failback makes of both regions, from both stack files and both stacks' outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.outputs import Outputs
from infra.settings import Settings
from ops.errors import Refused
from ops.failover.target import (
    Failover,
    features_seconds,
    gpu_need,
    models_of,
    pools_of,
    workloads_of,
)
from ops.regions import target_of
from ops.step import Target


@dataclass(frozen=True, kw_only=True)
class Away:
    """The region that the platform leaves, which becomes its standby again."""

    stack: str
    region: str
    database: str
    file_system: str
    pools: Mapping[str, int]
    """Node group → the nodes that a standby has."""


@dataclass(frozen=True, kw_only=True)
class CopiedBucket:
    """A bucket of the region that is left, and the one that it is copied to."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Failback:
    """Both regions as they are to be."""

    home: Failover
    """The production stack's region as the primary. Its target is the journals' address."""
    away: Away
    buckets: Sequence[CopiedBucket]

    @property
    def target(self) -> Target:
        """The standby's stack, whose role changes, and the region that will hold the fence."""
        return self.home.target


def failback_of(
    stack: str,
    settings: Settings,
    outputs: Outputs,
    primary: Settings,
    primary_outputs: Outputs,
    without: tuple[str, ...] = (),
) -> Failback:
    """What becomes of the standby's `stack` and of the production stack, whose settings `primary`
    are; `without` are models that are not waited for.

    Raises Refused where the two do not belong together.
    """
    _together(stack, settings, primary)
    target = target_of(stack, settings)
    home = Failover(
        target=Target(
            stack=stack,
            account_id=target.account_id,
            region=primary.region,
            platform=target.platform,
            holder=primary.region,
        ),
        lost_region=settings.region,
        database=primary_outputs.database.identifier,
        backup_days=primary.database.backup_retention_days,
        file_system=primary_outputs.file_system.id,
        pools=pools_of(primary, primary, primary_outputs),
        gpu=gpu_need(primary, primary),
        workloads=workloads_of(primary),
        models=models_of(primary, without),
        rpo_seconds=primary.recovery.rpo_database_minutes * 60.0,
        rto_seconds=primary.recovery.rto_minutes * 60.0,
        features_seconds=features_seconds(primary),
    )
    return Failback(
        home=home,
        away=Away(
            stack=stack,
            region=settings.region,
            database=outputs.database.identifier,
            file_system=outputs.file_system.id,
            pools=pools_of(settings, settings, outputs),
        ),
        buckets=_buckets(outputs, primary_outputs),
    )


COPIED = ("models", "artifacts", "features", "backups")
"""Purposes of buckets that the link copies both ways."""


def _buckets(outputs: Outputs, primary: Outputs) -> list[CopiedBucket]:
    return [
        CopiedBucket(source=outputs.buckets[purpose].name, target=primary.buckets[purpose].name)
        for purpose in COPIED
        if purpose in outputs.buckets and purpose in primary.buckets
    ]


def _together(stack: str, settings: Settings, primary: Settings) -> None:
    peer = settings.peer
    if settings.source_stack is None or peer is None or peer.prefix != primary.prefix:
        raise Refused(
            f"stack {stack}: source_stack, peer: expected the stack that stands in for "
            f"{primary.prefix}; give it: mlops failback --stack dr"
        )
    if settings.account_id != primary.account_id:
        raise Refused(
            f"stack {stack}: account_id: expected {primary.account_id}, that of {primary.prefix}, "
            f"not {settings.account_id}"
        )
