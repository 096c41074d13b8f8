"""The managed online store (ElastiCache for Valkey): a primary and replicas in several zones.

Clients must use TLS and sign in; its users are in `components/cache_users.py`. Clients use the
group's own endpoint, which follows a failover, since that is the name its certificate is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions

from catalog.valkey import FAMILIES, GROUP_NAME_LIMIT, MAX_REPLICAS
from components.base import Component, Site
from components.cache_alarms import NAMESPACE, thresholds
from components.cache_users import CacheUsers, CacheUsersArgs
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.physical_names import fitted_name
from components.service_access import ServiceAccess, ServiceAccessArgs

PORT = 6379
ENGINE = "valkey"
LOGS = ("slow-log", "engine-log")


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """Plain values decide the shape; inputs only flow through.

    Raises ValueError for an engine version that the catalogue does not know, or more replicas
    than a shard has.
    """

    engine_version: str
    node_type: str
    replicas: int
    """Beside the primary, each in a zone of its own while there are zones left."""
    snapshot_days: int
    snapshot_window: str
    maintenance_window: str
    """Both windows in UTC, as ElastiCache writes them."""
    users: Mapping[str, Input[str]]
    """Password by user name."""
    vpc_id: Input[str]
    subnet_ids: Input[Sequence[Input[str]]]
    client_security_groups: Mapping[str, Input[str]]
    """Who may connect, by a name that tells why."""
    key_arn: Input[str]
    logs_key_arn: Input[str]
    log_retention_days: int
    alarm_topic_arn: Input[str] | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning, before anything is registered."""
        if self.engine_version not in FAMILIES:
            raise ValueError(
                f"engine_version: {self.engine_version!r}: expected one of "
                f"{', '.join(FAMILIES)}; add others to catalog/valkey.py"
            )
        if not 1 <= self.replicas <= MAX_REPLICAS:
            raise ValueError(
                f"replicas: {self.replicas}: expected 1 to {MAX_REPLICAS}; without one a lost "
                "zone loses the features"
            )


class Cache(Component):
    """One replication group, its network, its parameters, its users and its alarms."""

    host: pulumi.Output[str]
    """Endpoint of the primary, whichever node that is."""
    identifier: str
    arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: CacheArgs, site: Site, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__(name, site, opts)
        self.identifier = fitted_name(site, f"{name}-g{site.data_generation}", GROUP_NAME_LIMIT)
        access = self._access(args)
        group = self._group(args, access)
        self._alarms(args, group)
        self.host = group.primary_endpoint_address
        self.arn = group.arn
        self.security_group_id = access.group_id
        self.register_outputs({"host": self.host, "identifier": self.identifier})

    def _access(self, args: CacheArgs) -> ServiceAccess:
        access = ServiceAccessArgs(
            description="Valkey clients",
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_groups,
        )
        return ServiceAccess(self.child("access"), access, self.site, self.options())

    def _group(self, args: CacheArgs, access: ServiceAccess) -> aws.elasticache.ReplicationGroup:
        users = CacheUsers(
            self.child("users"),
            CacheUsersArgs(engine=ENGINE, passwords=args.users),
            self.site,
            self.options(),
        )
        return aws.elasticache.ReplicationGroup(
            self.child("group"),
            replication_group_id=self.identifier,
            description="Online store of features",
            engine=ENGINE,
            engine_version=args.engine_version,
            node_type=args.node_type,
            num_cache_clusters=args.replicas + 1,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            port=PORT,
            subnet_group_name=self._subnet_group(args).name,
            security_group_ids=[access.group_id],
            parameter_group_name=self._parameters(args).name,
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            user_group_ids=[users.group_id],
            log_delivery_configurations=[self._log(args, log) for log in LOGS],
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=args.snapshot_window,
            maintenance_window=args.maintenance_window,
            auto_minor_version_upgrade=True,
            apply_immediately=False,
            tags=self.tags("group", name=self.identifier),
            opts=self.holds_data(),
        )

    def _log(
        self, args: CacheArgs, log: str
    ) -> aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs:
        name = f"/aws/elasticache/{self.identifier}/{log}"
        group = aws.cloudwatch.LogGroup(
            self.child(log),
            name=name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.logs_key_arn,
            tags=self.tags(log, name=name),
            opts=self.options(),
        )
        return aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
            destination=group.name,
            destination_type="cloudwatch-logs",
            log_format="json",
            log_type=log,
        )

    def _subnet_group(self, args: CacheArgs) -> aws.elasticache.SubnetGroup:
        name = self.site.name(self.name)
        return aws.elasticache.SubnetGroup(
            self.child("subnets"),
            name=name,
            description="Subnets without a route to the internet",
            subnet_ids=args.subnet_ids,
            tags=self.tags("subnets", name=name),
            opts=self.options(),
        )

    def _parameters(self, args: CacheArgs) -> aws.elasticache.ParameterGroup:
        # The family is part of the name: a major upgrade needs a new group beside the old one.
        family = FAMILIES[args.engine_version]
        name = self.site.name(f"{self.name}-{family}")
        return aws.elasticache.ParameterGroup(
            self.child("parameters"),
            name=name,
            family=family,
            description="Full memory drops features that expire; idle clients leave",
            parameters=[
                {"name": "maxmemory-policy", "value": "volatile-lru"},
                {"name": "timeout", "value": "300"},
            ],
            tags=self.tags("parameters", name=name),
            opts=self.options(),
        )

    def _alarms(self, args: CacheArgs, group: aws.elasticache.ReplicationGroup) -> None:
        alarms = MetricAlarmsArgs(
            namespace=NAMESPACE,
            prefix=self.identifier,
            watch=group,
            thresholds=thresholds(self.identifier, args.replicas + 1),
            topic_arn=args.alarm_topic_arn,
        )
        MetricAlarms(self.child("alarms"), alarms, self.site, self.options())
