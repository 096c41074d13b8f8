"""Feast: the feature server, with its registry in PostgreSQL and its online store in Valkey.

Its objects are our own: the chart's probes ask a port, and each of its upgrades resets the number
of pods that the scaler chose (docs/decisions/0020-feast-without-its-chart.md). The store's file is
a plain environment value, so it only names variables, which come from secrets.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.namespaces import WORKED_IN
from components.inputs import mapped
from components.services import feast_server
from components.services.autoscaler import autoscaler
from components.services.database_trust import MODE, PATH
from components.services.external_secret import external_secret
from components.services.feast_server import (
    ACCOUNT,
    AUTHORITY_PATH,
    LABELS,
    METRICS_PORT,
    NAME,
    NAMESPACE,
    PORT,
)
from components.services.flows import Flow, Pods, scraped, to_aws
from components.services.plan import Object, ServicePlan
from components.services.pod import disruption_budget, resources, service_monitor

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
    replica: bool = False
    """Whether the database only replicates: there are no pods then, and the scaler leaves it so."""
    min_replicas: int = 3
    max_replicas: int = 10
    cpu_percent: int = 70
    cpu: str = "500m"
    memory: str = "1Gi"
    cpu_limit: str = "2"
    memory_limit: str = "4Gi"


def feast(args: FeastArgs) -> ServicePlan:
    """Account, secret, deployment, service, scaler, budget and monitor."""
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
            _deployment(args),
            Object(name="service", manifest=feast_server.service()),
            Object(name="scaler", manifest=_scaler(args), after=("deployment", "@metrics-server")),
            Object(name="budget", manifest=disruption_budget("feast", NAMESPACE, LABELS)),
            Object(name="monitor", manifest=service_monitor(NAME, NAMESPACE, LABELS, "metrics")),
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


def _deployment(args: FeastArgs) -> Object:
    size = resources(
        args.cpu, args.memory, cpu_limit=args.cpu_limit, memory_limit=args.memory_limit
    )
    server = feast_server.FeastServer(
        store=store(args),
        database_host=args.database_host,
        region=args.region,
        authority=args.valkey_authority,
        replicas=0 if args.replica else args.min_replicas,
        resources=size,
    )
    return Object(
        name="deployment",
        manifest=feast_server.deployment(server),
        after=(
            "account",
            "secret-feast-valkey",
            "priorities",
            "database-bootstrap",
            "@identity/feast",
            args.after_store,
        ),
        # The scaler owns the count.
        ignore_changes=("spec.replicas",),
    )


def _account() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": NAMESPACE},
    }


def _scaler(args: FeastArgs) -> dict[str, Any]:
    return autoscaler(
        NAME,
        NAMESPACE,
        least=args.min_replicas,
        most=args.max_replicas,
        cpu_percent=args.cpu_percent,
    )


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
