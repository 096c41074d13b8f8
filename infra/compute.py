"""The compute layer from the stack file: the cluster, its node pools and its add-ons."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, ResourceOptions

from catalog.kubernetes import RELEASES
from components import cluster_alarms
from components.addons import Addons, AddonsArgs
from components.base import Site
from components.break_glass import BreakGlass, BreakGlassArgs
from components.capacity_reservations import CapacityReservations, CapacityReservationsArgs
from components.cluster import Cluster, ClusterArgs, cluster_name
from components.keys import Keys
from components.metric_alarms import MetricAlarms, MetricAlarmsArgs
from components.network import Network
from components.node_pool import NodePool
from components.node_role import NodeRole
from infra.governance_rules import BREAK_GLASS
from infra.pools import Ground, carries_addons, pools
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Compute:
    """A cluster with nodes."""

    cluster: Cluster
    node_role: NodeRole
    pools: dict[str, NodePool]
    addons: Addons


def build_cluster(
    settings: Settings, site: Site, network: Network, keys: Keys, opts: ResourceOptions
) -> Cluster:
    """The control plane, in the private subnets, and the role of last resort for it."""
    principals = BreakGlassArgs(principals=settings.identity.break_glass)
    break_glass = BreakGlass(BREAK_GLASS, principals, site, opts)
    args = ClusterArgs(
        kubernetes_version=settings.cluster.version,
        vpc_id=network.vpc_id,
        subnet_ids=network.subnet_ids("private"),
        secrets_key_arn=keys.secrets,
        logs_key_arn=keys.logs,
        log_retention_days=settings.logs.retention_days,
        admins={**settings.identity.admins, BREAK_GLASS: break_glass.role_arn},
        addon_versions=RELEASES[settings.cluster.version].addons,
        public_access_cidrs=settings.reachability.cidrs,
        service_cidr=settings.cluster.service_cidr,
    )
    return Cluster("cluster", args, site, opts)


def watch_cluster(
    site: Site, cluster: Cluster, alarms: Input[str] | None, opts: ResourceOptions
) -> None:
    """The alarm that rings when nothing in the cluster can."""
    args = MetricAlarmsArgs(
        namespace=cluster_alarms.NAMESPACE,
        prefix=site.name("cluster"),
        watch=cluster.eks,
        thresholds=cluster_alarms.thresholds(cluster_name(site)),
        topic_arn=alarms,
    )
    MetricAlarms("cluster-alarms", args, site, opts)


def reserve_gpus(settings: Settings, site: Site, opts: ResourceOptions) -> None:
    """Capacity that waits for GPU nodes, where the stack file asks for any."""
    gpu = settings.gpu
    if gpu is None or not gpu.reserved:
        return
    args = CapacityReservationsArgs(
        instance_type=gpu.instance_type, count=gpu.reserved, zones=settings.network.zones
    )
    CapacityReservations("gpu-capacity", args, site, opts)


def build_compute(
    settings: Settings,
    site: Site,
    cluster: Cluster,
    network: Network,
    keys: Keys,
    opts: ResourceOptions,
) -> Compute:
    """Nodes for `cluster`, then the add-ons that need nodes."""
    role = NodeRole("nodes", site, opts)
    ground = Ground(
        cluster=cluster.eks,
        cluster_name=cluster.cluster_name,
        node_role_arn=role.arn,
        subnet_ids=network.subnet_ids("private"),
        volume_key_arn=keys.data,
        # A node without a way out never joins: routes and endpoints come first.
        before=[*cluster.before_nodes, network],
    )
    made = {
        name: NodePool(name, args, site, opts) for name, args in pools(settings, ground).items()
    }
    reserve_gpus(settings, site, opts)
    addons = AddonsArgs(
        cluster_name=cluster.cluster_name,
        cluster_arn=cluster.arn,
        versions=RELEASES[settings.cluster.version].addons,
        volumes_key_arn=keys.data,
        nodes=[pool.group for name, pool in made.items() if carries_addons(name)],
    )
    return Compute(
        cluster=cluster,
        node_role=role,
        pools=made,
        addons=Addons("addons", addons, site, opts),
    )
