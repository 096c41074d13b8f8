"""What each workload of the platform may do in AWS: one least-privilege role per service account.

Namespaces and service accounts are those of the charts, or of the deployment runbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions

from catalog.charts import CHARTS
from components.base import Site
from components.buckets import Buckets
from components.cluster import Cluster, cluster_arn
from components.keys import Keys
from components.permissions import Statement
from components.services import argo_workflows, lease_agent
from components.services.teams import ACCOUNT, identity
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from infra import controller_access
from infra.bucket_access import (
    READ,
    READ_AND_WRITE,
    WRITE,
    Access,
    in_bucket,
    not_of_tenants,
    of_tenant,
)
from infra.compute import Compute
from infra.edge import Edge
from infra.fencing import FencedPlatform
from infra.governance_settings import Team
from infra.scaling_settings import Scaler
from infra.service_needs import ServiceNeeds

TRAINING = "training"
"""Namespace of everyone's training; its workflows are a tenant of the artifacts like a team."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A service account and what its pods may do."""

    name: str
    namespace: str
    service_account: str
    statements: Sequence[Statement]
    also: Sequence[str] = ()
    """Other service accounts of the namespace with the same role."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class WorkloadGround:
    """What workloads are given access to."""

    buckets: Buckets
    keys: Keys
    compute: Compute
    needs: ServiceNeeds
    edge: Edge | None
    teams: Sequence[Team]
    scaler: Scaler
    fenced: FencedPlatform | None
    copied_secrets: Sequence[str] = ()
    """Another stack's secrets of which this region has copies to read, by name."""


def workloads(site: Site, ground: WorkloadGround) -> list[Workload]:
    """Every workload that calls AWS and is not an add-on."""
    return [
        *_services(ground),
        *_controllers(site, ground),
        *_agents(site, ground.fenced),
        *_people(site, ground),
    ]


def _services(ground: WorkloadGround) -> list[Workload]:
    buckets, keys = ground.buckets, ground.keys
    return [
        Workload(
            name="mlflow",
            namespace="mlops-platform",
            service_account="mlflow-sa",
            statements=_bucket(buckets, "artifacts", keys.data, READ_AND_WRITE),
        ),
        Workload(
            name="feast",
            namespace="mlops-platform",
            service_account="feast-sa",
            statements=_bucket(buckets, "features", keys.data, READ_AND_WRITE),
        ),
        Workload(
            name="model-server",
            namespace="models",
            service_account="model-server",
            statements=[
                *_bucket(buckets, "models", keys.data, READ),
                # Data scientists make its pods; what a team keeps is the team's.
                not_of_tenants(buckets.by_purpose["models"].arn),
            ],
        ),
        Workload(
            name="velero",
            namespace="velero",
            service_account="velero",
            statements=[
                *_bucket(buckets, "backups", keys.data, READ_AND_WRITE),
                *controller_access.velero(),
            ],
        ),
        Workload(
            name="platform-api",
            namespace="mlops-platform",
            service_account="platform-api",
            statements=_bucket(buckets, "models", keys.data, READ),
        ),
        Workload(
            name="database-backup",
            namespace="mlops-platform",
            service_account="database-backup",
            statements=_bucket(buckets, "backups", keys.data, WRITE),
        ),
    ]


def _controllers(site: Site, ground: WorkloadGround) -> list[Workload]:
    made = [
        _controller(ground.scaler, ground.scaler, _scaler(site, ground)),
        _controller(
            "load-balancer-controller",
            "aws-load-balancer-controller",
            controller_access.load_balancer_controller(_target_groups(ground.edge)),
        ),
        _controller("external-secrets", "external-secrets", _secrets(site, ground)),
        Workload(
            name="logs",
            namespace="logging",
            service_account="fluent-bit",
            statements=controller_access.log_collector(list(ground.needs.logs.arns.values())),
        ),
        Workload(
            name="metrics",
            namespace="monitoring",
            service_account="cloudwatch-exporter",
            statements=controller_access.metrics_exporter(),
        ),
    ]
    if ground.edge is None:
        return made
    zone = controller_access.external_dns(ground.edge.zone.zone_id)
    return [*made, _controller("external-dns", "external-dns", zone)]


def _agents(site: Site, fenced: FencedPlatform | None) -> list[Workload]:
    """Of the fence, in a standby too: a failover makes no role."""
    if fenced is None:
        return []
    agent = Workload(
        name=lease_agent.NAME,
        namespace=lease_agent.NAMESPACE,
        service_account=lease_agent.NAME,
        statements=controller_access.lease_agent(site, fenced),
    )
    return [agent]


def _people(site: Site, ground: WorkloadGround) -> list[Workload]:
    """Of what people run: everyone's workflows, and each team's pods and workflows."""
    buckets, key = ground.buckets.by_purpose, ground.keys.data
    artifacts = buckets["artifacts"].arn
    workflows = Workload(
        name="workflows",
        namespace=TRAINING,
        service_account=argo_workflows.ACCOUNT,
        statements=of_tenant(TRAINING, [artifacts], key, site.region),
    )
    kept = [buckets["models"].arn, artifacts, buckets["features"].arn]
    teams = [
        Workload(
            name=identity(team.name),
            namespace=team.name,
            service_account=ACCOUNT,
            also=(argo_workflows.ACCOUNT,),
            statements=of_tenant(team.name, kept, key, site.region),
            tags={"Team": team.name, "CostCenter": team.cost_center},
        )
        for team in ground.teams
    ]
    return [workflows, *teams]


def _scaler(site: Site, ground: WorkloadGround) -> list[Statement]:
    """Of the one that runs: the other's right to make nodes, or to end them, is not given."""
    if ground.scaler == "cluster-autoscaler":
        return controller_access.cluster_autoscaler(site)
    queue, nodes = ground.needs.interruptions.arn, ground.compute.node_role.arn
    return controller_access.karpenter(site, queue, nodes)


def _controller(name: str, chart: str, statements: Sequence[Statement]) -> Workload:
    pin = CHARTS[chart]
    return Workload(
        name=name,
        namespace=pin.namespace,
        service_account=pin.service_accounts[0],
        statements=statements,
    )


def _target_groups(edge: Edge | None) -> list[Output[str]]:
    if edge is None:
        return []
    return [*edge.consoles.target_group_arns.values(), edge.models.target_group_arn]


def build_workloads(
    site: Site, ground: WorkloadGround, opts: ResourceOptions
) -> dict[str, WorkloadIdentity]:
    """The role and association of every workload, by its name."""
    cluster = ground.compute.cluster
    return {
        workload.name: _identity(workload, site, cluster, opts)
        for workload in workloads(site, ground)
    }


def _identity(
    workload: Workload, site: Site, cluster: Cluster, opts: ResourceOptions
) -> WorkloadIdentity:
    args = WorkloadIdentityArgs(
        cluster_name=cluster.cluster_name,
        cluster_arn=cluster_arn(site),
        namespace=workload.namespace,
        service_account=workload.service_account,
        statements=workload.statements,
        also=workload.also,
        tags=workload.tags,
    )
    return WorkloadIdentity(workload.name, args, site, opts)


def _bucket(buckets: Buckets, purpose: str, key_arn: Input[str], access: Access) -> list[Statement]:
    return in_bucket(buckets.by_purpose[purpose].arn, key_arn, access)


def _secrets(site: Site, ground: WorkloadGround) -> list[Statement]:
    """Secrets whose name begins with the stack's prefix, copies of another's by name, no others."""
    secret = f"arn:aws:secretsmanager:{site.region}:{site.account_id}:secret:"
    read = ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret")
    own = [
        Statement(sid="Secrets", actions=read, resources=[f"{secret}{site.prefix}-*"]),
        Statement(sid="Key", actions=("kms:Decrypt",), resources=[ground.keys.secrets]),
    ]
    if not ground.copied_secrets:
        return own
    # Secrets Manager adds six characters to each name.
    copies = [f"{secret}{name}-??????" for name in ground.copied_secrets]
    # The key on them is the other stack's, which nothing here names.
    keys = f"arn:aws:kms:{site.region}:{site.account_id}:key/*"
    through = {"StringEquals": {"kms:ViaService": f"secretsmanager.{site.region}.amazonaws.com"}}
    return [
        *own,
        Statement(sid="Copies", actions=read, resources=copies),
        Statement(sid="CopiesKey", actions=("kms:Decrypt",), resources=[keys], conditions=through),
    ]
