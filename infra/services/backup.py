"""Backup: the cluster's objects and volumes, and a dump of each database beside RDS's own."""

from __future__ import annotations

from components.base import Site
from components.services.database_backup import DatabaseBackupArgs, database_backup
from components.services.database_bootstrap import TENANTS
from components.services.plan import ServicePlan
from components.services.velero import VeleroArgs, velero
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.settings import Settings


def backup(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """What a lost cluster is built from again."""
    wanted = settings.services.backup
    args = VeleroArgs(
        region=site.region,
        bucket=facts.buckets["backups"],
        key_arn=facts.keys["data"],
        schedule=wanted.schedule,
        retention_days=wanted.retention_days,
    )
    return [velero(args), database_backup(_dumps(settings, site, facts))]


def _dumps(settings: Settings, site: Site, facts: Facts) -> DatabaseBackupArgs:
    return DatabaseBackupArgs(
        host=facts.database_host,
        databases=[tenant.name for tenant in TENANTS if tenant.owns],
        bucket=facts.buckets["backups"],
        key_arn=facts.keys["data"],
        region=site.region,
        schedule=settings.services.backup.dump_schedule,
        scratch_gib=settings.database.max_storage_gib // 5,
        suspended=not writes(settings),
    )
