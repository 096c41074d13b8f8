"""OpenCost: what nodes, volumes and pods cost an hour, at AWS's public prices."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.images import OPENCOST
from components.services.exporter import NAMESPACE, ExporterArgs, exporter
from components.services.flows import PROMETHEUS, Flow, Pods, scraped
from components.services.plan import Manifest, Object, ServicePlan

NAME = "opencost"
PORT = 9003
PODS = Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": NAME})
READS = {
    "": (
        "configmaps",
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "replicationcontrollers",
        "resourcequotas",
        "services",
    ),
    "apps": ("daemonsets", "deployments", "replicasets", "statefulsets"),
    "batch": ("cronjobs", "jobs"),
    "autoscaling": ("horizontalpodautoscalers",),
    "policy": ("poddisruptionbudgets",),
    "storage.k8s.io": ("storageclasses",),
}
"""Resources that it looks at, by API group. Source: OpenCost, its own cluster role."""


@dataclass(frozen=True, kw_only=True)
class CostMetricsArgs:
    """`prometheus` is the address that OpenCost asks for the use of what it prices."""

    cluster: str
    prometheus: str


def cost_metrics(args: CostMetricsArgs) -> ServicePlan:
    """OpenCost and the right to look."""
    parts = exporter(
        ExporterArgs(
            name=NAME,
            image=OPENCOST,
            port=PORT,
            environment={
                "PROMETHEUS_SERVER_ENDPOINT": args.prometheus,
                "CLUSTER_ID": args.cluster,
                "CONFIG_PATH": "/var/configs",
                "EMIT_KSM_V1_METRICS": "false",
            },
            scratch=("/var/configs", "/tmp"),  # noqa: S108 - inside the container
            cpu="100m",
            # It holds AWS's whole price list of the region while it reads it.
            memory="512Mi",
            memory_limit="2Gi",
            after=("binding", "monitoring"),
            talks_to_api=True,
        )
    )
    rights = [
        Object(name="role", manifest=_role()),
        Object(name="binding", manifest=_binding(), after=("role",)),
    ]
    return ServicePlan(name="cost-metrics", parts=[*rights, *parts], flows=_flows())


def _flows() -> list[Flow]:
    return [
        scraped(NAME, PODS, PORT),
        Flow(name="opencost-asks-prometheus", source=PODS, target=PROMETHEUS, ports=(9090,)),
        Flow(name="opencost-reads-prices", source=PODS, target="world", ports=(443,)),
    ]


def _role() -> Manifest:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME},
        "rules": [
            {"apiGroups": [group], "resources": list(kinds), "verbs": ["get", "list", "watch"]}
            for group, kinds in READS.items()
        ],
    }


def _binding() -> Manifest:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": NAME},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}],
    }
