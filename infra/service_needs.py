"""What the services need in AWS beside the foundation: secrets, log groups, a queue."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ResourceOptions

from components.base import Site
from components.interruption_queue import InterruptionQueue
from components.keys import Keys
from components.log_groups import LogGroups, LogGroupsArgs
from components.service_secrets import ServiceSecrets, ServiceSecretsArgs
from infra.database_secrets import made_elsewhere
from infra.peer_region import PeerRegion
from infra.settings import Settings

STREAMS = ("applications", "platform", "nodes")


@dataclass(frozen=True, kw_only=True)
class ServiceNeeds:
    """Made for the services alone."""

    secrets: ServiceSecrets
    logs: LogGroups
    interruptions: InterruptionQueue


def build_service_needs(
    settings: Settings, site: Site, keys: Keys, peer: PeerRegion | None, opts: ResourceOptions
) -> ServiceNeeds:
    """Nothing here waits for the cluster."""
    groups = LogGroupsArgs(
        streams=STREAMS, key_arn=keys.logs, retention_days=settings.logs.retention_days
    )
    secrets = ServiceSecretsArgs(
        key_arn=keys.secrets,
        copies=peer.secret_copies if peer else {},
        without=made_elsewhere(settings),
    )
    return ServiceNeeds(
        secrets=ServiceSecrets("secrets", secrets, site, opts),
        logs=LogGroups("cluster-logs", groups, site, opts),
        interruptions=InterruptionQueue("interruption", site, opts),
    )
