"""catalog/charts/data/crds: the schemas of the custom resources that the platform may make.

Rules in CEL stay in them: JSON schema cannot judge those, but an API server does.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.charts.crds import SCHEMAS, schema_file

KINDS = frozenset(
    {"AlertmanagerConfig", "Application", "ApplicationSet", "AppProject", "AuthorizationPolicy",
     "BackendTLSPolicy", "Backup", "BackupStorageLocation", "Certificate", "ClusterIssuer",
     "ClusterQueue", "ClusterSecretStore", "ClusterServingRuntime", "ClusterTriggerAuthentication",
     "ClusterWorkflowTemplate", "CronWorkflow", "DestinationRule", "DNSEndpoint", "EC2NodeClass",
     "EnvoyFilter", "ExternalSecret", "Gateway", "GatewayClass", "GRPCRoute", "HTTPRoute",
     "InferenceGraph", "InferenceService", "IngressClassParams", "Issuer", "KnativeServing",
     "LocalQueue", "NodePool", "PeerAuthentication", "PodMonitor", "Probe", "PrometheusRule",
     "PushSecret", "ReferenceGrant", "ResourceFlavor", "Restore", "Schedule", "ScaledJob",
     "ScaledObject", "ScrapeConfig", "SecretStore", "ServiceMonitor", "ServingRuntime",
     "TargetGroupBinding", "Telemetry", "Topology", "TriggerAuthentication",
     "VolumeSnapshotClass", "VolumeSnapshotLocation", "Workflow", "WorkflowTemplate",
     "Workload", "WorkloadPriorityClass", "RayCluster", "RayJob", "TrainJob", "TrainingRuntime",
     "ClusterTrainingRuntime", "LocalModelCache"}
)  # fmt: skip


def write(data: Path) -> int:
    """Write every schema of KINDS that `data` has, compressed; how many."""
    SCHEMAS.mkdir(parents=True, exist_ok=True)
    written = 0
    for group, kind, version, schema in _schemas(data):
        text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
        # Without a time stamp the same schema is the same file.
        compressed = gzip.compress(text.encode(), 9, mtime=0)
        schema_file(group, kind, version).write_bytes(compressed)
        written += 1
    return written


def _schemas(data: Path) -> Iterator[tuple[str, str, str, Any]]:
    wanted = {kind.lower(): kind for kind in KINDS}
    for path in sorted(data.glob("*/crd-schemas/*/*.json")):
        kind, _, version = path.stem.rpartition("_")
        if kind in wanted and path.parent.name != "eks.amazonaws.com":
            yield path.parent.name, wanted[kind], version, json.loads(path.read_text())
