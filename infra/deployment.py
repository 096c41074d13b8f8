"""An accepted stack file, deployed: provider, foundation, services, outputs."""

from __future__ import annotations

from pulumi import ResourceOptions

from components.services.check import check
from infra.exports import export
from infra.foundation import build_foundation
from infra.services.anchors import anchor_names
from infra.services.areas import service_plans
from infra.services.building import build_services
from infra.services.facts import sample_facts
from infra.services.ground import own_registry, private_cidrs
from infra.settings import Settings
from infra.where import aws_provider, site_of


def check_services(settings: Settings) -> None:
    """Hold every value and manifest to its contract, with samples for what is not known yet.

    Raises PlanError, before any resource is registered.
    """
    site = site_of(settings)
    facts = sample_facts(
        site, settings.network.cidr, private_cidrs(settings), own_registry(settings)
    )
    check(service_plans(settings, site, facts), anchor_names(settings))


def deploy(settings: Settings) -> None:
    """Register every resource of the stack and its outputs. Raises PlanError before the first."""
    check_services(settings)
    site = site_of(settings)
    opts = ResourceOptions(providers=[aws_provider(settings)])
    foundation = build_foundation(settings, site, opts)
    build_services(settings, foundation)
    export(settings, site, foundation)
