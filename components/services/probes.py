"""Probes from outside a service: its health endpoint, and the consoles at their public names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.charts import CHARTS
from components.services.flows import Flow, Pods, scraped
from components.services.plan import Object, Part, Release, ServicePlan
from components.services.pod import PLATFORM_SERVICE, POD_SECURITY, resources, spread

CHART = CHARTS["prometheus-blackbox-exporter"]
PORT = 9115
LABELS = {"app.kubernetes.io/name": CHART.name}
MODULES: Mapping[str, Sequence[int]] = {
    "healthy": (200,),
    "answers": (200, 302),
    "reached": (404,),
}
"""Codes that are good news. A console may send a stranger to the sign-in page. The gateway has
no model of the name that is asked for, and says so; without targets the balancer could not."""
PODS = Pods(namespace=CHART.namespace, labels=LABELS)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A health endpoint in the cluster, by its service and port, and the pods behind it."""

    service: str
    service_port: int
    path: str
    pods: Pods
    port: int

    @property
    def url(self) -> str:
        """What is asked."""
        return f"http://{self.service}.{self.pods.namespace}.svc:{self.service_port}{self.path}"


@dataclass(frozen=True, kw_only=True)
class ProbesArgs:
    """`endpoints` by service, `consoles` as addresses; either may be empty."""

    endpoints: Mapping[str, Endpoint]
    consoles: Sequence[str]
    models: str | None = None
    """Address of the models' gateway, where there is one."""


def probes(args: ProbesArgs) -> ServicePlan:
    """The prober and what it asks."""
    asked: list[Part] = [
        Object(name=name, manifest=_probe(name, [endpoint.url], "healthy"))
        for name, endpoint in args.endpoints.items()
    ]
    if args.consoles:
        asked.append(Object(name="consoles", manifest=_probe("consoles", args.consoles, "answers")))
    if args.models:
        asked.append(Object(name="models", manifest=_probe("models", [args.models], "reached")))
    return ServicePlan(name="probes", parts=[_release(), *asked], flows=_flows(args))


def _release() -> Release:
    return Release(
        name="release",
        chart=CHART,
        values={
            "replicas": 2,
            "podDisruptionBudget": {"maxUnavailable": 1},
            "priorityClassName": PLATFORM_SERVICE,
            "podSecurityContext": dict(POD_SECURITY),
            "topologySpreadConstraints": spread(LABELS),
            "resources": resources("50m", "64Mi", memory_limit="128Mi"),
            "serviceMonitor": {"selfMonitor": {"enabled": True}},
            "config": {"modules": {name: _module(codes) for name, codes in MODULES.items()}},
        },
        uses=("monitoring.coreos.com",),
        after=("priorities",),
    )


def _module(codes: Sequence[int]) -> dict[str, Any]:
    http = {
        "valid_http_versions": ["HTTP/1.1", "HTTP/2.0"],
        "valid_status_codes": list(codes),
        "follow_redirects": False,
        "preferred_ip_protocol": "ip4",
    }
    return {"prober": "http", "timeout": "5s", "http": http}


def _probe(name: str, urls: Sequence[str], module: str) -> dict[str, Any]:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Probe",
        "metadata": {"name": name, "namespace": CHART.namespace},
        "spec": {
            "jobName": f"probe-{name}",
            "interval": "30s",
            "module": module,
            "prober": {"url": f"{CHART.name}.{CHART.namespace}.svc:{PORT}"},
            "targets": {"staticConfig": {"static": list(urls)}},
        },
    }


def _flows(args: ProbesArgs) -> list[Flow]:
    inside = [
        Flow(name=f"probes-ask-{name}", source=PODS, target=one.pods, ports=(one.port,))
        for name, one in args.endpoints.items()
    ]
    doors = [
        Flow(name="probes-ask-consoles-inside", source=PODS, target="vpc", ports=(443,)),
        Flow(name="probes-ask-consoles-outside", source=PODS, target="world", ports=(443,)),
    ]
    outward = args.consoles or args.models
    return [scraped("probes", PODS, PORT), *inside, *(doors if outward else [])]
