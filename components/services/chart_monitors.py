"""What the charts make beside their pods: monitors, and services that others call by name.

Facts of the templates at the pinned versions: which value switches a monitor on, which pods it
reads on which port. Monitors that we write ourselves are objects of a plan and not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
NODE_METRICS = "node-metrics"
"""Namespace of the node exporter alone."""


@dataclass(frozen=True, kw_only=True)
class ChartMonitor:
    """A monitor of a chart: on while the value at `switch` is true, or left at `default`."""

    chart: str
    name: str = "pods"
    """Tells a chart's monitors apart."""
    switch: str
    """Path in the values, such as `metrics.serviceMonitor.enabled`."""
    port: int
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the pods; none for all pods of the namespace."""
    namespace: str | None = None
    """Where it is not the release's."""
    outside: Literal["api-server", "nodes"] | None = None
    """Where it reads no pods: the API server, or the nodes' own addresses."""
    default: bool = False


def _stack(
    name: str,
    switch: str,
    port: int,
    labels: Mapping[str, str] | None = None,
    *,
    namespace: str | None = None,
    outside: Literal["api-server", "nodes"] | None = None,
) -> ChartMonitor:
    return ChartMonitor(
        chart="kube-prometheus-stack",
        name=name,
        switch=switch,
        port=port,
        labels=labels or {},
        namespace=namespace,
        outside=outside,
        default=True,
    )


def _argo_cd(part: str, component: str, port: int) -> ChartMonitor:
    return ChartMonitor(
        chart="argo-cd",
        name=component,
        switch=f"{part}.metrics.serviceMonitor.enabled",
        port=port,
        labels={COMPONENT: component},
    )


def _plain(chart: str, port: int, labels: Mapping[str, str] | None = None) -> ChartMonitor:
    return ChartMonitor(
        chart=chart, switch="serviceMonitor.enabled", port=port, labels=labels or {}
    )


CHART_MONITORS = (
    _stack("prometheus", "prometheus.serviceMonitor.selfMonitor", 9090, {NAME: "prometheus"}),
    _stack("alertmanager", "alertmanager.serviceMonitor.selfMonitor", 9093,
           {NAME: "alertmanager"}),
    _stack("operator", "prometheusOperator.serviceMonitor.selfMonitor", 10250,
           {"app": "kube-prometheus-stack-operator"}),
    _stack("kube-state-metrics", "kubeStateMetrics.enabled", 8080, {NAME: "kube-state-metrics"}),
    _stack("node-exporter", "nodeExporter.enabled", 9100, namespace=NODE_METRICS),
    _stack("node-exporter-hosts", "nodeExporter.enabled", 9100, outside="nodes"),
    _stack("kubelet", "kubelet.enabled", 10250, outside="nodes"),
    _stack("api-server", "kubeApiServer.enabled", 443, outside="api-server"),
    _stack("coredns", "coreDns.enabled", 9153, {"k8s-app": "kube-dns"}, namespace="kube-system"),
    _stack("grafana", "grafana.serviceMonitor.enabled", 3000, {NAME: "grafana"}),
    ChartMonitor(
        chart="cert-manager", switch="prometheus.servicemonitor.enabled", port=9402,
        labels={COMPONENT: "controller"},
    ),
    _plain("external-secrets", 8080),
    _plain("external-dns", 7979),
    _plain("karpenter", 8080, {NAME: "karpenter"}),
    _plain("aws-load-balancer-controller", 8080, {NAME: "aws-load-balancer-controller"}),
    _plain("cluster-autoscaler", 8085, {NAME: "aws-cluster-autoscaler"}),
    _plain("dcgm-exporter", 9400, {NAME: "dcgm-exporter"}),
    _plain("prometheus-postgres-exporter", 9187, {NAME: "prometheus-postgres-exporter"}),
    ChartMonitor(
        chart="prometheus-blackbox-exporter", switch="serviceMonitor.selfMonitor.enabled",
        port=9115, labels={NAME: "prometheus-blackbox-exporter"},
    ),
    *(
        ChartMonitor(
            chart="keda", name=name, switch=f"prometheus.{part}.serviceMonitor.enabled", port=8080,
            labels={"app": name},
        )
        for part, name in (
            ("operator", "keda-operator"),
            ("metricServer", "keda-operator-metrics-apiserver"),
            ("webhooks", "keda-admission-webhooks"),
        )
    ),
    ChartMonitor(
        chart="kueue", switch="enablePrometheus", port=8443, labels={NAME: "kueue"},
    ),
    ChartMonitor(
        chart="argo-workflows", switch="controller.serviceMonitor.enabled", port=9090,
        labels={COMPONENT: "workflow-controller"},
    ),
    _argo_cd("controller", "application-controller", 8082),
    _argo_cd("server", "server", 8083),
    _argo_cd("repoServer", "repo-server", 8084),
    _argo_cd("applicationSet", "applicationset-controller", 8080),
    _argo_cd("notifications", "notifications-controller", 9001),
    ChartMonitor(
        chart="velero", switch="metrics.serviceMonitor.enabled", port=8085,
        labels={NAME: "velero"}, default=True,
    ),
    ChartMonitor(
        chart="valkey", switch="metrics.serviceMonitor.enabled", port=9121,
        labels={NAME: "valkey"},
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ChartService:
    """A service that a chart makes and that something else asks."""

    chart: str
    name: str
    selector: Mapping[str, str]
    """Of the pods behind it."""
    labels: Mapping[str, str]
    """By which monitors find it."""
    ports: Mapping[str, tuple[int, int]]
    """Port of the service and of the pods, by the port's name."""


CHART_SERVICES = (
    ChartService(
        chart="istiod", name="istiod", selector={"app": "istiod"}, labels={"app": "istiod"},
        ports={"http-monitoring": (15014, 15014)},
    ),
    ChartService(
        chart="kserve-resources", name="kserve-controller-manager-metrics-service",
        selector={"control-plane": "kserve-controller-manager"},
        labels={"control-plane": "kserve-controller-manager"},
        ports={"https": (8443, 8443)},
    ),
    ChartService(
        chart="mlflow", name="mlflow", selector={NAME: "mlflow"}, labels={NAME: "mlflow"},
        ports={"http": (80, 5000)},
    ),
    ChartService(
        chart="kubeflow-trainer", name="kubeflow-trainer-controller-manager",
        selector={NAME: "kubeflow-trainer", COMPONENT: "manager"},
        labels={NAME: "kubeflow-trainer", COMPONENT: "manager"},
        ports={"monitoring-port": (8443, 8443)},
    ),
    ChartService(
        chart="prometheus-blackbox-exporter", name="prometheus-blackbox-exporter",
        selector={NAME: "prometheus-blackbox-exporter"},
        labels={NAME: "prometheus-blackbox-exporter"}, ports={"http": (9115, 9115)},
    ),
)  # fmt: skip
