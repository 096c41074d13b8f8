"""CloudWatch's figures of what the cluster depends on: database, cache, files, buckets, doors.

Only resources with the stack's tags are asked for: each figure costs.
Source: yet-another-cloudwatch-exporter, configuration reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.images import CLOUDWATCH_EXPORTER
from components.inputs import json_text
from components.services.exporter import NAMESPACE, ExporterArgs, exporter
from components.services.flows import Pods, scraped, to_aws
from components.services.plan import ServicePlan

NAME = "cloudwatch-exporter"
PORT = 5000
MINUTES = 60
EVERY = 5 * MINUTES
HOUR = 60 * MINUTES
DAY = 24 * HOUR
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})

FIGURES: Mapping[str, Mapping[str, str]] = {
    "AWS/RDS": {
        "CPUUtilization": "Average",
        "FreeStorageSpace": "Average",
        "ReplicaLag": "Average",
    },
    "AWS/ElastiCache": {"DatabaseMemoryUsagePercentage": "Average"},
    "AWS/EFS": {"PercentIOLimit": "Average"},
    "AWS/ApplicationELB": {"RequestCount": "Sum", "HTTPCode_Target_5XX_Count": "Sum"},
    "AWS/NetworkELB": {"ActiveFlowCount": "Average"},
    "AWS/NATGateway": {"BytesOutToDestination": "Sum", "ErrorPortAllocation": "Sum"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage": "Maximum"},
}
"""Statistic of each metric, by CloudWatch's namespace."""
EVENTS = {"MatchedEvents": "Sum"}
"""Of EventBridge's rules, by name: how findings of GuardDuty and Security Hub are counted."""
BILLING = {"EstimatedCharges": "Maximum"}
BILLING_REGION = "us-east-1"
"""AWS keeps the figures of the bill there, whatever region they are about, and only once
"billing alerts" are switched on in the account. Source: AWS Billing user guide."""
REPLICATION = {"ReplicationLatency": "Maximum", "OperationsFailedReplication": "Sum"}


@dataclass(frozen=True, kw_only=True)
class CloudWatchExporterArgs:
    """`tags` are the ones that every resource of the stack has."""

    region: str
    tags: Mapping[str, str]


def cloudwatch_exporter(args: CloudWatchExporterArgs) -> ServicePlan:
    """The exporter, with the identity of the workload `metrics`."""
    parts = exporter(
        ExporterArgs(
            name=NAME,
            image=CLOUDWATCH_EXPORTER,
            port=PORT,
            args=("-config.file=/config/config.json", f"-scraping-interval={EVERY}"),
            files={"config.json": json_text(document(args))},
            after=("@identity/metrics",),
        )
    )
    flows = [*to_aws(NAME, PODS), scraped(NAME, PODS, PORT)]
    return ServicePlan(name=NAME, parts=parts, flows=flows)


def document(args: CloudWatchExporterArgs) -> dict[str, Any]:
    """The exporter's configuration; it reads YAML, of which JSON is a part."""
    return {
        "apiVersion": "v1alpha1",
        "discovery": {
            "jobs": [
                *(_job(args, space, figures) for space, figures in FIGURES.items()),
                _sizes(args),
            ]
        },
        "customNamespace": [_replication(args), _events(args), _bill()],
    }


def metric_name(space: str, metric: str, statistic: str) -> str:
    """The name under which the exporter writes a metric of CloudWatch."""
    service = space.partition("/")[2].lower()
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", metric).lower()
    return f"aws_{service}_{words}_{statistic.lower()}"


def _job(args: CloudWatchExporterArgs, space: str, figures: Mapping[str, str]) -> dict[str, Any]:
    tags = [{"key": key, "value": f"^{value}$"} for key, value in args.tags.items()]
    return {
        "type": space,
        "regions": [args.region],
        "searchTags": tags,
        "metrics": _metrics(figures, EVERY, EVERY),
    }


def _sizes(args: CloudWatchExporterArgs) -> dict[str, Any]:
    """S3 tells the size of a bucket once a day."""
    job = _job(args, "AWS/S3", {})
    return {**job, "metrics": _metrics({"BucketSizeBytes": "Average"}, DAY, 2 * DAY)}


def _replication(args: CloudWatchExporterArgs) -> dict[str, Any]:
    """Dimensions of replication do not name the bucket as its other figures do."""
    return {
        "name": "bucket-replication",
        "namespace": "AWS/S3",
        "regions": [args.region],
        "dimensionNameRequirements": ["SourceBucket", "DestinationBucket", "RuleId"],
        "metrics": _metrics(REPLICATION, EVERY, 3 * EVERY),
    }


def _events(args: CloudWatchExporterArgs) -> dict[str, Any]:
    return {
        "name": "events",
        "namespace": "AWS/Events",
        "regions": [args.region],
        "dimensionNameRequirements": ["RuleName"],
        "metrics": _metrics(EVENTS, EVERY, EVERY),
    }


def _bill() -> dict[str, Any]:
    """The month's charges so far, service by service; AWS adds them up a few times a day."""
    return {
        "name": "bill",
        "namespace": "AWS/Billing",
        "regions": [BILLING_REGION],
        "dimensionNameRequirements": ["Currency", "ServiceName"],
        "metrics": _metrics(BILLING, 6 * HOUR, DAY),
    }


def _metrics(figures: Mapping[str, str], period: int, length: int) -> list[dict[str, Any]]:
    return [
        {"name": name, "statistics": [statistic], "period": period, "length": length}
        for name, statistic in figures.items()
    ]
