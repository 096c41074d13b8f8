"""Probes from outside a service: its health endpoint, and the consoles at their public names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.charts import CHARTS
from components.services.cert_manager import AUTHORITY_KEY, certificate, service_names
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
INSIDE = "healthy-inside"
"""As `healthy`, of a service with a certificate of the authority in the cluster."""
TLS = "prober-tls"
TLS_FOLDER = "/etc/prober-tls"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A health endpoint in the cluster, by its service and port, and the pods behind it."""

    service: str
    service_port: int
    path: str
    pods: Pods
    port: int
    serves_tls: bool = False

    @property
    def url(self) -> str:
        """What is asked."""
        scheme = "https" if self.serves_tls else "http"
        host = service_names(self.service, self.pods.namespace)[0]
        return f"{scheme}://{host}:{self.service_port}{self.path}"

    @property
    def module(self) -> str:
        """How it is asked."""
        return INSIDE if self.serves_tls else "healthy"


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
        Object(name=name, manifest=_probe(name, [endpoint.url], endpoint.module))
        for name, endpoint in args.endpoints.items()
    ]
    trusted = _trusted(args)
    if args.consoles:
        asked.append(Object(name="consoles", manifest=_probe("consoles", args.consoles, "answers")))
    if args.models:
        asked.append(Object(name="models", manifest=_probe("models", [args.models], "reached")))
    parts = [*trusted, _release(trusted), *asked]
    return ServicePlan(name="probes", parts=parts, flows=_flows(args))


def _trusted(args: ProbesArgs) -> list[Object]:
    """The authority, beside a certificate that the prober needs for nothing else."""
    if not any(one.serves_tls for one in args.endpoints.values()):
        return []
    names = service_names(CHART.name, CHART.namespace)
    return [certificate(name=TLS, namespace=CHART.namespace, dns_names=names)]


def _release(trusted: Sequence[Object]) -> Release:
    modules = {name: _module(codes) for name, codes in MODULES.items()}
    if trusted:
        authority = {"ca_file": f"{TLS_FOLDER}/{AUTHORITY_KEY}"}
        modules[INSIDE] = _module(MODULES["healthy"], tls=authority)
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
            "extraSecretMounts": [
                {"name": TLS, "secretName": TLS, "mountPath": TLS_FOLDER, "readOnly": True}
                for _ in trusted
            ],
            "config": {"modules": modules},
        },
        uses=("monitoring.coreos.com",),
        after=("priorities", *(one.name for one in trusted)),
    )


def _module(codes: Sequence[int], tls: Mapping[str, Any] | None = None) -> dict[str, Any]:
    http: dict[str, Any] = {
        "valid_http_versions": ["HTTP/1.1", "HTTP/2.0"],
        "valid_status_codes": list(codes),
        "follow_redirects": False,
        "preferred_ip_protocol": "ip4",
        **({"tls_config": dict(tls)} if tls else {}),
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
