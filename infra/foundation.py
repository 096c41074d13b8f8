"""The composition: everything that a stack declares, each part given what it really needs.

Nothing here waits for anything it does not use, so that the slowest chain stays the database's
or the cluster's and its nodes'.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, ResourceOptions

from components.base import Site
from components.buckets import ACCESS_LOGS, Buckets
from components.cache import Cache
from components.database import Database
from components.fence import Fence
from components.file_system import FileSystem
from components.keys import Keys
from components.network import Network
from components.registry import Registry
from components.workload_identity import WorkloadIdentity
from infra.compute import Compute, build_cluster, build_compute, watch_cluster
from infra.data import (
    build_buckets,
    build_database,
    build_file_system,
    build_internal_zone,
    build_keys,
    build_network,
    build_registry,
)
from infra.database_secrets import copies
from infra.edge import Edge, Ground, build_edge, build_zone
from infra.fencing import fenced_platform
from infra.guardrails import Evidence, Guardrails, alert_topics, guard
from infra.online_store import build_online_store
from infra.peer_region import build_fence, build_peer_region
from infra.service_needs import ServiceNeeds, build_service_needs
from infra.settings import Settings
from infra.workloads import WorkloadGround, build_workloads


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """Everything that was built, for the outputs."""

    keys: Keys
    network: Network
    buckets: Buckets
    registry: Registry
    compute: Compute
    database: Database
    online_store: Cache | None
    """None where Feast uses the one in the cluster."""
    files: FileSystem
    workloads: dict[str, WorkloadIdentity]
    fence: Fence | None
    """None where no other region could write."""
    guardrails: Guardrails
    needs: ServiceNeeds
    edge: Edge | None
    """None where the stack has no public zone."""


def build_foundation(settings: Settings, site: Site, opts: ResourceOptions) -> Foundation:
    """Build all parts of the stack."""
    keys = build_keys(settings, site, opts)
    network = build_network(settings, site, keys, opts)
    buckets = build_buckets(settings, site, keys, opts)
    cluster = build_cluster(settings, site, network, keys, opts)
    nodes = cluster.security_group_id
    topics = alert_topics(settings, site, keys.logs, opts)
    internal = build_internal_zone(settings, site, network, opts)
    alarms = topics.arns.get("critical")
    watch_cluster(site, cluster, alarms, opts)
    compute = build_compute(settings, site, cluster, network, keys, opts)
    peer = build_peer_region(settings, site, keys, opts)
    needs = build_service_needs(settings, site, keys, peer, opts)
    edge = _edge(settings, site, _entrance_ground(network, keys, buckets, nodes), opts)
    grounds = WorkloadGround(
        buckets=buckets,
        keys=keys,
        compute=compute,
        needs=needs,
        edge=edge,
        teams=settings.teams,
        scaler=settings.services.scaling.scaler,
        copied_secrets=copies(settings),
        fenced=fenced_platform(settings, site, keys),
    )
    return Foundation(
        keys=keys,
        network=network,
        buckets=buckets,
        registry=build_registry(settings, site, keys, opts),
        compute=compute,
        database=build_database(settings, site, network, keys, peer, internal, nodes, alarms, opts),
        online_store=build_online_store(
            settings, site, network, keys, needs.secrets, nodes, alarms, opts
        ),
        files=build_file_system(settings, site, network, keys, nodes, opts),
        workloads=build_workloads(site, grounds, opts),
        needs=needs,
        fence=build_fence(settings, site, keys, peer, opts),
        guardrails=guard(settings, site, topics, _evidence(buckets, keys), opts),
        edge=edge,
    )


def _evidence(buckets: Buckets, keys: Keys) -> Evidence:
    # Config refuses a bucket whose object lock has a default retention, as that of logs does.
    return Evidence(
        trail=buckets.by_purpose["logs"],
        records=buckets.by_purpose[ACCESS_LOGS],
        logs_key_arn=keys.logs,
        volumes_key_arn=keys.data,
    )


def _entrance_ground(network: Network, keys: Keys, buckets: Buckets, nodes: Input[str]) -> Ground:
    return Ground(
        network=network,
        keys=keys,
        nodes=nodes,
        console_logs=buckets.by_purpose[ACCESS_LOGS],
        model_logs=buckets.by_purpose["logs"],
    )


def _edge(settings: Settings, site: Site, ground: Ground, opts: ResourceOptions) -> Edge | None:
    zone = build_zone(settings, site, opts)
    return build_edge(settings, site, zone, ground, opts) if zone else None
