"""What every namespace and pod stands on: levels, classes, roles, admission, teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.namespaces import NAMESPACES
from components.base import Site
from components.services import storage_classes
from components.services.admission import admission, policies
from components.services.kueue import QUEUED
from components.services.namespaces import SERVED_BY_GATEWAY, limit_range, namespace
from components.services.network_policies import Addresses, network_policies
from components.services.plan import Object, ServicePlan
from components.services.priorities import priorities
from components.services.roles import cluster_roles, scientists_in
from components.services.teams import TeamArgs, team
from infra.services.facts import Facts
from infra.settings import Settings

WORKED_IN = ("models", "argo", "training")
"""Namespaces in which data scientists work beside their team's."""
LABELS: Mapping[str, Mapping[str, str]] = {
    "models": {SERVED_BY_GATEWAY: "true"},
    "training": QUEUED,
}
"""What else is said of the platform's own namespaces."""


def baseline(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """Plans that hold whatever else is installed."""
    del site
    return [
        ServicePlan(name="namespaces", parts=_namespaces(settings)),
        ServicePlan(name="priorities", parts=priorities()),
        ServicePlan(name="storage", parts=_storage(facts)),
        ServicePlan(
            name="access", parts=[*cluster_roles(), *(scientists_in(one) for one in WORKED_IN)]
        ),
        ServicePlan(name="admission", parts=_admission(settings, facts)),
        *_teams(settings),
    ]


def network_plan(plans: Sequence[ServicePlan], settings: Settings, facts: Facts) -> ServicePlan:
    """The network policies that follow from the flows of all `plans`."""
    names = [*NAMESPACES, *(one.name for one in settings.teams)]
    addresses = Addresses(
        vpc=facts.vpc_cidr,
        private=facts.private_cidrs,
        services=settings.cluster.service_cidr,
    )
    return network_policies(plans, names, addresses)


def _namespaces(settings: Settings) -> list[Object]:
    version = settings.cluster.version
    made = [namespace(name, level, version, LABELS.get(name)) for name, level in NAMESPACES.items()]
    limited = [
        Object(name=f"limits-{name}", manifest=limit_range(name))
        for name in ("mlops-platform", *WORKED_IN)
    ]
    return [*made, *limited]


def _storage(facts: Facts) -> list[Object]:
    return [
        storage_classes.volumes(facts.keys["data"]),
        storage_classes.files(facts.file_system_id),
        storage_classes.snapshots(),
    ]


def _admission(settings: Settings, facts: Facts) -> list[Object]:
    mirror = settings.services.mirror.images or ""
    return admission(policies(facts.registry, _privileged(), mirror))


def _privileged() -> list[str]:
    return [name for name, level in NAMESPACES.items() if level == "privileged"]


def _teams(settings: Settings) -> list[ServicePlan]:
    return [
        team(
            TeamArgs(
                name=one.name,
                cost_center=one.cost_center,
                kubernetes_version=settings.cluster.version,
                cpus=one.quota.cpus,
                memory_gib=one.quota.memory_gib,
                gpus=one.quota.gpus,
                storage_gib=one.quota.storage_gib,
            )
        )
        for one in settings.teams
    ]
