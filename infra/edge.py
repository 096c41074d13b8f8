"""The edge from the stack file: public zone, certificate, load balancers, firewall, records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi import Input, ResourceOptions

from components.base import Site
from components.bucket import Bucket
from components.certificate import Certificate, CertificateArgs
from components.console_balancer import Console, ConsoleBalancer, ConsoleBalancerArgs
from components.failover_records import BalancerAddress, FailoverRecords, FailoverRecordsArgs
from components.flip_check import FlipCheck, FlipCheckArgs
from components.keys import Keys
from components.model_balancer import ModelBalancer, ModelBalancerArgs
from components.network import Network
from components.web_firewall import WebFirewall, WebFirewallArgs
from components.zone import Zone, ZoneArgs
from infra.governance_rules import SOURCE_STACK
from infra.guardrails import owned
from infra.network_settings import Entrance
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
    consoles: ConsoleBalancer
    models: ModelBalancer


def consoles(domain: str) -> list[Console]:
    """What answers at the consoles' load balancer. Append only: a place is a priority."""
    return [
        Console(name="mlflow", host=f"mlflow.{domain}", port=5000, health_path="/health"),
        Console(name="grafana", host=f"grafana.{domain}", port=3000, health_path="/api/health"),
        Console(name="argo", host=f"argo.{domain}", port=2746),
        Console(name="api", host=f"api.{domain}", port=8000, health_path="/health"),
        Console(name="argocd", host=f"argocd.{domain}", port=8080, health_path="/healthz"),
        Console(name="web-ui", host=f"app.{domain}", port=8080),
    ]


MODELS = "models"
"""What answers at the models' load balancer."""


def models_host(domain: str) -> str:
    """Public name of the models."""
    return f"{MODELS}.{domain}"


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
    edge = Edge(
        zone=zone,
        certificate=certificate,
        consoles=_consoles(settings, site, certificate, ground, opts),
        models=_models(settings, site, certificate, ground, opts),
    )
    _firewall(settings, site, edge, ground, opts)
    _records(settings, site, edge, opts)
    return edge


def _certificate(
    settings: Settings, site: Site, zone: PublicZone, opts: ResourceOptions
) -> Certificate:
    domain = settings.dns.domain
    first, *others = [*(console.host for console in consoles(domain)), models_host(domain)]
    args = CertificateArgs(
        domain_name=first,
        zone_id=zone.zone_id,
        alternative_names=others,
        # Both regions are asked for the same proof; a replica's destroy must not remove it.
        owns_validation=settings.role == "primary",
    )
    return Certificate("certificate", args, site, opts)


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
        consoles=consoles(settings.dns.domain),
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
    primary = settings.role == "primary"
    args = FailoverRecordsArgs(
        zone_id=edge.zone.zone_id,
        role="primary" if primary else "secondary",
        names={
            **{console.host: people for console in consoles(domain)},
            models_host(domain): callers,
        },
        health_check_id=_flip_check(settings, site, opts).health_check_id if primary else None,
    )
    FailoverRecords("names", args, site, opts)


def _flip_check(settings: Settings, site: Site, opts: ResourceOptions) -> FlipCheck:
    """The switch that moves traffic; without another region nobody ever throws it."""
    region = settings.peer.region if settings.peer else settings.region
    return FlipCheck("flip", FlipCheckArgs(peer_region=region), site, opts)
