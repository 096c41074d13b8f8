"""Feast: the feature server, with its registry in PostgreSQL and its online store in Valkey.

The chart puts the store's file into a plain environment value, so the file only names
variables, which come from secrets. What the chart lacks is beside it: account, scaler, budget,
monitor.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.namespaces import WORKED_IN
from components.inputs import mapped
from components.services.cert_manager import AUTHORITY_KEY
from components.services.database_bootstrap import AUTHORITIES
from components.services.database_trust import MODE, MOUNT, PATH, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped, to_aws
from components.services.plan import Object, Release, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    POD_SECURITY,
    disruption_budget,
    resources,
    service_monitor,
)

CHART = CHARTS["feast-feature-server"]
NAMESPACE = CHART.namespace
PORT = 6566
METRICS_PORT = 8000
AUTHORITY = "valkey-authority"
AUTHORITY_FOLDER = f"/etc/{AUTHORITY}"
AUTHORITY_PATH = f"{AUTHORITY_FOLDER}/{AUTHORITY_KEY}"
ACCOUNT = CHART.service_accounts[0]
LABELS = {"app.kubernetes.io/name": CHART.name}
PODS = Pods(namespace=NAMESPACE, labels=LABELS)


@dataclass(frozen=True, kw_only=True)
class FeastArgs:
    """Where its stores are; `valkey_anchor` is what an in-cluster or managed store is known by."""

    project: str
    region: str
    database_host: Input[str]
    valkey_host: Input[str]
    valkey_authority: str | None
    """The Secret beside whose certificate its authority's is, for a store in the cluster; a managed
    one's is known to everybody."""
    after_store: str
    features_bucket: Input[str]
    prefix: str
    min_replicas: int = 3
    max_replicas: int = 10
    cpu_percent: int = 70
    cpu: str = "500m"
    memory: str = "1Gi"
    cpu_limit: str = "2"
    memory_limit: str = "4Gi"


def feast(args: FeastArgs) -> ServicePlan:
    """Account, secrets, release, and what its chart leaves out."""
    return ServicePlan(
        name="feast",
        parts=[
            Object(name="account", manifest=_account()),
            external_secret(
                name="feast-valkey",
                namespace=NAMESPACE,
                source=f"{args.prefix}-valkey-feast",
                keys={"username": "username", "password": "password"},
            ),
            _release(args),
            Object(name="scaler", manifest=_scaler(args), after=("release", "@metrics-server")),
            Object(name="budget", manifest=disruption_budget("feast", NAMESPACE, LABELS)),
            Object(
                name="monitor",
                manifest=service_monitor(CHART.name, NAMESPACE, LABELS, "metrics"),
            ),
        ],
        flows=_flows(),
    )


def store(args: FeastArgs) -> Input[str]:
    """feature_store.yaml, in which every secret is a variable."""

    def written(host: Any) -> str:
        known = f",ssl_ca_certs={AUTHORITY_PATH}" if args.valkey_authority else ""
        document = {
            "project": args.project,
            "provider": "aws",
            "registry": {
                "registry_type": "sql",
                "path": "postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@${DB_HOST}:5432/feast"
                f"?sslmode={MODE}&sslrootcert={PATH}",
                "cache_ttl_seconds": 60,
            },
            "online_store": {
                "type": "redis",
                "connection_string": f"{host}:6379,username=${{VALKEY_USER}},"
                f"password=${{VALKEY_PASSWORD}},ssl=true{known}",
            },
            "offline_store": {"type": "file"},
            "entity_key_serialization_version": 3,
        }
        # JSON is YAML, and is escaped safely.
        return base64.b64encode(json.dumps(document, sort_keys=True).encode()).decode()

    return mapped(args.valkey_host, written)


def _release(args: FeastArgs) -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "replicaCount": args.min_replicas,
            "fullnameOverride": CHART.name,
            "feast_mode": "online",
            "feature_store_yaml_base64": store(args),
            "metrics": {"enabled": True},
            "serviceAccount": {"name": ACCOUNT},
            "service": {"type": "ClusterIP", "port": PORT},
            "extraEnvs": _environment(args),
            "podSecurityContext": {**POD_SECURITY, "runAsUser": 1001, "fsGroup": 1001},
            # It writes its store's file at its start.
            "securityContext": {**CONTAINER_SECURITY, "readOnlyRootFilesystem": False},
            "resources": resources(
                args.cpu, args.memory, cpu_limit=args.cpu_limit, memory_limit=args.memory_limit
            ),
            "affinity": _apart(),
            "volumes": [*_store_volumes(args), volume(AUTHORITIES)],
            "volumeMounts": [*_store_mounts(args), dict(MOUNT)],
        },
        after=("account", "secret-feast-valkey", "database-bootstrap", "@identity/feast",
               args.after_store),
    )  # fmt: skip


def _store_volumes(args: FeastArgs) -> list[dict[str, Any]]:
    """The authority's certificate of a store in the cluster, and not the store's key."""
    if args.valkey_authority is None:
        return []
    items = [{"key": AUTHORITY_KEY, "path": AUTHORITY_KEY}]
    return [{"name": AUTHORITY, "secret": {"secretName": args.valkey_authority, "items": items}}]


def _store_mounts(args: FeastArgs) -> list[dict[str, Any]]:
    mount = {"name": AUTHORITY, "mountPath": AUTHORITY_FOLDER, "readOnly": True}
    return [mount] if args.valkey_authority else []


def _environment(args: FeastArgs) -> list[dict[str, Any]]:
    named = (("DB_USER", "database-feast", "username"),
             ("DB_PASSWORD", "database-feast", "password"),
             ("VALKEY_USER", "feast-valkey", "username"),
             ("VALKEY_PASSWORD", "feast-valkey", "password"))  # fmt: skip
    return [
        {"name": "DB_HOST", "value": args.database_host},
        {"name": "AWS_REGION", "value": args.region},
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
            for name, secret, key in named
        ),
    ]


def _account() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": NAMESPACE},
    }


def _scaler(args: FeastArgs) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": args.cpu_percent}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": CHART.name, "namespace": NAMESPACE},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": CHART.name},
            "minReplicas": args.min_replicas,
            "maxReplicas": args.max_replicas,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        },
    }


def _apart() -> dict[str, Any]:
    term = {
        "topologyKey": "topology.kubernetes.io/zone",
        "labelSelector": {"matchLabels": LABELS},
    }
    wish = {"weight": 100, "podAffinityTerm": term}
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}}


def _flows() -> list[Flow]:
    callers = WORKED_IN
    return [
        Flow(name="feast-to-stores", source=PODS, target="vpc", ports=(5432, 6379)),
        *to_aws("feast", PODS),
        scraped("feast", PODS, METRICS_PORT),
        *(
            Flow(
                name=f"{namespace}-to-feast",
                source=Pods(namespace=namespace),
                target=PODS,
                ports=(PORT,),
            )
            for namespace in callers
        ),
    ]
