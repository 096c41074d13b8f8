"""Fills the contract of `infra/outputs.py` from what was built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.base import Site
from components.console_balancer import ConsoleBalancer
from components.model_balancer import ModelBalancer
from infra.compute import Compute
from infra.edge import Edge
from infra.foundation import Foundation
from infra.guardrails import Guardrails
from infra.public_names import MODELS, console_hosts, models_host
from infra.settings import Settings

Values = Mapping[str, Any]
"""Plain values and outputs, as `pulumi.export` takes them."""


def export(settings: Settings, site: Site, foundation: Foundation) -> None:
    """Export every output of the stack."""
    for name, value in outputs_of(settings, site, foundation).items():
        pulumi.export(name, value)


def outputs_of(settings: Settings, site: Site, foundation: Foundation) -> Values:
    """The outputs by name, in the shape of `Outputs`."""
    return {
        "environment": site.environment,
        "role": settings.role,
        "account_id": site.account_id,
        "region": site.region,
        "prefix": site.prefix,
        "data_generation": site.data_generation,
        **_data(settings, foundation),
        "cluster": _cluster(settings, foundation.compute),
        "workload_role_arns": {
            name: identity.role_arn for name, identity in foundation.workloads.items()
        },
        "guardrails": _guardrails(foundation.guardrails),
        "fence": _fence(foundation),
        "dns": _dns(settings, foundation.edge),
        "edge": _edge(settings, foundation.edge) if foundation.edge else None,
        "flip_heartbeat_role_arn": _heartbeat(foundation.edge),
    }


def _online_store(foundation: Foundation) -> Values | None:
    store = foundation.online_store
    if store is None:
        return None
    return {
        "identifier": store.identifier,
        "arn": store.arn,
        "endpoint": store.host,
        "security_group_id": store.security_group_id,
    }


def _data(settings: Settings, foundation: Foundation) -> Values:
    network, files = foundation.network, foundation.files
    keys, database, buckets = foundation.keys, foundation.database, foundation.buckets
    return {
        "network": {
            "vpc_id": network.vpc_id,
            "cidr": network.cidr,
            "zones": list(settings.network.zones),
            "public_subnet_ids": network.subnet_ids("public"),
            "private_subnet_ids": network.subnet_ids("private"),
            "database_subnet_ids": network.subnet_ids("database"),
            "nat_addresses": list(network.nat_addresses),
        },
        "keys": {"data": keys.data, "secrets": keys.secrets, "logs": keys.logs},
        "buckets": {
            purpose: {"name": bucket.bucket_name, "arn": bucket.arn}
            for purpose, bucket in buckets.by_purpose.items()
        },
        "database": {
            "identifier": database.identifier,
            "arn": database.arn,
            "endpoint": database.endpoint,
            "host": database.host,
            "security_group_id": database.security_group_id,
            "secret_arn": database.secret_arn,
        },
        "online_store": _online_store(foundation),
        "file_system": {
            "id": files.file_system_id,
            "arn": files.arn,
            "access_point_ids": dict(files.access_point_ids),
        },
        "repositories": dict(foundation.registry.urls),
    }


def _cluster(settings: Settings, compute: Compute) -> Values:
    cluster = compute.cluster
    return {
        "name": cluster.cluster_name,
        "arn": cluster.arn,
        "version": settings.cluster.version,
        "endpoint": cluster.endpoint,
        "oidc_issuer": cluster.oidc_issuer,
        "security_group_id": cluster.security_group_id,
        "node_role_arn": compute.node_role.arn,
        "instance_profile": compute.node_role.instance_profile,
        "node_groups": {name: pool.node_group_name for name, pool in compute.pools.items()},
        "kubeconfig": cluster.kubeconfig,
    }


def _guardrails(guardrails: Guardrails) -> Values:
    return {
        "alert_topic_arns": dict(guardrails.topics.arns),
        "trail_arn": guardrails.trail.trail_arn,
        "detector_id": guardrails.detection.detector_id,
        "budget_name": guardrails.budget.budget_name,
    }


def _fence(foundation: Foundation) -> Values | None:
    fence = foundation.fence
    return {"table": fence.table_name, "arn": fence.arn} if fence else None


def _dns(settings: Settings, edge: Edge | None) -> Values:
    return {
        "domain": settings.dns.domain,
        "zone_id": edge.zone.zone_id if edge else None,
        "name_servers": (edge.zone.name_servers if edge else None) or [],
    }


def _edge(settings: Settings, edge: Edge) -> Values:
    return {
        "certificate_arn": edge.certificate.arn,
        "models_certificate_arn": edge.models_certificate.arn,
        "consoles": _balancer(edge.consoles, edge.consoles.target_group_arns),
        "models": _balancer(edge.models, {MODELS: edge.models.target_group_arn}),
        "hosts": {
            **console_hosts(settings),
            MODELS: models_host(settings.dns.domain),
        },
    }


def _heartbeat(edge: Edge | None) -> pulumi.Output[str] | None:
    return edge.heartbeat.role_arn if edge and edge.heartbeat else None


def _balancer(
    balancer: ConsoleBalancer | ModelBalancer, groups: Mapping[str, pulumi.Output[str]]
) -> Values:
    return {
        "arn": balancer.arn,
        "dns_name": balancer.dns_name,
        "zone_id": balancer.zone_id,
        "target_group_arns": dict(groups),
    }
