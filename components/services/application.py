"""An application of the platform's own: an image of the account's registry, by digest, made
highly available, scaled and reached through the consoles' balancer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import Input

from components.services.cert_manager import certificate, service_names, verified
from components.services.flows import Flow, Pods, scraped
from components.services.plan import Object, Part, ServicePlan
from components.services.pod import (
    CONTAINER_SECURITY,
    PLATFORM_SERVICE,
    POD_SECURITY,
    disruption_budget,
    resources,
    service_monitor,
    spread,
)
from components.services.target_group_binding import target_group_binding

NAMESPACE = "mlops-platform"
TLS_FOLDER = "/etc/tls"


@dataclass(frozen=True, kw_only=True)
class ApplicationArgs:
    """`image` is `<registry>/<repository>@sha256:…`; loads are percents of the requests."""

    name: str
    image: str
    port: int
    health_path: str
    host: str | None
    target_group_arn: Input[str] | None
    min_replicas: int
    max_replicas: int
    cpu_percent: int
    memory_percent: int | None = None
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, str])
    secrets: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Variables that come from a Secret, each with its name and key."""
    cpu: str = "500m"
    memory: str = "512Mi"
    memory_limit: str = "1Gi"
    metrics: bool = True
    serves_tls: bool = False
    """Whether the image serves TLS with the certificate that it is given."""
    anchors: Sequence[str] = ()
    flows: Sequence[Flow] = ()
    """Beside the balancer's and Prometheus'."""
    more: Sequence[Object] = ()
    """What only this application needs, such as a role."""

    @property
    def scheme(self) -> Literal["http", "https"]:
        """What its pods speak, and the name of its port."""
        return "https" if self.serves_tls else "http"

    @property
    def service_port(self) -> int:
        """Port of its service."""
        return 443 if self.serves_tls else 80

    @property
    def secret(self) -> str:
        """The Secret with its certificate."""
        return f"{self.name}-tls"


def application(args: ApplicationArgs) -> ServicePlan:
    """Account, deployment, service, scaler, budget, monitor, and its place at the balancer."""
    labels = {"app.kubernetes.io/name": args.name}
    parts: list[Part] = [
        Object(name="account", manifest=_object("v1", "ServiceAccount", args.name)),
        *args.more,
        *(served := _certificate(args)),
        Object(
            name="deployment",
            manifest=_deployment(args, labels),
            after=("account", "priorities", *args.anchors, *(one.name for one in served)),
            # The scaler owns the count.
            ignore_changes=("spec.replicas",),
        ),
        Object(name="service", manifest=_service(args, labels)),
        Object(name="scaler", manifest=_scaler(args), after=("deployment", "@metrics-server")),
        Object(name="budget", manifest=disruption_budget(args.name, NAMESPACE, labels)),
    ]
    if args.metrics:
        parts.append(Object(name="monitor", manifest=_monitor(args, labels)))
    if args.target_group_arn is not None:
        parts.append(
            target_group_binding(
                # A binding cannot change its group, and another protocol has another.
                name=args.secret if args.serves_tls else args.name,
                namespace=NAMESPACE,
                service=args.name,
                port=args.service_port,
                target_group_arn=args.target_group_arn,
            )
        )
    hosts = [args.host] if args.host else []
    return ServicePlan(name=args.name, parts=parts, flows=_flows(args), hosts=hosts)


def pods(name: str) -> Pods:
    """An application's pods."""
    return Pods(namespace=NAMESPACE, labels={"app.kubernetes.io/name": name})


def _certificate(args: ApplicationArgs) -> list[Object]:
    if not args.serves_tls:
        return []
    names = service_names(args.name, NAMESPACE)
    return [certificate(name=args.secret, namespace=NAMESPACE, dns_names=names)]


def _monitor(args: ApplicationArgs, labels: Mapping[str, str]) -> dict[str, Any]:
    held = verified(args.secret, args.name, NAMESPACE) if args.serves_tls else None
    return service_monitor(args.name, NAMESPACE, labels, args.scheme, tls=held)


def _object(api_version: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/name": name},
        },
    }


def _deployment(args: ApplicationArgs, labels: Mapping[str, str]) -> dict[str, Any]:
    pod = {
        "serviceAccountName": args.name,
        "priorityClassName": PLATFORM_SERVICE,
        "securityContext": {**POD_SECURITY, "runAsUser": 65532},
        "topologySpreadConstraints": spread(labels),
        "terminationGracePeriodSeconds": 45,
        "containers": [_container(args)],
        "volumes": _volumes(args),
    }
    return {
        **_object("apps/v1", "Deployment", args.name),
        "spec": {
            "replicas": args.min_replicas,
            "selector": {"matchLabels": dict(labels)},
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
        },
    }


def _volumes(args: ApplicationArgs) -> list[dict[str, Any]]:
    scratch = {"name": "scratch", "emptyDir": {"sizeLimit": "256Mi"}}
    served = {"name": "tls", "secret": {"secretName": args.secret}}
    return [scratch, *([served] if args.serves_tls else [])]


def _mounts(args: ApplicationArgs) -> list[dict[str, Any]]:
    scratch = {"name": "scratch", "mountPath": "/tmp"}  # noqa: S108 - in the pod
    served = {"name": "tls", "mountPath": TLS_FOLDER, "readOnly": True}
    return [scratch, *([served] if args.serves_tls else [])]


def _container(args: ApplicationArgs) -> dict[str, Any]:
    asked = {"path": args.health_path, "port": args.scheme, "scheme": args.scheme.upper()}
    probe = {"httpGet": asked}
    return {
        "name": args.name,
        "image": args.image,
        "ports": [{"name": args.scheme, "containerPort": args.port}],
        "env": _environment(args),
        "readinessProbe": {**probe, "periodSeconds": 5, "failureThreshold": 3},
        "livenessProbe": {**probe, "periodSeconds": 10, "failureThreshold": 6},
        # Targets leave the balancer before the process does.
        "lifecycle": {"preStop": {"sleep": {"seconds": 10}}},
        "securityContext": dict(CONTAINER_SECURITY),
        "resources": resources(args.cpu, args.memory, memory_limit=args.memory_limit),
        "volumeMounts": _mounts(args),
    }


def _environment(args: ApplicationArgs) -> list[dict[str, Any]]:
    files = {"TLS_CERT_FILE": f"{TLS_FOLDER}/tls.crt", "TLS_KEY_FILE": f"{TLS_FOLDER}/tls.key"}
    plain = {**args.environment, **(files if args.serves_tls else {})}
    return [
        *({"name": name, "value": value} for name, value in plain.items()),
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
            for name, (secret, key) in args.secrets.items()
        ),
    ]


def _service(args: ApplicationArgs, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_object("v1", "Service", args.name),
        "spec": {
            "selector": dict(labels),
            "ports": [{"name": args.scheme, "port": args.service_port, "targetPort": args.scheme}],
        },
    }


def _scaler(args: ApplicationArgs) -> dict[str, Any]:
    loads = {"cpu": args.cpu_percent} | (
        {"memory": args.memory_percent} if args.memory_percent else {}
    )
    return {
        **_object("autoscaling/v2", "HorizontalPodAutoscaler", args.name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": args.name},
            "minReplicas": args.min_replicas,
            "maxReplicas": args.max_replicas,
            "metrics": [_load(name, percent) for name, percent in loads.items()],
        },
    }


def _load(name: str, percent: int) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": name, "target": target}}


def _flows(args: ApplicationArgs) -> list[Flow]:
    own = pods(args.name)
    balancer = Flow(name=f"balancer-to-{args.name}", source="vpc", target=own, ports=(args.port,))
    return [balancer, *([scraped(args.name, own, args.port)] if args.metrics else []), *args.flows]
