"""The managed online store from the stack file."""

from __future__ import annotations

from pulumi import Input, ResourceOptions

from components.base import Site
from components.cache import Cache, CacheArgs
from components.keys import Keys
from components.network import Network
from components.service_secrets import ServiceSecrets
from infra.settings import Settings

CLIENT = "feast"
"""The only user; its password is the secret `valkey-feast`."""


def build_online_store(
    settings: Settings,
    site: Site,
    network: Network,
    keys: Keys,
    secrets: ServiceSecrets,
    nodes: Input[str],
    topic: Input[str] | None,
    opts: ResourceOptions,
) -> Cache | None:
    """Reached by the security group of the `nodes`; alarms go to `topic`. A standby's is there and
    empty: a failover has no time to make one, and features are materialised into it again.

    None where Feast uses the one in the cluster."""
    store = settings.services.learning.feast.online_store
    if store.kind != "managed":
        return None
    args = CacheArgs(
        engine_version=store.engine_version,
        node_type=store.node_type,
        replicas=store.replicas,
        snapshot_days=store.snapshot_days,
        snapshot_window=store.snapshot_window,
        maintenance_window=store.maintenance_window,
        users={CLIENT: secrets.passwords[f"valkey-{CLIENT}"]},
        vpc_id=network.vpc_id,
        subnet_ids=network.subnet_ids("database"),
        client_security_groups={"nodes": nodes},
        key_arn=keys.data,
        logs_key_arn=keys.logs,
        log_retention_days=settings.logs.retention_days,
        alarm_topic_arn=topic,
    )
    return Cache("features", args, site, opts)
