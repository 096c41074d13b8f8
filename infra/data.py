"""The data layer from the stack file: network, keys, buckets, database, files and images."""

from __future__ import annotations

from pulumi import Input, ResourceOptions

from catalog.postgres import FAMILIES
from components.base import Site
from components.bucket_lifecycle import Ageing
from components.buckets import Buckets, BucketsArgs
from components.cluster import cluster_name
from components.database import Database, DatabaseArgs
from components.file_system import AccessPoint, FileSystem, FileSystemArgs
from components.keys import Keys, KeysArgs
from components.network import AdoptedNetwork, Network, NetworkArgs
from components.registry import Registry, RegistryArgs
from components.subnets import ZoneBlocks
from components.zone import Zone, ZoneArgs
from infra.network_plan import plan_subnets
from infra.network_settings import Peer
from infra.peer_region import PeerRegion
from infra.settings import Settings
from infra.where import site_of

DATABASE_HOST = "postgres"
FIRST_TEAM_USER = 10_000
"""POSIX user of the first team's files; teams are appended, so that the others keep theirs."""


def build_keys(settings: Settings, site: Site, opts: ResourceOptions) -> Keys:
    """Keys of this region, made or adopted."""
    adopted = settings.keys.adopted
    args = KeysArgs(
        adopted={"data": adopted.data, "secrets": adopted.secrets, "logs": adopted.logs}
        if adopted
        else None,
        deletion_window_days=settings.keys.deletion_window_days,
        auto_scaling_role=settings.keys.auto_scaling_role,
    )
    return Keys("keys", args, site, opts)


def build_network(settings: Settings, site: Site, keys: Keys, opts: ResourceOptions) -> Network:
    """The VPC: planned from its block and zones, or adopted."""
    network = settings.network
    args = NetworkArgs(
        cidr=network.cidr,
        zones=[
            ZoneBlocks(
                zone=plan.zone, public=plan.public, private=plan.private, database=plan.database
            )
            for plan in plan_subnets(network.cidr, network.zones)
        ],
        nat=network.nat,
        cluster_name=cluster_name(site),
        logs_key_arn=keys.logs,
        log_retention_days=settings.logs.retention_days,
        interface_endpoints=network.interface_endpoints,
        adopted=_adopted_network(settings),
    )
    return Network("network", args, site, opts)


def _adopted_network(settings: Settings) -> AdoptedNetwork | None:
    adopted = settings.network.adopted
    if adopted is None:
        return None
    return AdoptedNetwork(
        vpc_id=adopted.vpc_id,
        subnet_ids={
            "public": adopted.public_subnet_ids,
            "private": adopted.private_subnet_ids,
            "database": adopted.database_subnet_ids,
        },
    )


def build_buckets(settings: Settings, site: Site, keys: Keys, opts: ResourceOptions) -> Buckets:
    """Every bucket, with the lifecycle of the stack file."""
    buckets = settings.buckets
    args = BucketsArgs(
        data_key_arn=keys.data,
        logs_key_arn=keys.logs,
        ageing=Ageing(
            infrequent_access_days=buckets.infrequent_access_days,
            glacier_days=buckets.glacier_days,
            noncurrent_days=buckets.noncurrent_days,
            abort_upload_days=buckets.abort_upload_days,
        ),
        lock_days=buckets.lock_days,
        extra=buckets.extra,
    )
    return Buckets("buckets", args, site, opts)


def build_registry(settings: Settings, site: Site, keys: Keys, opts: ResourceOptions) -> Registry:
    """Repositories of the platform's own images."""
    args = RegistryArgs(
        namespace=registry_namespace(settings),
        repositories=settings.registry.repositories,
        key_arn=keys.data,
        keep_images=settings.registry.keep_images,
        untagged_days=settings.registry.untagged_days,
    )
    return Registry("registry", args, site, opts)


def registry_namespace(settings: Settings) -> str:
    """What stands before the name of each repository."""
    return settings.registry.namespace or settings.prefix


def internal_domain(settings: Settings) -> str:
    """Domain of private names: the same in every region, answered inside each VPC."""
    return f"internal.{settings.dns.domain}"


def build_internal_zone(
    settings: Settings, site: Site, network: Network, opts: ResourceOptions
) -> Zone:
    """The zone of private names, seen from this stack's VPC only."""
    args = ZoneArgs(domain=internal_domain(settings), vpc_ids=[network.vpc_id])
    return Zone("internal", args, site, opts)


def source_database_arn(settings: Settings) -> str | None:
    """ARN of the primary that a replica copies, from the primary's declared names."""
    if settings.role == "primary" or settings.peer is None:
        return None
    site = _site_of_peer(settings.peer)
    return f"arn:aws:rds:{site.region}:{site.account_id}:db:{site.data_name('mlflow')}"


def database_secret_name(settings: Settings) -> str:
    """Secret with the database's user and password: a replica keeps its source's when it is
    promoted, whose secret is copied under its own name."""
    if settings.stands_in and settings.peer is not None:
        return _site_of_peer(settings.peer).data_name("database")
    return site_of(settings).data_name("database")


def _site_of_peer(peer: Peer) -> Site:
    return Site(
        environment=peer.environment,
        account_id=peer.account_id,
        region=peer.region,
        prefix=peer.prefix,
        data_generation=peer.data_generation,
    )


def build_database(
    settings: Settings,
    site: Site,
    network: Network,
    keys: Keys,
    peer: PeerRegion | None,
    zone: Zone,
    nodes: Input[str],
    topic: Input[str] | None,
    opts: ResourceOptions,
) -> Database:
    """PostgreSQL, reached by the security group of the `nodes`; alarms go to `topic`."""
    database = settings.database
    if zone.zone_id is None:
        raise ValueError("internal zone: expected one that is created; the database has no name")
    args = DatabaseArgs(
        instance_class=database.instance_class,
        engine_version=database.engine_version,
        parameter_family=FAMILIES[database.engine_version],
        storage_gib=database.storage_gib,
        max_storage_gib=database.max_storage_gib,
        multi_az=database.multi_az,
        backup_retention_days=database.backup_retention_days,
        backup_window=database.backup_window,
        maintenance_window=database.maintenance_window,
        username=database.master_username,
        vpc_id=network.vpc_id,
        subnet_ids=network.subnet_ids("database"),
        client_security_groups={"nodes": nodes},
        data_key_arn=keys.data,
        secrets_key_arn=keys.secrets,
        zone_id=zone.zone_id,
        host=f"{DATABASE_HOST}.{internal_domain(settings)}",
        alarm_topic_arn=topic,
        secret_replica_regions=peer.secret_copies if peer else None,
        replica_of=source_database_arn(settings),
        promoted=settings.role == "primary" and settings.stands_in,
        logs_key_arn=keys.logs,
        log_retention_days=settings.logs.retention_days,
        # The alarm must leave time to act before the recovery point target is missed.
        lag_seconds=settings.recovery.rpo_database_minutes * 60 // 3,
    )
    return Database("database", args, site, opts)


def build_file_system(
    settings: Settings,
    site: Site,
    network: Network,
    keys: Keys,
    nodes: Input[str],
    opts: ResourceOptions,
) -> FileSystem:
    """Shared files: a folder for each team, mounted by the security group of the `nodes`."""
    args = FileSystemArgs(
        vpc_id=network.vpc_id,
        # By the zone's letter: logical names tell no region.
        subnet_ids={
            zone.removeprefix(site.region): subnet
            for zone, subnet in network.subnets["private"].items()
        },
        client_security_groups={"nodes": nodes},
        key_arn=keys.data,
        access_points={
            team.name: AccessPoint(
                path=f"/teams/{team.name}",
                uid=FIRST_TEAM_USER + place,
                gid=FIRST_TEAM_USER + place,
            )
            for place, team in enumerate(settings.teams)
        },
        infrequent_access_days=settings.file_system.infrequent_access_days,
        throughput=settings.file_system.throughput,
        backup=settings.file_system.backup,
        takes_copies=settings.role == "standby",
    )
    return FileSystem("files", args, site, opts)
