"""What each workload of the platform may do in AWS: one least-privilege role per service account.

Namespaces and service accounts are those of the charts, or of the deployment runbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions

from catalog.charts import CHARTS
from components.base import Site
from components.buckets import Buckets
from components.cluster import Cluster, cluster_arn
from components.keys import Keys
from components.permissions import Statement
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs
from infra import controller_access
from infra.compute import Compute
from infra.edge import Edge
from infra.scaling_settings import Scaler
from infra.service_needs import ServiceNeeds

LIST = ("s3:ListBucket", "s3:GetBucketLocation")


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a workload may do with the objects of a bucket, and with the key on them."""

    objects: Sequence[str]
    key: Sequence[str]


READ = Access(objects=("s3:GetObject", "s3:GetObjectVersion"), key=("kms:Decrypt",))
READ_AND_WRITE = Access(
    objects=(*READ.objects, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"),
    key=("kms:Decrypt", "kms:GenerateDataKey"),
)
WRITE = Access(objects=("s3:PutObject", "s3:GetObject"), key=("kms:Decrypt", "kms:GenerateDataKey"))


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A service account and what its pods may do."""

    name: str
    namespace: str
    service_account: str
    statements: Sequence[Statement]


@dataclass(frozen=True, kw_only=True)
class WorkloadGround:
    """What workloads are given access to."""

    buckets: Buckets
    keys: Keys
    compute: Compute
    needs: ServiceNeeds
    edge: Edge | None
    scaler: Scaler


def workloads(site: Site, ground: WorkloadGround) -> list[Workload]:
    """Every workload that calls AWS and is not an add-on."""
    return [*_services(ground), *_controllers(site, ground)]


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
            statements=_bucket(buckets, "models", keys.data, READ),
        ),
        Workload(
            name="workflows",
            namespace="argo",
            service_account="workflows",
            statements=_bucket(buckets, "artifacts", keys.data, READ_AND_WRITE),
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
        _controller("external-secrets", "external-secrets", _secrets(site, ground.keys.secrets)),
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
    )
    return WorkloadIdentity(workload.name, args, site, opts)


def _bucket(buckets: Buckets, purpose: str, key_arn: Input[str], access: Access) -> list[Statement]:
    arn = buckets.by_purpose[purpose].arn
    return [
        Statement(sid="Objects", actions=access.objects, resources=[Output.concat(arn, "/*")]),
        Statement(sid="Bucket", actions=LIST, resources=[arn]),
        Statement(sid="Key", actions=access.key, resources=[key_arn]),
    ]


def _secrets(site: Site, key_arn: Input[str]) -> list[Statement]:
    """Secrets whose name begins with the stack's prefix, and no others."""
    ours = f"arn:aws:secretsmanager:{site.region}:{site.account_id}:secret:{site.prefix}-*"
    read = ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret")
    return [
        Statement(sid="Secrets", actions=read, resources=[ours]),
        Statement(sid="Key", actions=("kms:Decrypt",), resources=[key_arn]),
    ]
