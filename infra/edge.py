"""The edge from the stack file: public zone, certificate, load balancers, firewall, records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi import Input, ResourceOptions

from components.base import Site
from components.bucket import Bucket
from components.certificate import Certificate, CertificateArgs
from components.console_balancer import Console, ConsoleBalancer, ConsoleBalancerArgs
from components.failover_records import BalancerAddress, FailoverRecords, FailoverRecordsArgs
from components.flip_check import FlipCheck, FlipCheckArgs
from components.flip_heartbeat import FlipHeartbeat
from components.keys import Keys
from components.model_balancer import ModelBalancer, ModelBalancerArgs
from components.network import Network
from components.web_firewall import WebFirewall, WebFirewallArgs
from components.zone import Zone, ZoneArgs
from infra.applications_settings import ApplicationImage
from infra.governance_rules import SOURCE_STACK
from infra.guardrails import owned
from infra.network_settings import Entrance
from infra.public_names import MODELS, console_hosts, every_model, models_host
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class PublicZone:
    """The zone of the public names, and what the parent domain delegates to if it is ours."""

    zone_id: Input[str]
    name_servers: Input[Sequence[str]] | None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the load balancers stand on."""

    network: Network
    keys: Keys
    nodes: Input[str]
    """Security group of the nodes, and so of the pods."""
    console_logs: Bucket
    """Takes access logs of application load balancers."""
    model_logs: Bucket
    """Takes access logs of network load balancers."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Where people and callers of models come in."""

    zone: PublicZone
    certificate: Certificate
    """Of the consoles."""
    models_certificate: Certificate
    consoles: ConsoleBalancer
    models: ModelBalancer
    heartbeat: FlipHeartbeat | None
    """None without another region that traffic could come from."""


def consoles(settings: Settings) -> list[Console]:
    """What answers at the consoles' load balancer. Append only: a place is a priority."""
    hosts = console_hosts(settings)
    applications = settings.services.applications
    api, web_ui = _spoken(applications.platform_api), _spoken(applications.web_ui)
    return [
        # Its chart can probe it by plain HTTP alone.
        Console(name="mlflow", host=hosts["mlflow"], port=5000, health_path="/health"),
        Console(
            name="grafana",
            host=hosts["grafana"],
            port=3000,
            health_path="/api/health",
            protocol="HTTPS",
        ),
        Console(name="argo", host=hosts["argo"], port=2746, protocol="HTTPS"),
        Console(name="api", host=hosts["api"], port=8000, health_path="/health", protocol=api),
        Console(
            name="argocd",
            host=hosts["argocd"],
            port=8080,
            health_path="/healthz",
            protocol="HTTPS",
        ),
        Console(name="web-ui", host=hosts["web-ui"], port=8080, protocol=web_ui),
    ]


def _spoken(application: ApplicationImage) -> Literal["HTTP", "HTTPS"]:
    return "HTTPS" if application.serves_tls else "HTTP"


def build_zone(settings: Settings, site: Site, opts: ResourceOptions) -> PublicZone | None:
    """The public zone: made, adopted or the source stack's; None where it is off."""
    declared = settings.dns.hosted_zone
    if declared.ownership == "off":
        return None
    if declared.adopted_id == SOURCE_STACK and settings.source_stack is not None:
        primary = pulumi.StackReference(settings.source_stack)
        zone_id = primary.require_output("dns").apply(lambda dns: str(dns["zone_id"]))
        return PublicZone(zone_id=zone_id, name_servers=None)
    zone = Zone("zone", ZoneArgs(domain=settings.dns.domain, ownership=owned(declared)), site, opts)
    if zone.zone_id is None:
        raise ValueError("dns.hosted_zone: expected a zone that is created or adopted")
    return PublicZone(zone_id=zone.zone_id, name_servers=zone.name_servers)


def build_edge(
    settings: Settings, site: Site, zone: PublicZone, ground: Ground, opts: ResourceOptions
) -> Edge:
    """Everything between the public names and the pods."""
    certificate = _certificate(settings, site, zone, opts)
    models_certificate = _models_certificate(settings, site, zone, opts)
    edge = Edge(
        zone=zone,
        certificate=certificate,
        models_certificate=models_certificate,
        consoles=_consoles(settings, site, certificate, ground, opts),
        models=_models(settings, site, models_certificate, ground, opts),
        heartbeat=FlipHeartbeat("flip-heartbeat", site, opts) if settings.peer else None,
    )
    _firewall(settings, site, edge, ground, opts)
    _records(settings, site, edge, opts)
    return edge


def _certificate(
    settings: Settings, site: Site, zone: PublicZone, opts: ResourceOptions
) -> Certificate:
    first, *others = console_hosts(settings).values()
    args = CertificateArgs(
        domain_name=first,
        zone_id=zone.zone_id,
        alternative_names=others,
        owns_validation=_owns_validation(settings),
    )
    return Certificate("certificate", args, site, opts)


def _models_certificate(
    settings: Settings, site: Site, zone: PublicZone, opts: ResourceOptions
) -> Certificate:
    """Apart from the consoles': whoever has the key of this one can be no console."""
    host = models_host(settings.dns.domain)
    args = CertificateArgs(
        domain_name=host,
        zone_id=zone.zone_id,
        wildcard_below=host,
        owns_validation=_owns_validation(settings),
    )
    return Certificate("models-certificate", args, site, opts)


def _owns_validation(settings: Settings) -> bool:
    # Both regions are asked for the same proof; a replica's destroy must not remove it.
    return not settings.stands_in


def _consoles(
    settings: Settings,
    site: Site,
    certificate: Certificate,
    ground: Ground,
    opts: ResourceOptions,
) -> ConsoleBalancer:
    entrance = settings.edge.consoles
    args = ConsoleBalancerArgs(
        vpc_id=ground.network.vpc_id,
        subnet_ids=_subnets(entrance, ground.network),
        certificate_arn=certificate.arn,
        node_security_group_id=ground.nodes,
        access_logs_bucket=ground.console_logs.bucket_name,
        bucket_ready=[ground.console_logs.ready],
        consoles=consoles(settings),
        client_cidrs=entrance.client_cidrs,
        internal=entrance.internal,
    )
    return ConsoleBalancer("consoles", args, site, opts)


def _models(
    settings: Settings,
    site: Site,
    certificate: Certificate,
    ground: Ground,
    opts: ResourceOptions,
) -> ModelBalancer:
    entrance = settings.edge.models
    args = ModelBalancerArgs(
        vpc_id=ground.network.vpc_id,
        subnet_ids=_subnets(entrance, ground.network),
        certificate_arn=certificate.arn,
        node_security_group_id=ground.nodes,
        access_logs_bucket=ground.model_logs.bucket_name,
        bucket_ready=[ground.model_logs.ready],
        client_cidrs=entrance.client_cidrs,
        internal=entrance.internal,
    )
    return ModelBalancer(MODELS, args, site, opts)


def _subnets(entrance: Entrance, network: Network) -> list[pulumi.Output[str]]:
    return network.subnet_ids("private" if entrance.internal else "public")


def _firewall(
    settings: Settings, site: Site, edge: Edge, ground: Ground, opts: ResourceOptions
) -> None:
    args = WebFirewallArgs(
        guarded={"consoles": edge.consoles.arn},
        logs_key_arn=ground.keys.logs,
        log_retention_days=settings.logs.retention_days,
    )
    WebFirewall("firewall", args, site, opts)


def _records(settings: Settings, site: Site, edge: Edge, opts: ResourceOptions) -> None:
    people = BalancerAddress(dns_name=edge.consoles.dns_name, zone_id=edge.consoles.zone_id)
    callers = BalancerAddress(dns_name=edge.models.dns_name, zone_id=edge.models.zone_id)
    domain = settings.dns.domain
    # A failover moves traffic by the health check: the records stay what they are.
    primary = not settings.stands_in
    args = FailoverRecordsArgs(
        zone_id=edge.zone.zone_id,
        role="primary" if primary else "secondary",
        names={
            **dict.fromkeys(console_hosts(settings).values(), people),
            models_host(domain): callers,
            every_model(domain): callers,
        },
        health_check_id=_flip_check(settings, site, opts).health_check_id if primary else None,
    )
    FailoverRecords("names", args, site, opts)


def _flip_check(settings: Settings, site: Site, opts: ResourceOptions) -> FlipCheck:
    """The switch that moves traffic; without another region nobody ever throws it."""
    region = settings.peer.region if settings.peer else settings.region
    return FlipCheck("flip", FlipCheckArgs(peer_region=region), site, opts)
