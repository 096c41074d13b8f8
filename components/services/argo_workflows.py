"""Argo Workflows: pipelines where people work, artifacts in S3, history in PostgreSQL.

The controller's own namespace runs none: whoever makes pods there could take its account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog import writers
from catalog.charts import CHARTS
from components.services.argo_sign_in import SignIn, sign_in_parts, sign_ins
from components.services.cert_manager import certificate, service_names
from components.services.database_trust import MODE, MOUNT, PATH, trust, volume
from components.services.external_secret import external_secret
from components.services.flows import Flow, Pods, scraped, to_api, to_aws
from components.services.oidc import Oidc
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import PLATFORM_SERVICE, POD_SECURITY, resources, spread
from components.services.target_group_binding import target_group_binding

CHART = CHARTS["argo-workflows"]
NAMESPACE = CHART.namespace
PORT = 2746
METRICS_PORT = 9090
SERVICE = writers.ARGO_SERVER.name
TLS = "argo-server-tls"
"""The Secret that the server reads its certificate from, when it starts."""
AUTHORITIES = "database-ca"
"""ConfigMap with those that the database is known by."""
ACCOUNT = "workflows"
"""Service account of workflows' pods in each namespace; its role reaches the namespace's prefix
of the artifacts bucket, `teams/<namespace>/`."""
KEYS = "teams/{{workflow.namespace}}/workflows/{{workflow.name}}/{{pod.name}}"
RUNNING = {"workflows.argoproj.io/completed": "false"}
"""Label of a workflow's pods until they end."""
BUDGET = {"enabled": True, "maxUnavailable": 1}
"""One that nothing breaks where there are no pods; `minAvailable` would, and would be told."""
SERVER = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/component": "server"})
CONTROLLER = Pods(
    namespace=NAMESPACE, labels={"app.kubernetes.io/component": "workflow-controller"}
)
EVERY = Pods(namespace=NAMESPACE)


@dataclass(frozen=True, kw_only=True)
class ArgoWorkflowsArgs:
    """`namespaces` are those in which workflows may run."""

    host: str
    region: str
    database_host: Input[str]
    artifacts_bucket: Input[str]
    artifacts_key_arn: Input[str]
    prefix: str
    namespaces: Sequence[str]
    namespaces_ready: Sequence[str]
    """Parts that make those namespaces."""
    identities: Sequence[str]
    """Anchors of the AWS identities of workflows' pods."""
    target_group_arn: Input[str] | None
    passwords: str
    """What begins the name of the database role's secret."""
    replica: bool = False
    """Whether the database only replicates: there are no pods then."""
    oidc: Oidc | None = None
    training: str
    """Namespace in which data scientists of no team work."""
    teams: Sequence[str]


def argo_workflows(args: ArgoWorkflowsArgs) -> ServicePlan:
    """Controller and server, two of each, and the account that workflows run as."""
    needed = [*_secrets(args), trust(AUTHORITIES, NAMESPACE, args.region)]
    parts: list[Part] = [
        *_accounts(args),
        *needed,
        _release(args, [one.name for one in needed]),
        *(sign_in_parts(_sign_ins(args)) if args.oidc else ()),
    ]
    if args.target_group_arn is not None:
        parts.append(
            target_group_binding(
                name="argo",
                namespace=NAMESPACE,
                service=SERVICE,
                port=PORT,
                target_group_arn=args.target_group_arn,
            )
        )
    return ServicePlan(
        name="argo-workflows",
        parts=parts,
        provides={"argoproj.io": "release"},
        flows=_flows(args.namespaces),
        hosts=[args.host],
    )


def _sign_ins(args: ArgoWorkflowsArgs) -> list[SignIn]:
    return sign_ins(args.oidc, NAMESPACE, args.training, args.teams) if args.oidc else []


def _secrets(args: ArgoWorkflowsArgs) -> list[Object]:
    served = certificate(name=TLS, namespace=NAMESPACE, dns_names=service_names(SERVICE, NAMESPACE))
    database = external_secret(
        name="argo-database",
        namespace=NAMESPACE,
        source=f"{args.passwords}-db-argo",
        keys={"username": "username", "password": "password"},
    )
    if args.oidc is None:
        return [served, database]
    provider = external_secret(
        name="argo-oidc",
        namespace=NAMESPACE,
        source=f"{args.prefix}-oidc-argo-workflows",
        keys={"client-secret": "client-secret"},
        # The chart takes the ID, which is no secret, from a Secret too.
        template={"client-id": args.oidc.client_id("argo-workflows")},
    )
    return [served, database, provider]


def _release(args: ArgoWorkflowsArgs, needed: Sequence[str]) -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": CHART.name,
            # The full set is downloaded while installing, which a private site cannot.
            "crds": {"install": True, "keep": True, "full": False},
            "workflow": {
                "serviceAccount": {"create": False, "name": ACCOUNT},
                "rbac": {"create": True},
            },
            "controller": _controller(args),
            "server": _server(args),
            "executor": {
                "resources": resources("50m", "64Mi", memory_limit="512Mi"),
                "securityContext": _container_security(),
            },
            "mainContainer": {"securityContext": _container_security()},
            "useStaticCredentials": False,
            "artifactRepository": {
                "archiveLogs": True,
                "s3": {
                    "bucket": args.artifacts_bucket,
                    "endpoint": f"s3.{args.region}.amazonaws.com",
                    "region": args.region,
                    "keyFormat": KEYS,
                    "useSDKCreds": True,
                    "encryptionOptions": {
                        "enableEncryption": True,
                        "kmsKeyId": args.artifacts_key_arn,
                    },
                },
            },
        },
        uses=("monitoring.coreos.com",),
        after=(
            *(account.name for account in _accounts(args)),
            "priorities",
            "database-bootstrap",
            # The chart makes roles in each of them.
            *args.namespaces_ready,
            *needed,
        ),
    )


def _controller(args: ArgoWorkflowsArgs) -> dict[str, Any]:
    credentials = {
        f"{field}Secret": {"name": "argo-database", "key": key}
        for field, key in (("userName", "username"), ("password", "password"))
    }
    return {
        "replicas": 0 if args.replica else writers.ARGO_CONTROLLER.pods,
        "workflowNamespaces": list(args.namespaces),
        "pdb": dict(BUDGET),
        "podSecurityContext": dict(POD_SECURITY),
        "resources": resources("200m", "512Mi", memory_limit="1Gi"),
        "topologySpreadConstraints": spread(CONTROLLER.labels),
        "priorityClassName": PLATFORM_SERVICE,
        "metricsConfig": {"enabled": True},
        "serviceMonitor": {"enabled": True},
        **_authorities(),
        "persistence": {
            "archive": True,
            "archiveTTL": "90d",
            "connectionPool": {"maxIdleConns": 5, "maxOpenConns": 20},
            "postgresql": {
                "host": args.database_host,
                "port": 5432,
                "database": "argo",
                "tableName": "argo_workflows",
                "ssl": True,
                "sslMode": MODE,
                **credentials,
            },
        },
        "workflowDefaults": {
            "spec": {
                "serviceAccountName": ACCOUNT,
                "podGC": {"strategy": "OnPodSuccess"},
                "ttlStrategy": {"secondsAfterCompletion": 86_400},
                "securityContext": {**POD_SECURITY, "runAsUser": 1000},
            }
        },
    }


def _server(args: ArgoWorkflowsArgs) -> dict[str, Any]:
    server: dict[str, Any] = {
        "replicas": 0 if args.replica else writers.ARGO_SERVER.pods,
        "pdb": dict(BUDGET),
        "authModes": ["sso"] if args.oidc else ["client"],
        "secure": True,
        "extraArgs": [f"--tls-certificate-secret-name={TLS}"],
        "podSecurityContext": dict(POD_SECURITY),
        "resources": resources("100m", "256Mi", memory_limit="512Mi"),
        "topologySpreadConstraints": spread(SERVER.labels),
        "priorityClassName": PLATFORM_SERVICE,
        "clusterWorkflowTemplates": {"enabled": True, "enableEditing": False},
        **_authorities(),
    }
    if args.oidc is None:
        return server
    tokens = sorted({one.token for one in _sign_ins(args)})
    sso = {
        "enabled": True,
        "issuer": args.oidc.issuer,
        "clientId": {"name": "argo-oidc", "key": "client-id"},
        "clientSecret": {"name": "argo-oidc", "key": "client-secret"},
        "redirectUrl": f"https://{args.host}/oauth2/callback",
        "scopes": list(args.oidc.scopes),
        # The server reads no other Secret.
        "rbac": {"enabled": True, "secretWhitelist": ["argo-oidc", TLS, *tokens]},
        "customGroupClaimName": args.oidc.groups_claim,
    }
    delegation = {"name": "SSO_DELEGATE_RBAC_TO_NAMESPACE", "value": "true"}
    return {**server, "sso": sso, "extraEnv": [*server["extraEnv"], delegation]}


def _authorities() -> dict[str, Any]:
    """Whom the database's driver believes. Argo's configuration has a mode and no place for the
    authorities, but the driver reads libpq's variables.
    Source: argo-workflows issue 10234; pgx, ParseConfig."""
    return {
        "extraEnv": [{"name": "PGSSLROOTCERT", "value": PATH}],
        "volumes": [volume(AUTHORITIES)],
        "volumeMounts": [dict(MOUNT)],
    }


def _container_security() -> dict[str, Any]:
    return {
        "allowPrivilegeEscalation": False,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _accounts(args: ArgoWorkflowsArgs) -> list[Object]:
    return [
        Object(
            name=f"account-{namespace}",
            manifest={
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": ACCOUNT, "namespace": namespace},
            },
            after=tuple(args.identities),
        )
        for namespace in args.namespaces
    ]


def _flows(namespaces: Sequence[str]) -> list[Flow]:
    pods = {one: Pods(namespace=one, labels=RUNNING) for one in namespaces}
    # The executor beside each step reports to the API server, and keeps artifacts and logs.
    steps = [
        flow
        for one, running in pods.items()
        for flow in (
            to_api(f"workflows-in-{one}", running),
            *to_aws(f"workflows-in-{one}", running),
        )
    ]
    return [
        *steps,
        to_api("argo", EVERY),
        *to_aws("argo", EVERY),
        Flow(name="argo-to-database", source=EVERY, target="vpc", ports=(5432,)),
        Flow(name="balancer-to-argo", source="vpc", target=SERVER, ports=(PORT,)),
        scraped("argo", CONTROLLER, METRICS_PORT),
    ]
