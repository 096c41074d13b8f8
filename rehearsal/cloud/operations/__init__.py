"""Operations that this package carries out itself, one module a subject: what moto lacks,
and what moto does so differently from AWS that a client would be misled.

An operation may let moto do its part through `call.upstream()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from rehearsal.cloud import borrowed
from rehearsal.cloud.borrowed import OperationModel
from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError, not_implemented
from rehearsal.cloud.operations import (
    access_analyzer,
    automated_backups,
    backups,
    batch_jobs,
    bucket_configurations,
    bucket_replication,
    buckets,
    budgets,
    caches,
    capacity_reservations,
    certificates,
    cost_anomalies,
    database_settings,
    database_snapshots,
    databases,
    deliveries,
    dns_records,
    ec2_defaults,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_nodegroups,
    eks_pod_identity,
    eks_tags,
    eks_updates,
    file_systems,
    global_tables,
    health_checks,
    instances,
    kept_secrets,
    keys,
    load_balancers,
    log_groups,
    metrics,
    nat_gateways,
    own_tags,
    placement_groups,
    quotas,
    records,
    registry,
    security_hub,
    tagging,
    threat_detection,
    vpc_endpoints,
    vpcs,
    web_acls,
)

Operation = Callable[[Call], Answer]

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "accessanalyzer": access_analyzer.OPERATIONS,
    "acm": certificates.OPERATIONS,
    "backup": backups.OPERATIONS,
    "budgets": budgets.OPERATIONS,
    "ce": cost_anomalies.OPERATIONS,
    "cloudtrail": deliveries.CLOUDTRAIL,
    "cloudwatch": metrics.OPERATIONS,
    "config": deliveries.CONFIG,
    "dynamodb": global_tables.OPERATIONS,
    "ec2": {
        **capacity_reservations.OPERATIONS,
        **ec2_defaults.OPERATIONS,
        **instances.OPERATIONS,
        **nat_gateways.OPERATIONS,
        **own_tags.OPERATIONS,
        **placement_groups.OPERATIONS,
        **vpc_endpoints.OPERATIONS,
        **vpcs.OPERATIONS,
    },
    "ecr": registry.OPERATIONS,
    "efs": file_systems.OPERATIONS,
    "elasticache": caches.OPERATIONS,
    "eks": {
        **eks_access.OPERATIONS,
        **eks_addons.OPERATIONS,
        **eks_clusters.OPERATIONS,
        **eks_nodegroups.OPERATIONS,
        **eks_pod_identity.OPERATIONS,
        **eks_tags.OPERATIONS,
        **eks_updates.OPERATIONS,
    },
    "elbv2": load_balancers.OPERATIONS,
    "guardduty": {**tagging.GUARDDUTY, **threat_detection.OPERATIONS},
    "kms": keys.OPERATIONS,
    "logs": log_groups.OPERATIONS,
    "rds": {
        **automated_backups.OPERATIONS,
        **database_settings.OPERATIONS,
        **database_snapshots.OPERATIONS,
        **databases.OPERATIONS,
    },
    "resourcegroupstaggingapi": tagging.GROUPS,
    "route53": {**dns_records.OPERATIONS, **health_checks.OPERATIONS, **records.OPERATIONS},
    "s3control": batch_jobs.OPERATIONS,
    "s3": {
        **bucket_configurations.OPERATIONS,
        **bucket_replication.OPERATIONS,
        **buckets.OPERATIONS,
    },
    "service-quotas": quotas.OPERATIONS,
    "secretsmanager": kept_secrets.OPERATIONS,
    "securityhub": {**security_hub.OPERATIONS, **tagging.OPERATIONS},
    "wafv2": web_acls.OPERATIONS,
}
"""By service, then by operation."""

WHOLLY_OURS = frozenset({"accessanalyzer", "eks"})
"""Services of which nothing is passed to moto: its state and ours would contradict."""

MISTAKEN = {
    "s3": (
        "*Abac",
        "*Annotation*",
        "*Metadata*Configuration",
        "CreateSession",
        "GetObjectTorrent",
        "ListDirectoryBuckets",
        "PutBucketRequestPayment",
        "RenameObject",
        "UpdateObjectEncryption",
        "WriteGetObjectResponse",
    )
}
"""Operations that moto lacks without knowing it: it takes them for others and says 200."""


def find(service: str, operation: str) -> Operation | None:
    """Our own implementation of an operation, or None where moto's is used. Raises
    ApiError for an operation that is missing from a service that is wholly ours."""
    found = OPERATIONS.get(service, {}).get(operation)
    mistaken = any(fnmatchcase(operation, each) for each in MISTAKEN.get(service, ()))
    if found is None and (service in WHOLLY_OURS or mistaken):
        raise not_implemented(service, operation)
    return found


def checked(model: OperationModel, answer: Answer) -> Answer:
    """`answer`, held against botocore's output shape, so that a slip of ours does not
    look like an answer of AWS. Raises ApiError `InternalFailure`."""
    if model.output_shape is None:
        return {}
    report = borrowed.report(answer, model.output_shape)
    if report.has_errors():
        raise ApiError(
            "InternalFailure",
            f"the simulated {model.name} answers against its model: {report.generate_report()}",
            500,
        )
    return answer
