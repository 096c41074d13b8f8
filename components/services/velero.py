"""Velero: objects of the cluster and snapshots of its volumes, each night to the backups bucket.

Pod Identity reaches its server through the AWS SDK's default chain, so it has no secret. Volumes
of EBS are snapshots; EFS has none, so the node agent copies its files to the bucket. Without a
policy that says so, each claim on EFS would fail the whole backup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.images import VELERO_AWS
from components.inputs import json_text
from components.services.flows import PROMETHEUS, Pods, scraped, to_api, to_aws
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources

CHART = CHARTS["velero"]
PODS = Pods(namespace=CHART.namespace)
METRICS_PORT = 8085
POLICIES = "volume-policies"


def _driver(name: str, action: str) -> dict[str, Any]:
    return {"conditions": {"csi": {"driver": name}}, "action": {"type": action}}


VOLUME_POLICIES: Mapping[str, Any] = {
    "version": "v1",
    "volumePolicies": [
        # Samples are read for weeks, not restored, and are the largest volumes of all. Claims of
        # a StatefulSet carry the labels that its pods are selected by.
        {
            "conditions": {"pvcLabels": dict(PROMETHEUS.labels)},
            "action": {"type": "skip"},
        },
        _driver("efs.csi.aws.com", "fs-backup"),
        _driver("ebs.csi.aws.com", "snapshot"),
    ],
}
"""What is done with each volume; the first that fits. Source: Velero, resource policies."""


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
    """Server, node agent, locations, what is done with each volume, and the nightly schedule."""
    policies = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": POLICIES, "namespace": CHART.namespace},
        "data": {"policies.yaml": json_text(VOLUME_POLICIES)},
    }
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
        after=("priorities", "policies", "storage/storage-snapshots", "@identity/velero"),
    )
    return ServicePlan(
        name="velero",
        parts=[Object(name="policies", manifest=policies), release],
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
            # What the nodes say is gone with the nodes.
            "excludedNamespaces": ["logging", "node-metrics", "gpu-system"],
            "snapshotVolumes": True,
            "resourcePolicy": {"kind": "ConfigMap", "name": POLICIES},
        },
    }
