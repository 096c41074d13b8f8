"""Backup: the cluster's objects and volumes; the database has its own, in RDS."""

from __future__ import annotations

from components.base import Site
from components.services.plan import ServicePlan
from components.services.velero import VeleroArgs, velero
from infra.services.facts import Facts
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
    return [velero(args)]
