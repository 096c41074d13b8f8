"""Velero: objects of the cluster and snapshots of its volumes, each night to the backups bucket.

Pod Identity reaches its server through the AWS SDK's default chain, so it has no secret. The
node agent copies what snapshots cannot, such as EFS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.images import VELERO_AWS
from components.services.flows import Pods, scraped, to_api, to_aws
from components.services.plan import Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources

CHART = CHARTS["velero"]
PODS = Pods(namespace=CHART.namespace)
METRICS_PORT = 8085


@dataclass(frozen=True, kw_only=True)
class VeleroArgs:
    """Where backups go and how long they stay."""

    region: str
    bucket: Input[str]
    key_arn: Input[str]
    schedule: str
    """Cron expression in UTC."""
    retention_days: int


def velero(args: VeleroArgs) -> ServicePlan:
    """Server, node agent, locations and the nightly schedule."""
    release = Release(
        name="release",
        chart=CHART,
        values={
            "initContainers": [
                {
                    "name": "velero-plugin-for-aws",
                    "image": VELERO_AWS,
                    "resources": resources("50m", "64Mi"),
                    "volumeMounts": [{"name": "plugins", "mountPath": "/target"}],
                }
            ],
            "credentials": {"useSecret": False},
            "serviceAccount": {"server": {"create": True, "name": CHART.service_accounts[0]}},
            "configuration": _configuration(args),
            "schedules": {"nightly": _schedule(args)},
            "deployNodeAgent": True,
            "nodeAgent": {
                "tolerations": [{"operator": "Exists"}],
                "resources": resources("100m", "256Mi", memory_limit="1Gi"),
            },
            "resources": resources("250m", "256Mi", memory_limit="1Gi"),
            "priorityClassName": PLATFORM_CRITICAL,
            # The definitions come with the chart; a job that patches them needs a network.
            "upgradeCRDs": False,
            "metrics": {"serviceMonitor": {"enabled": True}},
        },
        uses=("monitoring.coreos.com", "snapshot.storage.k8s.io"),
        after=("priorities", "storage/storage-snapshots", "@identity/velero"),
    )
    return ServicePlan(
        name="velero",
        parts=[release],
        provides={"velero.io": "release"},
        flows=[to_api("velero", PODS), *to_aws("velero", PODS),
               scraped("velero", PODS, METRICS_PORT)],
    )  # fmt: skip


def _configuration(args: VeleroArgs) -> dict[str, Any]:
    return {
        "backupStorageLocation": [
            {
                "name": "default",
                "default": True,
                "provider": "aws",
                "bucket": args.bucket,
                "prefix": "velero",
                "config": {"region": args.region, "kmsKeyId": args.key_arn},
            }
        ],
        "volumeSnapshotLocation": [
            {"name": "default", "provider": "aws", "config": {"region": args.region}}
        ],
        "features": "EnableCSI",
        "defaultBackupTTL": f"{args.retention_days * 24}h",
    }


def _schedule(args: VeleroArgs) -> dict[str, Any]:
    return {
        "schedule": args.schedule,
        "useOwnerReferencesInBackup": False,
        "template": {
            "ttl": f"{args.retention_days * 24}h",
            "includedNamespaces": ["*"],
            # Metrics are not worth their size; what the nodes say is gone with the nodes.
            "excludedNamespaces": ["logging", "node-metrics", "gpu-system"],
            "snapshotVolumes": True,
        },
    }
