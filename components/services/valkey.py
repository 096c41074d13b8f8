"""Valkey in the cluster: the small online store, for stacks that do not pay for a managed one.

A primary and two replicas. It has no automatic failover: while the primary's pod moves to another
node nothing can be written, and its volume moves with it. Production uses the managed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.charts import CHARTS
from components.services.cert_manager import AUTHORITY_KEY, certificate, service_names
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped
from components.services.plan import Release, ServicePlan
from components.services.pod import CONTAINER_SECURITY, PLATFORM_SERVICE, resources, spread

CHART = CHARTS["valkey"]
NAMESPACE = CHART.namespace
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "valkey"})
PORT = 6379
USERS = "valkey-users"
TLS = "valkey-tls"
"""The Secret with its certificate, and the chart's name of the volume with it."""
HOST = service_names("valkey", NAMESPACE)[0]
EXPORTER_FOLDER = "/exporter-tls"
RELOAD_SECONDS = 3600
"""How often Valkey, from 9.1, looks for a renewed certificate."""
REPLICAS = 2
"""Beside the primary."""
USER = "feast"
ACCESS: Mapping[str, str] = {
    USER: "~* &* +@all -@admin -@dangerous +info",
    "replicator": "-@all +psync +replconf +ping",
    "monitor": "-@all +ping +info +dbsize +config|get +slowlog|get +slowlog|len +latency|latest "
    "+latency|histogram +client|setname +client|list +memory|usage",
    "default": "off",
}
"""What each user may do. All have the password of Feast's, which may do the most: none of the
others gives whoever knows it more, and there is one secret."""


def valkey(prefix: str, disk_gib: int) -> ServicePlan:
    """A primary and its replicas, each with a volume, and the user that Feast signs in as."""
    users = external_secret(
        name=USERS,
        namespace=NAMESPACE,
        source=f"{prefix}-valkey-feast",
        keys={USER: "password"},
    )
    served = certificate(
        name=TLS,
        namespace=NAMESPACE,
        # The exporter and the probes ask their own pod.
        dns_names=[*service_names("valkey", NAMESPACE), "localhost"],
    )
    release = Release(
        name="release",
        chart=CHART,
        values=_values(disk_gib),
        uses=("monitoring.coreos.com",),
        after=(users.name, served.name, "priorities", "storage/storage-gp3"),
    )
    feast = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "feast-feature-server"})
    return ServicePlan(
        name="valkey",
        parts=[users, served, release],
        flows=[
            Flow(name="feast-to-valkey", source=feast, target=PODS, ports=(PORT,)),
            Flow(name="valkey-replicates", source=PODS, target=PODS, ports=(PORT,)),
            scraped("valkey", PODS, 9121),
        ],
    )


def _values(disk_gib: int) -> dict[str, Any]:
    return {
        "auth": {
            "enabled": True,
            "usersExistingSecret": USERS,
            "aclUsers": {
                name: {"permissions": permissions, "passwordKey": USER}
                for name, permissions in ACCESS.items()
            },
        },
        # Replicas speak it to their primary too; nothing listens without.
        "tls": {
            "enabled": True,
            "existingSecret": TLS,
            "serverPublicKey": "tls.crt",
            "serverKey": "tls.key",
            "caPublicKey": AUTHORITY_KEY,
        },
        "valkeyConfig": f"tls-auto-reload-interval {RELOAD_SECONDS}\n",
        "replica": {
            "enabled": True,
            "replicas": REPLICAS,
            "replicationUser": "replicator",
            "persistence": {"size": f"{disk_gib}Gi", "storageClass": "gp3"},
        },
        "podDisruptionBudget": {
            "enabled": True,
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
        "resources": resources("500m", "2Gi", memory_limit="4Gi"),
        "initResources": resources("50m", "64Mi"),
        "priorityClassName": PLATFORM_SERVICE,
        "topologySpreadConstraints": spread(PODS.labels),
        "metrics": {
            "enabled": True,
            "exporter": {
                "extraEnvs": {
                    "REDIS_USER": "monitor",
                    "REDIS_ADDR": f"rediss://localhost:{PORT}",
                    "REDIS_EXPORTER_TLS_CA_CERT_FILE": f"{EXPORTER_FOLDER}/{AUTHORITY_KEY}",
                },
                "extraVolumeMounts": [
                    {"name": TLS, "mountPath": EXPORTER_FOLDER, "readOnly": True}
                ],
                "resources": resources("20m", "64Mi"),
                "securityContext": dict(CONTAINER_SECURITY),
            },
            "serviceMonitor": {"enabled": True},
        },
    }
