"""Valkey in the cluster: the small online store, for stacks that do not pay for a managed one.

It has no automatic failover: losing its pod is losing what the features were until they are
written again. Production uses the managed one.
"""

from __future__ import annotations

from typing import Any

from catalog.charts import CHARTS
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped
from components.services.plan import Release, ServicePlan
from components.services.pod import resources

CHART = CHARTS["valkey"]
NAMESPACE = CHART.namespace
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "valkey"})
PORT = 6379
USERS = "valkey-users"


def valkey(prefix: str, disk_gib: int) -> ServicePlan:
    """One pod with a volume, and the user that Feast signs in as."""
    users = external_secret(
        name=USERS,
        namespace=NAMESPACE,
        source=f"{prefix}-valkey-feast",
        keys={"feast": "password"},
    )
    permissions = {"permissions": "~* &* +@all -@admin -@dangerous +info"}
    values: dict[str, Any] = {
        "auth": {
            "enabled": True,
            "usersExistingSecret": USERS,
            "aclUsers": {"feast": permissions, "default": {"permissions": "off"}},
        },
        "dataStorage": {"enabled": True, "requestedSize": f"{disk_gib}Gi", "className": "gp3"},
        "resources": resources("500m", "2Gi", memory_limit="4Gi"),
        "metrics": {"enabled": True},
    }
    release = Release(
        name="release", chart=CHART, values=values, after=(users.name, "storage/storage-gp3")
    )
    return ServicePlan(
        name="valkey",
        parts=[users, release],
        flows=[
            Flow(
                name="feast-to-valkey",
                source=Pods(
                    namespace=NAMESPACE,
                    labels={"app.kubernetes.io/name": "feast-feature-server"},
                ),
                target=PODS,
                ports=(PORT,),
            ),
            scraped("valkey", PODS, 9121),
        ],
    )
