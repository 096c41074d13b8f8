"""MLflow: tracking server and model registry, on PostgreSQL and S3.

The chart's own migration would run in every replica at once; here one job runs it, before the
release. Values follow the chart's traps: metrics below a read-only root, allowed hosts, and no
grants by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from catalog.images import MLFLOW
from components.inputs import concat
from components.services.database_bootstrap import AUTHORITIES
from components.services.database_trust import ENVIRONMENT, MOUNT, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped, to_aws
from components.services.oidc import Oidc
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    PLATFORM_SERVICE,
    POD_SECURITY,
    apart,
    disruption_budget,
    resources,
    service_monitor,
)
from components.services.target_group_binding import target_group_binding

CHART = CHARTS["mlflow"]
NAMESPACE = CHART.namespace
PORT = 5000
DATABASE = "mlflow"
LABELS = {"app.kubernetes.io/name": "mlflow"}
PODS = Pods(namespace=NAMESPACE, labels=LABELS)
MIGRATION = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "mlflow-migration"})
SECRET = "database-mlflow"  # noqa: S105 - the name of a Secret, made by the bootstrap
ADMIN = "mlflow-admin"
METRICS_FOLDER = "/mlflow"
"""Below it the server keeps its metrics, on a volume since its root is read-only."""

UPGRADE = """
import os

from mlflow.db import upgrade

upgrade.callback(os.environ["DB_URI"])
"""
"""`mlflow db upgrade`, from nothing or from an older version, run so that the password is in no
argument."""


@dataclass(frozen=True, kw_only=True)
class MlflowArgs:
    """`target_group_arn` is None where the stack has no public names."""

    host: str
    vpc_cidr: str
    database_host: Input[str]
    artifacts_bucket: Input[str]
    prefix: str
    target_group_arn: Input[str] | None
    oidc: Oidc | None = None
    min_replicas: int = 3
    max_replicas: int = 10
    cpu_percent: int = 70
    cpu: str = "1"
    memory: str = "2Gi"
    cpu_limit: str = "2"
    memory_limit: str = "4Gi"


def mlflow(args: MlflowArgs) -> ServicePlan:
    """Secrets, migration, release, budget, and its place at the consoles' balancer."""
    parts: list[Part] = [
        *_secrets(args),
        Object(
            name="migration",
            manifest=_migration(args),
            after=("database-bootstrap",),
        ),
        _release(args),
        Object(name="monitor", manifest=_monitor(args)),
        Object(name="budget", manifest=disruption_budget("mlflow", NAMESPACE, LABELS)),
    ]
    if args.target_group_arn is not None:
        parts.append(
            target_group_binding(
                name="mlflow",
                namespace=NAMESPACE,
                service="mlflow",
                port=80,
                target_group_arn=args.target_group_arn,
            )
        )
    return ServicePlan(name="mlflow", parts=parts, flows=_flows(), hosts=[args.host])


def _secrets(args: MlflowArgs) -> list[Object]:
    credentials = {"username": "username", "password": "password"}
    made = [
        external_secret(
            name=ADMIN,
            namespace=NAMESPACE,
            source=f"{args.prefix}-mlflow-admin",
            keys=credentials,
        ),
        external_secret(
            name="mlflow-environment",
            namespace=NAMESPACE,
            source=f"{args.prefix}-mlflow-flask-key",
            keys={"MLFLOW_FLASK_SERVER_SECRET_KEY": "password"},
        ),
    ]
    if args.oidc is None:
        return made
    provider = external_secret(
        name="mlflow-oidc",
        namespace=NAMESPACE,
        source=f"{args.prefix}-oidc-mlflow",
        keys={"OIDC_CLIENT_SECRET": "client-secret"},
    )
    return [*made, provider]


def _release(args: MlflowArgs) -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "replicaCount": args.min_replicas,
            "autoscaling": {
                "enabled": True,
                "minReplicas": args.min_replicas,
                "maxReplicas": args.max_replicas,
                "metrics": [_busy(args.cpu_percent)],
            },
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "serviceAccount": {"create": True, "name": CHART.service_accounts[0]},
            "podSecurityContext": {**POD_SECURITY, "fsGroup": 1001},
            "backendStore": _backend(args),
            "artifactRoot": {
                "proxiedArtifactStorage": True,
                "s3": {"enabled": True, "bucket": args.artifacts_bucket, "path": "mlflow"},
            },
            **_authentication(args),
            "extraSecretNamesForEnvFrom": ["mlflow-environment"],
            "extraEnvVars": dict(ENVIRONMENT),
            "serverAllowedHosts": _allowed(args),
            "extraVolumes": [
                {"name": "metrics", "emptyDir": {"sizeLimit": "1Gi"}},
                volume(AUTHORITIES),
            ],
            "extraVolumeMounts": [
                {"name": "metrics", "mountPath": METRICS_FOLDER},
                dict(MOUNT),
            ],
            "resources": resources(
                args.cpu, args.memory, cpu_limit=args.cpu_limit, memory_limit=args.memory_limit
            ),
            "priorityClassName": PLATFORM_SERVICE,
            "affinity": apart(LABELS),
            "ingress": {"enabled": False},
            "telemetry": {"enabled": False},
            # The chart's own monitor cannot sign in.
            "serviceMonitor": {"enabled": False},
            "extraArgs": {"exposePrometheus": f"{METRICS_FOLDER}/metrics"},
        },
        after=(
            "migration",
            "priorities",
            "@identity/mlflow",
            "@metrics-server",
            *(secret.name for secret in _secrets(args)),
        ),
    )


def _monitor(args: MlflowArgs) -> dict[str, Any]:
    """MLflow's own sign-in covers its metrics too, and the administrator is the one user that is
    there from the start; the OpenID Connect plugin leaves them open.
    Source: MLflow, server/auth, is_unprotected_route; mlflow-oidc-auth, pull request 22."""
    sign_in = ADMIN if args.oidc is None else None
    return service_monitor("mlflow", NAMESPACE, LABELS, "http", sign_in=sign_in)


def _backend(args: MlflowArgs) -> dict[str, Any]:
    return {
        "databaseMigration": False,
        "databaseConnectionCheck": False,
        "postgres": {
            "enabled": True,
            "host": args.database_host,
            "port": 5432,
            "database": DATABASE,
        },
        "existingDatabaseSecret": {
            "name": SECRET,
            "usernameKey": "username",
            "passwordKey": "password",
        },
    }


def _authentication(args: MlflowArgs) -> dict[str, Any]:
    database = {
        "enabled": True,
        "host": args.database_host,
        "port": 5432,
        "database": DATABASE,
        "existingSecret": {"name": SECRET, "usernameKey": "username", "passwordKey": "password"},
    }
    if args.oidc is None:
        return {
            "auth": {
                "enabled": True,
                "existingAdminSecret": {
                    "name": ADMIN,
                    "usernameKey": "username",
                    "passwordKey": "password",
                },
                "defaultPermission": "READ",
                "postgres": database,
            }
        }
    return {
        "oidcAuth": {
            "enabled": True,
            "discoveryUrl": f"{args.oidc.issuer}/.well-known/openid-configuration",
            "clientId": args.oidc.client_id("mlflow"),
            "existingSecret": {"name": "mlflow-oidc", "clientSecretKey": "OIDC_CLIENT_SECRET"},
            "redirectUri": f"https://{args.host}/callback",
            "scope": ",".join(args.oidc.scopes),
            "groupsAttribute": args.oidc.groups_claim,
            "adminGroupName": [args.oidc.admin_group],
            # The chart's default lets everyone manage everything.
            "defaultPermission": "READ",
            "database": {"postgres": database},
        }
    }


def _allowed(args: MlflowArgs) -> list[str]:
    """Hosts that the server answers to: the public one, the service's, and pods' addresses, by
    which Prometheus asks. Probes ask for /health, which is exempt."""
    # A VPC is of 65536 addresses at most.
    pods = ".".join(args.vpc_cidr.split(".")[:2])
    service = f"mlflow.{NAMESPACE}"
    names = ["mlflow", service, f"{service}.svc", f"{service}.svc.cluster.local"]
    return [args.host, *names, *(f"{name}:*" for name in names), f"{pods}.*", "localhost:*"]


def _busy(percent: int) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _migration(args: MlflowArgs) -> dict[str, Any]:
    version = CHART.app_version
    uri = concat("postgresql://$(DB_USER):$(DB_PASSWORD)@", args.database_host, "/mlflow")
    environment = [
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": SECRET, "key": key}}}
            for name, key in (("DB_USER", "username"), ("DB_PASSWORD", "password"))
        ),
        {"name": "DB_URI", "value": uri},
        *({"name": name, "value": value} for name, value in ENVIRONMENT.items()),
    ]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": f"mlflow-migration-{version.replace('.', '-')}",
            "namespace": NAMESPACE,
        },
        "spec": {
            "backoffLimit": 3,
            "activeDeadlineSeconds": 900,
            "template": {
                "metadata": {"labels": dict(MIGRATION.labels)},
                "spec": {
                    "restartPolicy": "Never",
                    "automountServiceAccountToken": False,
                    "securityContext": {**POD_SECURITY, "runAsUser": 1001, "runAsGroup": 1001},
                    "containers": [
                        {
                            "name": "migrate",
                            "image": f"{MLFLOW}:{version}",
                            "command": ["python", "-c", UPGRADE],
                            "env": environment,
                            "securityContext": dict(CONTAINER_SECURITY),
                            "resources": resources("250m", "512Mi", memory_limit="1Gi"),
                            "volumeMounts": [dict(MOUNT)],
                        }
                    ],
                    "volumes": [volume(AUTHORITIES)],
                },
            },
        },
    }


def _flows() -> list[Flow]:
    return [
        Flow(name="mlflow-to-database", source=PODS, target="vpc", ports=(5432,)),
        Flow(name="mlflow-migration-to-database", source=MIGRATION, target="vpc", ports=(5432,)),
        *to_aws("mlflow", PODS),
        Flow(name="balancer-to-mlflow", source="vpc", target=PODS, ports=(PORT,)),
        scraped("mlflow", PODS, PORT),
        *(
            Flow(
                name=f"{namespace}-to-mlflow",
                source=Pods(namespace=namespace),
                target=PODS,
                ports=(PORT,),
            )
            for namespace in ("training",)
        ),
    ]
