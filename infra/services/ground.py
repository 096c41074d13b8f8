"""What the foundation tells the services: its facts, and what they wait for."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.services.order import NODES
from components.services.registration import Anchors
from infra.data import database_secret_name, registry_namespace
from infra.foundation import Foundation
from infra.gpu_nodes import GPU
from infra.network_plan import plan_subnets
from infra.pools import carries_addons
from infra.services.anchors import GPU_NODES
from infra.services.facts import Facts
from infra.settings import Settings


def own_registry(settings: Settings) -> str:
    """Host and namespace of the platform's own repositories."""
    host = f"{settings.account_id}.dkr.ecr.{settings.region}.amazonaws.com"
    return f"{host}/{registry_namespace(settings)}"


def private_cidrs(settings: Settings) -> tuple[str, ...]:
    """Blocks of the private subnets; the whole VPC's where it is adopted."""
    network = settings.network
    if network.ownership != "create":
        return (network.cidr,)
    return tuple(plan.private for plan in plan_subnets(network.cidr, network.zones))


def facts_of(settings: Settings, foundation: Foundation) -> Facts:
    """The real facts."""
    network, keys, edge = foundation.network, foundation.keys, foundation.edge
    buckets = foundation.buckets.by_purpose
    return Facts(
        cluster_name=foundation.compute.cluster.cluster_name,
        cluster_endpoint=foundation.compute.cluster.endpoint,
        vpc_id=network.vpc_id,
        vpc_cidr=settings.network.cidr,
        private_cidrs=private_cidrs(settings),
        private_subnet_ids=tuple(network.subnet_ids("private")),
        nodes_security_group_id=foundation.compute.cluster.security_group_id,
        node_instance_profile=foundation.compute.node_role.instance_profile,
        interruption_queue=foundation.needs.interruptions.queue_name,
        buckets={purpose: bucket.bucket_name for purpose, bucket in buckets.items()},
        keys={"data": keys.data, "secrets": keys.secrets, "logs": keys.logs},
        database_host=foundation.database.host,
        database_secret=database_secret_name(settings),
        valkey_host=foundation.online_store.host if foundation.online_store else "",
        file_system_id=foundation.files.file_system_id,
        zone_id=edge.zone.zone_id if edge else "",
        console_targets=edge.consoles.target_group_arns if edge else {},
        model_target=edge.models.target_group_arn if edge else "",
        registry=own_registry(settings),
        alarm_topic=foundation.guardrails.topics.arns.get("critical", ""),
    )


def anchors_of(foundation: Foundation) -> Anchors:
    """What parts of the services may wait for, by name."""
    compute = foundation.compute
    system = [pool.group for name, pool in compute.pools.items() if carries_addons(name)]
    addons = compute.addons.ready
    identities: dict[str, Sequence[pulumi.Resource]] = {
        f"@identity/{name}": identity.associations
        for name, identity in foundation.workloads.items()
    }
    return {
        # Names resolve only once the cluster's DNS runs: every pod needs it.
        NODES: [*system, *addons],
        GPU_NODES: [compute.pools[GPU].group] if GPU in compute.pools else system,
        "@storage": addons,
        "@database": [foundation.database],
        "@valkey": [foundation.online_store] if foundation.online_store else [],
        "@files": [foundation.files],
        "@queue": [foundation.needs.interruptions],
        "@secrets": [foundation.needs.secrets],
        "@logs": foundation.needs.logs.ready,
        "@metrics-server": addons,
        "@edge": [foundation.edge.consoles, foundation.edge.models] if foundation.edge else [],
        **identities,
    }
