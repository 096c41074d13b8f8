"""Entrance: balancers' targets, certificates, secrets, names and the models' gateway."""

from __future__ import annotations

from components.base import Site
from components.services.cert_manager import cert_manager
from components.services.external_dns import ExternalDnsArgs, external_dns
from components.services.external_secrets import external_secrets
from components.services.gateway_api import gateway_api
from components.services.istio import istio
from components.services.load_balancer_controller import (
    LoadBalancerControllerArgs,
    load_balancer_controller,
)
from components.services.model_gateway import ModelGatewayArgs, model_gateway
from components.services.oidc import Oidc
from components.services.plan import ServicePlan
from infra.public_names import console_hosts, models_host
from infra.services.facts import Facts
from infra.settings import Settings


def entrance(settings: Settings, site: Site, facts: Facts) -> list[ServicePlan]:
    """Controllers first, then what joins the declared balancers; without a public zone there
    are no balancers to join."""
    controller = LoadBalancerControllerArgs(
        cluster_name=facts.cluster_name, region=site.region, vpc_id=facts.vpc_id
    )
    plans = [
        cert_manager(),
        external_secrets(site.region, trained_in(settings)),
        gateway_api(),
        istio(),
        load_balancer_controller(controller),
    ]
    return [*plans, *_public(settings, facts)] if public(settings) else plans


def trained_in(settings: Settings) -> tuple[str, ...]:
    """Namespaces in which people train."""
    return ("training", *(team.name for team in settings.teams))


def public(settings: Settings) -> bool:
    """Whether the stack has public names and so balancers."""
    return settings.dns.hosted_zone.ownership != "off"


def oidc(settings: Settings) -> Oidc | None:
    """The consoles' identity provider."""
    declared = settings.services.access.oidc
    if declared is None:
        return None
    return Oidc(
        issuer=declared.issuer,
        authorization=declared.authorization,
        token=declared.token,
        userinfo=declared.userinfo,
        groups_claim=declared.groups_claim,
        admin_group=declared.admin_group,
        scientist_group=declared.scientist_group,
        viewer_group=declared.viewer_group,
        team_prefix=declared.team_prefix,
        client_prefix=declared.client_prefix,
    )


def _public(settings: Settings, facts: Facts) -> list[ServicePlan]:
    domain = settings.dns.domain
    names = ExternalDnsArgs(
        domain=domain,
        zone_id=facts.zone_id,
        owner=settings.environment,
        # A name covers all below it: of the models' too, a record beside the wildcard would not
        # follow a failover.
        excluded=[*console_hosts(settings).values(), models_host(domain)],
    )
    gateway = ModelGatewayArgs(host=models_host(domain), target_group_arn=facts.model_target)
    return [external_dns(names), model_gateway(gateway)]
