"""An accepted stack file, deployed: provider, foundation, services, outputs."""

from __future__ import annotations

import pulumi
from pulumi import ResourceOptions

from components.services.check import check
from infra.exports import export
from infra.fencing import unkept_lease
from infra.foundation import build_foundation
from infra.services.anchors import anchor_names
from infra.services.areas import Area, service_plans
from infra.services.building import build_services
from infra.services.facts import sample_facts
from infra.services.ground import own_registry, private_cidrs
from infra.settings import Settings
from infra.where import aws_provider, site_of


def check_services(settings: Settings, plans: Area = service_plans) -> None:
    """Hold every value and manifest to its contract, with samples for what is not known yet.

    Raises PlanError, before any resource is registered.
    """
    site = site_of(settings)
    facts = sample_facts(
        site, settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    check(plans(settings, site, facts), anchor_names(settings))


def deploy(settings: Settings, plans: Area = service_plans) -> None:
    """Register every resource of the stack and its outputs. Raises PlanError before the first."""
    check_services(settings, plans)
    if warning := unkept_lease(settings):
        pulumi.log.warn(warning)
    site = site_of(settings)
    opts = ResourceOptions(providers=[aws_provider(settings)])
    foundation = build_foundation(settings, site, opts)
    build_services(settings, foundation, plans)
    export(settings, site, foundation)
