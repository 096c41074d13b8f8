"""Prometheus, Alertmanager and Grafana, and the exporters of nodes and objects.

Targets that EKS hides (controller manager, scheduler, etcd) are off, or they would alert for
ever. Monitors and rules are taken from every namespace. Grafana keeps its state in PostgreSQL,
so that it can have two replicas; beside a database that only replicates it has one, since somebody
has to look at a standby too, and forgets what was not declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi import Input

from catalog.charts import CHARTS
from components.services.alert_routing import alertmanager_config
from components.services.cert_manager import certificate, service_names, verified
from components.services.database_trust import FOLDER, MODE, PATH, trust
from components.services.external_secret import external_secret
from components.services.flows import PROMETHEUS, Flow, Pods, scraped, to_api, webhook
from components.services.oidc import Oidc
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import (
    PLATFORM_CRITICAL,
    PLATFORM_SERVICE,
    disruption_budget,
    resources,
    spread,
)
from components.services.target_group_binding import target_group_binding

CHART = CHARTS["kube-prometheus-stack"]
NAMESPACE = CHART.namespace
ADDRESS = f"http://{CHART.name}-prometheus.{NAMESPACE}.svc:9090"
"""Where Prometheus is asked."""
NODE_METRICS = "node-metrics"
"""Namespace of the node exporter alone, which reads the host."""
GRAFANA = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "grafana"})
ALERTMANAGER = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "alertmanager"})
OPERATOR = Pods(namespace=NAMESPACE, labels={"app": "kube-prometheus-stack-operator"})
COREDNS = Pods(namespace="kube-system", labels={"k8s-app": "kube-dns"})
"""EKS's add-on, for which the chart has a monitor."""
OBJECTS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": "kube-state-metrics"})
SINGLE = {"operator": OPERATOR, "objects": OBJECTS}
"""Of each there is one: their charts know no second operator, and a second kube-state-metrics
would count everything twice. Their budgets let a drain move them."""
AUTHORITIES = "grafana-database-ca"
GRAFANA_SERVICE = f"{CHART.name}-grafana"
GRAFANA_TLS = "grafana-tls"
TLS_FOLDER = "/etc/grafana-tls"
RECEIVERS = {
    "alerts-heartbeat": "url",
    "alerts-pagerduty": "routing-key",
    "alerts-slack": "webhook-url",
    "alerts-finops": "webhook-url",
}


REPLACED = (
    "KubeAPIDown",
    "KubeHpaMaxedOut",
    "KubeNodeNotReady",
    "KubeNodeUnreachable",
    "KubePersistentVolumeFillingUp",
    "KubePodCrashLooping",
    "KubePodNotReady",
    "NodeCPUHighUsage",
    "NodeFilesystemAlmostOutOfSpace",
    "NodeMemoryHighUtilization",
)
"""Alerts of the chart that the platform's own stand for, so that nobody is told twice."""


@dataclass(frozen=True, kw_only=True)
class PrometheusStackArgs:
    """Sizes are the runbook's: 30 days, 100 GiB, 2 to 4 cores and 8 to 16 GiB."""

    cluster: str
    region: str
    host: str
    database_host: Input[str]
    """Where Grafana keeps its state."""
    prefix: str
    target_group_arn: Input[str] | None
    passwords: str
    """What begins the name of the database role's secret."""
    replica: bool = False
    """Whether the database only replicates."""
    oidc: Oidc | None = None
    retention_days: int = 30
    disk_gib: int = 100
    cpu: str = "2"
    memory: str = "8Gi"
    cpu_limit: str = "4"
    memory_limit: str = "16Gi"


def prometheus_stack(args: PrometheusStackArgs) -> ServicePlan:
    """Secrets, release, and Grafana's place at the consoles' balancer."""
    secrets = _secrets(args)
    authorities = trust(AUTHORITIES, NAMESPACE, args.region)
    served = certificate(
        name=GRAFANA_TLS,
        namespace=NAMESPACE,
        dns_names=[*service_names(GRAFANA_SERVICE, NAMESPACE), "localhost"],
    )
    parts: list[Part] = [
        *secrets,
        authorities,
        served,
        _release(args, [one.name for one in (*secrets, authorities, served)]),
        *(Object(name=f"budget-{name}", manifest=_budget(pods)) for name, pods in SINGLE.items()),
    ]
    if args.target_group_arn is not None:
        parts.append(
            target_group_binding(
                name="grafana",
                namespace=NAMESPACE,
                service=GRAFANA_SERVICE,
                port=80,
                target_group_arn=args.target_group_arn,
            )
        )
    return ServicePlan(name="monitoring", parts=parts, flows=_flows(), hosts=[args.host])


def _budget(pods: Pods) -> dict[str, Any]:
    name = next(iter(pods.labels.values()))
    return disruption_budget(name, NAMESPACE, pods.labels)


def _secrets(args: PrometheusStackArgs) -> list[Object]:
    credentials = {"admin-user": "username", "admin-password": "password"}
    database = {"GF_DATABASE_USER": "username", "GF_DATABASE_PASSWORD": "password"}
    named = [
        ("grafana-admin", f"{args.prefix}-grafana-admin", credentials),
        ("grafana-database", f"{args.passwords}-db-grafana", database),
        *((name, f"{args.prefix}-{name}", {key: key}) for name, key in RECEIVERS.items()),
    ]
    if args.oidc:
        client = {"GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET": "client-secret"}
        named.append(("grafana-oidc", f"{args.prefix}-oidc-grafana", client))
    return [
        external_secret(name=name, namespace=NAMESPACE, source=source, keys=keys)
        for name, source, keys in named
    ]


def _release(args: PrometheusStackArgs, secrets: list[str]) -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "fullnameOverride": CHART.name,
            "crds": {"enabled": False},
            # EKS runs these where nobody can scrape them.
            "kubeControllerManager": {"enabled": False},
            "kubeScheduler": {"enabled": False},
            "kubeEtcd": {"enabled": False},
            "kubeProxy": {"enabled": False},
            "defaultRules": {
                "rules": {"etcd": False, "kubeProxy": False, "windows": False},
                "disabled": dict.fromkeys(REPLACED, True),
            },
            "prometheusOperator": _operator(),
            "prometheus": _prometheus(args),
            "alertmanager": _alertmanager(),
            "grafana": _grafana(args),
            "kube-state-metrics": {
                "resources": resources("50m", "256Mi", memory_limit="1Gi"),
                "priorityClassName": PLATFORM_CRITICAL,
            },
            "prometheus-node-exporter": {
                "namespaceOverride": NODE_METRICS,
                "resources": resources("50m", "64Mi", memory_limit="128Mi"),
                "priorityClassName": PLATFORM_CRITICAL,
                "tolerations": [{"operator": "Exists"}],
            },
        },
        uses=("monitoring.coreos.com", "cert-manager.io"),
        after=(
            "priorities",
            "storage/storage-gp3",
            "database-bootstrap",
            f"namespaces/namespace-{NODE_METRICS}",
            *secrets,
        ),
    )


def _operator() -> dict[str, Any]:
    return {
        "resources": resources("100m", "128Mi", memory_limit="512Mi"),
        "priorityClassName": PLATFORM_CRITICAL,
        "admissionWebhooks": {"certManager": {"enabled": True}},
        # Beside every Prometheus and Alertmanager.
        "prometheusConfigReloader": {"resources": resources("10m", "64Mi")},
    }


def _prometheus(args: PrometheusStackArgs) -> dict[str, Any]:
    everywhere = {
        f"{kind}SelectorNilUsesHelmValues": False
        for kind in ("serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig")
    }
    return {
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "prometheusSpec": {
            **everywhere,
            "replicas": 2,
            "retention": f"{args.retention_days}d",
            # Blocks are dropped before the volume is full, whatever their age.
            "retentionSize": f"{args.disk_gib * 9 // 10}GiB",
            "walCompression": True,
            "externalLabels": {"cluster": args.cluster, "region": args.region},
            "storageSpec": _claim(args.disk_gib),
            "resources": resources(
                args.cpu, args.memory, cpu_limit=args.cpu_limit, memory_limit=args.memory_limit
            ),
            "podAntiAffinity": "hard",
            "podAntiAffinityTopologyKey": "kubernetes.io/hostname",
            "topologySpreadConstraints": spread(PROMETHEUS.labels),
            "priorityClassName": PLATFORM_CRITICAL,
        },
    }


def _alertmanager() -> dict[str, Any]:
    return {
        "podDisruptionBudget": {"enabled": True, "minAvailable": 2},
        "config": alertmanager_config(),
        "alertmanagerSpec": {
            "replicas": 3,
            "secrets": list(RECEIVERS),
            "storage": _claim(10),
            "resources": resources("50m", "128Mi", memory_limit="256Mi"),
            "podAntiAffinity": "hard",
            "topologySpreadConstraints": spread(ALERTMANAGER.labels),
            "priorityClassName": PLATFORM_CRITICAL,
        },
    }


def _claim(gib: int) -> dict[str, Any]:
    return {
        "volumeClaimTemplate": {
            "spec": {
                "storageClassName": "gp3",
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": f"{gib}Gi"}},
            }
        }
    }


def _grafana(args: PrometheusStackArgs) -> dict[str, Any]:
    secrets = [
        *([] if args.replica else ["grafana-database"]),
        *(["grafana-oidc"] if args.oidc else []),
    ]
    return {
        "replicas": 1 if args.replica else 2,
        "admin": {
            "existingSecret": "grafana-admin",
            "userKey": "admin-user",
            "passwordKey": "admin-password",
        },
        "envFromSecrets": [{"name": name} for name in secrets],
        **_grafana_tls(),
        "extraConfigmapMounts": [
            {"name": AUTHORITIES, "configMap": AUTHORITIES, "mountPath": FOLDER, "readOnly": True}
        ],
        "grafana.ini": _grafana_ini(args),
        "sidecar": {
            "resources": resources("20m", "128Mi", memory_limit="256Mi"),
            "dashboards": {
                "enabled": True,
                "searchNamespace": NAMESPACE,
                **_reloads("dashboards"),
            },
            "datasources": _reloads("datasources"),
        },
        "podDisruptionBudget": {"maxUnavailable": 1},
        "resources": resources("250m", "512Mi", memory_limit="1Gi"),
        "priorityClassName": PLATFORM_SERVICE,
        "topologySpreadConstraints": spread(GRAFANA.labels),
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
    }


def _grafana_tls() -> dict[str, Any]:
    """Its certificate, and everybody in the cluster who asks it."""
    asked = {"httpGet": {"scheme": "HTTPS"}}
    return {
        "extraSecretMounts": [
            {
                "name": GRAFANA_TLS,
                "secretName": GRAFANA_TLS,
                "mountPath": TLS_FOLDER,
                "readOnly": True,
            }
        ],
        "readinessProbe": asked,
        "livenessProbe": asked,
        "serviceMonitor": {
            "enabled": True,
            "scheme": "https",
            "tlsConfig": verified(GRAFANA_TLS, GRAFANA_SERVICE, NAMESPACE),
        },
    }


def _reloads(what: str) -> dict[str, Any]:
    """Who tells Grafana of new `what`: in the same pod, and so without a look at the name."""
    return {
        "reloadURL": f"https://localhost:3000/api/admin/provisioning/{what}/reload",
        "env": {"REQ_SKIP_TLS_VERIFY": "true"},
    }


def _grafana_ini(args: PrometheusStackArgs) -> dict[str, Any]:
    ini: dict[str, Any] = {
        "server": {
            "root_url": f"https://{args.host}",
            "protocol": "https",
            "cert_file": f"{TLS_FOLDER}/tls.crt",
            "cert_key": f"{TLS_FOLDER}/tls.key",
            # A renewed certificate is taken without a restart.
            "certs_watch_interval": "1h",
        },
        **_database(args),
        "users": {"allow_sign_up": False},
        "analytics": {"reporting_enabled": False, "check_for_updates": False},
        "security": {"cookie_secure": True, "strict_transport_security": True},
    }
    if args.oidc is None:
        return ini
    member = f"contains({args.oidc.groups_claim}[*], '{args.oidc.admin_group}')"
    ini["auth.generic_oauth"] = {
        "enabled": True,
        "name": "Single sign-on",
        "client_id": args.oidc.client_id("grafana"),
        "scopes": " ".join(args.oidc.scopes),
        "auth_url": args.oidc.authorization,
        "token_url": args.oidc.token,
        "api_url": args.oidc.userinfo,
        "role_attribute_path": f"{member} && 'Admin' || 'Viewer'",
        "use_pkce": True,
    }
    return ini


def _database(args: PrometheusStackArgs) -> dict[str, Any]:
    if args.replica:
        return {}
    database = {"type": "postgres", "name": "grafana", "ssl_mode": MODE, "ca_cert_path": PATH}
    return {"database": {**database, "host": args.database_host}}


def _flows() -> list[Flow]:
    node = Pods(namespace=NODE_METRICS)
    everything = Pods(namespace=NAMESPACE)
    return [
        to_api("monitoring", everything),
        webhook("prometheus-operator", OPERATOR, 10250),
        scraped("monitoring", everything, 8080, 9090, 9093, 3000, 10250),
        scraped("nodes", node, 9100),
        scraped("coredns", COREDNS, 9153),
        Flow(name="prometheus-reads-nodes", source=PROMETHEUS, target="nodes", ports=(9100, 10250)),
        Flow(name="prometheus-alerts", source=PROMETHEUS, target=ALERTMANAGER, ports=(9093,)),
        Flow(name="alertmanager-gossip", source=ALERTMANAGER, target=ALERTMANAGER, ports=(9094,)),
        Flow(
            name="alertmanager-gossip-udp",
            source=ALERTMANAGER,
            target=ALERTMANAGER,
            ports=(9094,),
            protocol="UDP",
        ),
        Flow(name="alertmanager-notifies", source=ALERTMANAGER, target="world", ports=(443,)),
        Flow(name="grafana-reads-prometheus", source=GRAFANA, target=PROMETHEUS, ports=(9090,)),
        Flow(name="grafana-reads-alerts", source=GRAFANA, target=ALERTMANAGER, ports=(9093,)),
        Flow(name="grafana-to-database", source=GRAFANA, target="vpc", ports=(5432,)),
        Flow(name="grafana-signs-in", source=GRAFANA, target="world", ports=(443,)),
        Flow(name="balancer-to-grafana", source="vpc", target=GRAFANA, ports=(3000,)),
    ]
