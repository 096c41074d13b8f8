"""What each workload of the platform may do in AWS: one least-privilege role per service account.

Namespaces and service accounts are those of the deployment runbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, ResourceOptions

from components.base import Site
from components.buckets import Buckets
from components.cluster import Cluster, cluster_arn
from components.keys import Keys
from components.permissions import Statement
from components.workload_identity import WorkloadIdentity, WorkloadIdentityArgs

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


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A service account and what its pods may do."""

    name: str
    namespace: str
    service_account: str
    statements: Sequence[Statement]


def workloads(site: Site, buckets: Buckets, keys: Keys) -> list[Workload]:
    """Every workload that calls AWS and is not an add-on."""
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
            name="velero",
            namespace="velero",
            service_account="velero",
            statements=_bucket(buckets, "backups", keys.data, READ_AND_WRITE),
        ),
        Workload(
            name="external-secrets",
            namespace="external-secrets",
            service_account="external-secrets",
            statements=_secrets(site, keys.secrets),
        ),
    ]


def build_workloads(
    site: Site, cluster: Cluster, buckets: Buckets, keys: Keys, opts: ResourceOptions
) -> dict[str, WorkloadIdentity]:
    """The role and association of every workload, by its name."""
    return {
        workload.name: _identity(workload, site, cluster, opts)
        for workload in workloads(site, buckets, keys)
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
