"""MLflow: tracking server and model registry, on PostgreSQL and S3.

The chart's own migration would run in every replica at once; here one job runs it, before the
release. Values follow the chart's traps: metrics below a read-only root, allowed hosts, and no
grants by default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog import writers
from catalog.artifacts import ROOT
from catalog.charts import CHARTS
from components.services.autoscaler import autoscaler, busy
from components.services.database_bootstrap import AUTHORITIES, tenant_of
from components.services.database_trust import ENVIRONMENT, MOUNT, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped, to_aws
from components.services.mlflow_accounts import (
    ADMIN,
    MlflowAccountsArgs,
    account_secrets,
    accounts_job,
)
from components.services.mlflow_accounts import PODS as ACCOUNTS
from components.services.mlflow_job import MlflowJob, mlflow_job
from components.services.oidc import Oidc
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import (
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
MIGRATION_NAME = "mlflow-migration"
MIGRATION = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": MIGRATION_NAME})
METRICS_FOLDER = "/mlflow"
"""Below it the server keeps its metrics, on a volume since its root is read-only."""

POOL = {"OIDC_DB_POOL_SIZE": "1", "OIDC_DB_POOL_MAX_OVERFLOW": "1"}
"""Connections of each worker of the plugin, within the role's limit: ten replicas of four."""

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
    passwords: str
    """What begins the names of the secrets that the database knows."""
    target_group_arn: Input[str] | None
    replica: bool = False
    """Whether the database only replicates: there are no pods then, and no job changes it."""
    promoted: bool = False
    """Whether the database replicated once, and so the release was at zero."""
    oidc: Oidc | None = None
    teams: Sequence[str] = ()
    """Whose groups of the provider are let in, beside data scientists and viewers."""
    min_replicas: int = 3
    max_replicas: int = 10
    cpu_percent: int = 70
    cpu: str = "1"
    memory: str = "2Gi"
    cpu_limit: str = "2"
    memory_limit: str = "4Gi"

    @property
    def counts(self) -> bool:
        """Whether the release says how many pods there are, beside a scaler of ours. The chart's
        own scaler leaves the count out, and to take a number back would leave one pod until it
        added the others: a release that once was at zero goes on saying one. Each upgrade of it
        sets the count back to the least."""
        return self.replica or self.promoted


def mlflow(args: MlflowArgs) -> ServicePlan:
    """Secrets, migration, release, budget, and its place at the consoles' balancer."""
    secrets = _secrets(args)
    first = secrets if args.replica else [*secrets, *_jobs(args, secrets)]
    parts: list[Part] = [
        *first,
        _release(args, first),
        *([_scaler(args)] if args.counts else []),
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


def _jobs(args: MlflowArgs, secrets: Sequence[Object]) -> list[Object]:
    """What changes the databases before a server starts."""
    migration = Object(name="migration", manifest=_migration(args), after=("database-bootstrap",))
    accounts = Object(
        name="accounts",
        manifest=accounts_job(_accounts(args)),
        after=(migration.name, *(secret.name for secret in secrets)),
    )
    return [migration, accounts]


def _accounts(args: MlflowArgs) -> MlflowAccountsArgs:
    return MlflowAccountsArgs(
        host=args.database_host, passwords=args.passwords, oidc=args.oidc is not None
    )


def _secrets(args: MlflowArgs) -> list[Object]:
    made = [
        *account_secrets(_accounts(args)),
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


def _release(args: MlflowArgs, first: Sequence[Object]) -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "replicaCount": 0 if args.replica else args.min_replicas,
            "autoscaling": _autoscaling(args),
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "serviceAccount": {"create": True, "name": CHART.service_accounts[0]},
            "podSecurityContext": {**POD_SECURITY, "fsGroup": 1001},
            "backendStore": _backend(args),
            "artifactRoot": {
                "proxiedArtifactStorage": True,
                "s3": {"enabled": True, "bucket": args.artifacts_bucket, "path": ROOT},
            },
            **_authentication(args),
            "extraSecretNamesForEnvFrom": ["mlflow-environment"],
            "extraEnvVars": {**ENVIRONMENT, **(POOL if args.oidc else {})},
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
            "database-bootstrap",
            *(one.name for one in first),
            "priorities",
            "@identity/mlflow",
            "@metrics-server",
        ),
    )


def _autoscaling(args: MlflowArgs) -> dict[str, Any]:
    return {
        "enabled": not args.counts,
        "minReplicas": args.min_replicas,
        "maxReplicas": args.max_replicas,
        "metrics": [busy(args.cpu_percent)],
    }


def _scaler(args: MlflowArgs) -> Object:
    """As the chart's own, and under its name."""
    made = autoscaler(
        writers.MLFLOW.name,
        NAMESPACE,
        least=args.min_replicas,
        most=args.max_replicas,
        cpu_percent=args.cpu_percent,
    )
    return Object(name="scaler", manifest=made, after=("release", "@metrics-server"))


def _monitor(args: MlflowArgs) -> dict[str, Any]:
    """MLflow's own sign-in covers its metrics too, and the administrator is the one user that is
    there from the start; the OpenID Connect plugin leaves them open.
    Source: MLflow, server/auth, is_unprotected_route; mlflow-oidc-auth, pull request 22."""
    sign_in = ADMIN.secret if args.oidc is None else None
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
        "existingDatabaseSecret": _credentials(tenant_of(DATABASE).secret),
    }


def _authentication(args: MlflowArgs) -> dict[str, Any]:
    users = _accounts(args).tenant
    database = {
        "enabled": True,
        "host": args.database_host,
        "port": 5432,
        "database": users.name,
        "existingSecret": _credentials(users.secret),
    }
    if args.oidc is None:
        return {
            "auth": {
                "enabled": True,
                "existingAdminSecret": _credentials(ADMIN.secret),
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
            "groupName": args.oidc.member_groups(args.teams),
            "adminGroupName": [args.oidc.admin_group],
            # The chart's default lets everyone manage everything.
            "defaultPermission": "READ",
            "database": {"postgres": database},
        }
    }


def _credentials(secret: str) -> dict[str, str]:
    return {"name": secret, "usernameKey": "username", "passwordKey": "password"}


def _allowed(args: MlflowArgs) -> list[str]:
    """Hosts that the server answers to: the public one, the service's, and pods' addresses, by
    which Prometheus asks. Probes ask for /health, which is exempt."""
    # A VPC is of 65536 addresses at most.
    pods = ".".join(args.vpc_cidr.split(".")[:2])
    service = f"mlflow.{NAMESPACE}"
    names = ["mlflow", service, f"{service}.svc", f"{service}.svc.cluster.local"]
    return [args.host, *names, *(f"{name}:*" for name in names), f"{pods}.*", "localhost:*"]


def _migration(args: MlflowArgs) -> dict[str, Any]:
    return mlflow_job(
        MlflowJob(
            name=f"{MIGRATION_NAME}-{CHART.app_version.replace('.', '-')}",
            app=MIGRATION_NAME,
            script=UPGRADE,
            host=args.database_host,
            tenant=tenant_of(DATABASE),
        )
    )


def _flows() -> list[Flow]:
    return [
        Flow(name="mlflow-to-database", source=PODS, target="vpc", ports=(5432,)),
        Flow(name="mlflow-migration-to-database", source=MIGRATION, target="vpc", ports=(5432,)),
        Flow(name="mlflow-accounts-to-database", source=ACCOUNTS, target="vpc", ports=(5432,)),
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
