"""What Prometheus reads in a stack, found in its plans: monitors of charts, monitors that are
objects, and probes. From it follow which alerts can come true, and which flows must be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from components.services.chart_monitors import (
    CHART_MONITORS,
    CHART_SERVICES,
    ChartMonitor,
    ChartService,
)
from components.services.flows import Outside, Pods
from components.services.plan import Object, Release, ServicePlan

Labels: TypeAlias = Mapping[str, str]

EXPORTED_BY: Mapping[str, str] = {
    "prometheus": "kube-prometheus-stack/prometheus",
    "api-server": "kube-prometheus-stack/api-server",
    "kubelet": "kube-prometheus-stack/kubelet",
    "kube-state-metrics": "kube-prometheus-stack/kube-state-metrics",
    "node-exporter": "kube-prometheus-stack/node-exporter",
    "platform-api": "mlops-platform/platform-api",
    "mlflow": "mlops-platform/mlflow",
    "feast": "mlops-platform/feast-feature-server",
    "model-gateway": "istio-system/model-gateway",
    "model-server": "models/model-servers",
    "blackbox-exporter": "prometheus-blackbox-exporter/pods",
    "lease-agent": "mlops-platform/lease-agent",
    "postgres-exporter": "prometheus-postgres-exporter/pods",
    "cloudwatch-exporter": "monitoring/cloudwatch-exporter",
    "opencost": "monitoring/opencost",
    "dcgm-exporter": "dcgm-exporter/pods",
    "karpenter": "karpenter/pods",
    "keda": "keda/keda-operator",
    "kueue": "kueue/pods",
    "argo-workflows": "argo-workflows/pods",
    "argo-cd": "argo-cd/application-controller",
    "velero": "velero/pods",
    "cert-manager": "cert-manager/pods",
    "external-secrets": "external-secrets/pods",
    "fluent-bit": "logging/fluent-bit",
}
"""The scrape that each source of `catalog.signals.sources` is read by; probes are their own."""


@dataclass(frozen=True, kw_only=True)
class Scrape:
    """What is read on which port; `name` is `<chart>/<monitor>` or `<namespace>/<object>`."""

    name: str
    target: Pods | Outside
    port: int


def exported(plans: Sequence[ServicePlan]) -> frozenset[str]:
    """Sources that `plans` make Prometheus read."""
    read = {one.name for one in scrapes(plans)}
    probed = {job for job, _ in probed_urls(plans)}
    return frozenset({source for source, name in EXPORTED_BY.items() if name in read} | probed)


def scrapes(plans: Sequence[ServicePlan]) -> list[Scrape]:
    """Everything that Prometheus reads by itself."""
    return [*_of_charts(plans), *_of_objects(plans)]


def probed_urls(plans: Sequence[ServicePlan]) -> list[tuple[str, str]]:
    """What the prober asks, by job."""
    return [
        (str(probe["spec"]["jobName"]), str(url))
        for probe in _manifests(plans, "Probe")
        for url in probe["spec"]["targets"]["staticConfig"]["static"]
    ]


def _of_charts(plans: Sequence[ServicePlan]) -> Iterator[Scrape]:
    releases = {release.chart.name: release for plan in plans for release in plan.releases}
    for monitor in CHART_MONITORS:
        release = releases.get(monitor.chart)
        if release is not None and _switched_on(monitor, release):
            yield Scrape(
                name=f"{monitor.chart}/{monitor.name}",
                target=monitor.outside or _pods(monitor, release),
                port=monitor.port,
            )


def _pods(monitor: ChartMonitor, release: Release) -> Pods:
    return Pods(namespace=monitor.namespace or release.chart.namespace, labels=monitor.labels)


def _switched_on(monitor: ChartMonitor, release: Release) -> bool:
    value: Any = release.values
    for key in monitor.switch.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return monitor.default
        value = cast("Mapping[str, Any]", value)[key]
    return value is True


def _of_objects(plans: Sequence[ServicePlan]) -> Iterator[Scrape]:
    for monitor in _manifests(plans, "PodMonitor"):
        for endpoint in monitor["spec"]["podMetricsEndpoints"]:
            for namespace in _namespaces(monitor):
                labels = monitor["spec"]["selector"].get("matchLabels", {})
                target = Pods(namespace=namespace, labels=labels)
                yield Scrape(name=_name(monitor), target=target, port=endpoint["portNumber"])
    services = list(_services(plans))
    for monitor in _manifests(plans, "ServiceMonitor"):
        for endpoint in monitor["spec"]["endpoints"]:
            yield from _behind(services, monitor, endpoint["port"])


def _behind(
    services: Sequence[_Service], monitor: Mapping[str, Any], port: str
) -> Iterator[Scrape]:
    wanted: Labels = monitor["spec"]["selector"]["matchLabels"]
    for service in services:
        found = (
            service.namespace in _namespaces(monitor) and wanted.items() <= service.labels.items()
        )
        if found and port in service.ports:
            pods = Pods(namespace=service.namespace, labels=service.selector)
            yield Scrape(name=_name(monitor), target=pods, port=service.ports[port])


def _name(monitor: Mapping[str, Any]) -> str:
    return f"{monitor['metadata']['namespace']}/{monitor['metadata']['name']}"


def _namespaces(monitor: Mapping[str, Any]) -> Sequence[str]:
    own = monitor["metadata"]["namespace"]
    return monitor["spec"].get("namespaceSelector", {}).get("matchNames", [own])


@dataclass(frozen=True, kw_only=True)
class _Service:
    """A service, with the ports of its pods by the names of its own."""

    namespace: str
    labels: Labels
    selector: Labels
    ports: Mapping[str, int]


def _services(plans: Sequence[ServicePlan]) -> Iterator[_Service]:
    charts = {release.chart.name: release.chart for plan in plans for release in plan.releases}
    for made in CHART_SERVICES:
        if made.chart in charts:
            yield _of_chart(made, charts[made.chart].namespace)
    for manifest in _manifests(plans, "Service"):
        yield _of_object(manifest, plans)


def _of_object(manifest: Mapping[str, Any], plans: Sequence[ServicePlan]) -> _Service:
    selector: Labels = manifest["spec"]["selector"]
    namespace: str = manifest["metadata"]["namespace"]
    named = _container_ports(plans, namespace, selector)
    ports: dict[str, int] = {}
    for one in manifest["spec"]["ports"]:
        target: str | int = one.get("targetPort", one["port"])
        ports[one["name"]] = named[target] if isinstance(target, str) else target
    return _Service(
        namespace=namespace,
        labels=manifest["metadata"].get("labels", {}),
        selector=selector,
        ports=ports,
    )


def _of_chart(made: ChartService, namespace: str) -> _Service:
    return _Service(
        namespace=namespace,
        labels=made.labels,
        selector=made.selector,
        ports={name: inside for name, (_, inside) in made.ports.items()},
    )


def _container_ports(
    plans: Sequence[ServicePlan], namespace: str, selector: Labels
) -> dict[str, int]:
    """Ports by the names that containers of the selected pods give them."""
    found: dict[str, int] = {}
    for kind in ("Deployment", "DaemonSet", "StatefulSet"):
        for manifest in _manifests(plans, kind):
            template = manifest["spec"]["template"]
            labels: Labels = template["metadata"]["labels"]
            if (
                manifest["metadata"]["namespace"] == namespace
                and selector.items() <= labels.items()
            ):
                for container in template["spec"]["containers"]:
                    found |= {
                        one["name"]: one["containerPort"] for one in container.get("ports", [])
                    }
    return found


def _manifests(plans: Sequence[ServicePlan], kind: str) -> Iterator[Mapping[str, Any]]:
    for plan in plans:
        for part in plan.parts:
            if isinstance(part, Object) and part.kind == kind:
                yield part.manifest
