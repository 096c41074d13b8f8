"""What every namespace and pod stands on: levels, classes, roles, admission, teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.namespaces import NAMESPACES, PLATFORM, WORKED_IN
from components.base import Site
from components.services import storage_classes
from components.services.administration import administrator_roles, attended, forwarded
from components.services.admission import admission
from components.services.kueue import QUEUED
from components.services.namespaces import (
    COMPLETED,
    SERVED_BY_GATEWAY,
    limit_range,
    namespace,
    quota,
)
from components.services.network_policies import Addresses, network_policies
from components.services.object_policies import object_policies
from components.services.plan import Object, ServicePlan
from components.services.pod_policies import pod_policies
from components.services.priorities import priorities
from components.services.queue_policies import queue_policies
from components.services.roles import people_roles, scientists_in
from components.services.secret_policies import secret_policies
from components.services.teams import TeamArgs, team
from infra.capacity import shared
from infra.database_secrets import passwords
from infra.public_names import models_host
from infra.services.facts import Facts
from infra.settings import Settings

SERVICES = "mlops-platform"
"""Namespace of the platform's own services; controllers run in others."""
CONSOLES = "monitoring"
WORKFLOWS = "argo"
"""Namespace of the controller of workflows, which run elsewhere."""
LIMITED = (SERVICES, WORKFLOWS, *WORKED_IN)
"""Namespaces whose containers get a size where they ask for none."""
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
        ServicePlan(name="access", parts=_access()),
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


def _access() -> list[Object]:
    return [
        *people_roles(),
        *administrator_roles(),
        *(scientists_in(one) for one in WORKED_IN),
        *(attended(one) for one in (SERVICES, *WORKED_IN)),
        forwarded(CONSOLES),
    ]


def _namespaces(settings: Settings) -> list[Object]:
    version = settings.cluster.version
    made = [namespace(name, level, version, _labels(name)) for name, level in NAMESPACES.items()]
    limited = [Object(name=f"limits-{name}", manifest=limit_range(name)) for name in LIMITED]
    bounded = [
        Object(name=f"quota-{name}", manifest=quota(name, hard))
        for name, hard in _quotas(settings).items()
    ]
    return [*made, *limited, *bounded]


def _labels(name: str) -> dict[str, str]:
    labels = {COMPLETED: "true"} if name in LIMITED else {}
    return {**labels, **LABELS.get(name, {})}


def _quotas(settings: Settings) -> dict[str, dict[str, str]]:
    """Each namespace in which everyone works may ask for all that no team was promised: between
    them, priorities decide. The controller's holds what its own pods need, twice."""
    free = shared(settings)
    people = {
        "requests.cpu": str(free.cpus),
        "requests.memory": f"{free.memory_gib}Gi",
        "limits.memory": f"{free.memory_gib}Gi",
        "requests.nvidia.com/gpu": str(free.gpus),
        "requests.storage": f"{free.storage_gib}Gi",
    }
    controller = {"requests.cpu": "4", "requests.memory": "8Gi", "limits.memory": "16Gi"}
    return {**dict.fromkeys(WORKED_IN, people), WORKFLOWS: controller}


def _storage(facts: Facts) -> list[Object]:
    return [
        storage_classes.volumes(facts.keys["data"]),
        storage_classes.files(facts.file_system_id),
        storage_classes.snapshots(),
    ]


def _admission(settings: Settings, facts: Facts) -> list[Object]:
    mirror = settings.services.mirror.images
    registries = [facts.registry, mirror] if mirror else [facts.registry]
    on_pods = pod_policies(registries, _privileged(), PLATFORM, mirrored=bool(mirror))
    on_objects = object_policies(models_host(settings.dns.domain))
    on_secrets = secret_policies(passwords(settings), PLATFORM)
    return admission([*on_pods, *on_objects, *queue_policies(), *on_secrets])


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
