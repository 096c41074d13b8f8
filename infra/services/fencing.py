"""Fencing: the lease agent, wherever another region might write too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.writers import WRITERS
from components.base import Site
from components.fence import table_name
from components.services import lease_agent
from components.services.database_bootstrap import NAME as BOOTSTRAP
from components.services.lease_agent import LeaseAgentArgs
from components.services.plan import ServicePlan
from infra.fencing import platform_of
from infra.services.facts import Facts
from infra.services.learning import writes
from infra.settings import Settings


def fencing(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """The agent, once its image has a digest."""
    platform = platform_of(settings)
    if platform is None or not settings.keeps_lease:
        return []
    name, digest = lease_agent.NAME, settings.services.applications.lease_agent.image_digest
    args = LeaseAgentArgs(
        image=f"{facts.registry}/{name}@{digest}",
        region=site.region,
        table=table_name(platform),
        platform=platform,
        host=facts.database_host,
        writers=WRITERS,
        replica=not writes(settings),
    )
    return [lease_agent.lease_agent(args)]


def let_in(plans: Sequence[ServicePlan]) -> list[ServicePlan]:
    """`plans` with whatever waits for the database's roles waiting for the agent too, which lets
    them in: its guard ends sessions once, when it finds a database that was open without one."""
    if lease_agent.NAME not in {plan.name for plan in plans}:
        return list(plans)
    return [plan if plan.name == lease_agent.NAME else _later(plan) for plan in plans]


def _later(plan: ServicePlan) -> ServicePlan:
    parts = [
        replace(part, after=(*part.after, lease_agent.NAME)) if BOOTSTRAP in part.after else part
        for part in plan.parts
    ]
    return replace(plan, parts=parts)
