"""The gateway of the models: one Gateway object, of which Istio makes a deployment and service.

The network balancer ends the public TLS session and opens another to the gateway, whose
certificate is of the authority inside; it does not verify that. The service is a ClusterIP: the
balancer is declared, and a TargetGroupBinding joins it to the gateway's pods.

In its own session the balancer names no server (no SNI), and Istio turns a listener's hostname
into a match on that name: such a listener would reset every connection. So there is one listener
without hostname, and routes are told apart by the request's Host header.
Sources: istio/istio issues 22795, 31421 and 35420; Gateway API, listener hostname.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from components.services.cert_manager import certificate
from components.services.flows import Flow, Pods, scraped
from components.services.namespaces import SERVED_BY_GATEWAY
from components.services.plan import Object, ServicePlan
from components.services.pod import CONTAINER_SECURITY, PLATFORM_CRITICAL, resources, spread
from components.services.target_group_binding import target_group_binding

NAME = "models"
NAMESPACE = "istio-system"
CLASS = "istio"
LISTENER = "models"
LABELS = {"gateway.networking.k8s.io/gateway-name": NAME}
PODS = Pods(namespace=NAMESPACE, labels=LABELS)
SERVICE = f"{NAME}-{CLASS}"
"""Istio names what it makes after the Gateway and its class."""
HTTPS_PORT = 8443
"""Above 1024, so that the gateway needs no capability to listen."""
HEALTH_PORT = 15021
METRICS_PORT = 15020
CERTIFICATE = "models-gateway"


@dataclass(frozen=True, kw_only=True)
class ModelGatewayArgs:
    """The public name, and the declared target group that gets the gateway's pods."""

    host: str
    target_group_arn: Input[str]


def model_gateway(args: ModelGatewayArgs) -> ServicePlan:
    """The gateway with its certificate, options, scaling and targets."""
    return ServicePlan(
        name="model-gateway",
        parts=[
            certificate(
                name=CERTIFICATE,
                namespace=NAMESPACE,
                dns_names=[args.host, f"*.{args.host}", f"{SERVICE}.{NAMESPACE}.svc"],
            ),
            Object(name="options", manifest=_options()),
            Object(
                name="gateway",
                manifest=_gateway(args.host),
                after=("istio/control-plane", "options", f"certificate-{CERTIFICATE}"),
            ),
            target_group_binding(
                name="models-gateway",
                namespace=NAMESPACE,
                service=SERVICE,
                port=HTTPS_PORT,
                target_group_arn=args.target_group_arn,
            ),
        ],
        flows=_flows(),
        hosts=[args.host],
    )


def _gateway(host: str) -> dict[str, Any]:
    selector = {"matchLabels": {SERVED_BY_GATEWAY: "true"}}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {
            "name": NAME,
            "namespace": NAMESPACE,
            # Istio's service has no address of its own: names of teams' routes lead to the
            # declared balancer, by the name that follows a failover.
            "annotations": {"external-dns.alpha.kubernetes.io/target": host},
        },
        "spec": {
            "gatewayClassName": CLASS,
            "infrastructure": {
                "annotations": {"networking.istio.io/service-type": "ClusterIP"},
                "parametersRef": {"group": "", "kind": "ConfigMap", "name": "models-gateway"},
            },
            "listeners": [
                {
                    "name": LISTENER,
                    "port": HTTPS_PORT,
                    "protocol": "HTTPS",
                    "tls": {"mode": "Terminate", "certificateRefs": [{"name": CERTIFICATE}]},
                    "allowedRoutes": {"namespaces": {"from": "Selector", "selector": selector}},
                }
            ],
        },
    }


def _options() -> dict[str, Any]:
    """What Istio lays over the deployment, scaler and budget that it makes for the gateway."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "models-gateway", "namespace": NAMESPACE},
        "data": {
            "deployment": json.dumps({"spec": {"template": {"spec": _pod()}}}),
            "horizontalPodAutoscaler": json.dumps(
                {"spec": {"minReplicas": 3, "maxReplicas": 10, "metrics": [_busy()]}}
            ),
            "podDisruptionBudget": json.dumps({"spec": {"maxUnavailable": 1}}),
        },
    }


def _pod() -> dict[str, Any]:
    return {
        "priorityClassName": PLATFORM_CRITICAL,
        "topologySpreadConstraints": spread(LABELS),
        "terminationGracePeriodSeconds": 60,
        "containers": [
            {
                "name": "istio-proxy",
                "resources": resources("500m", "512Mi", memory_limit="1Gi"),
                "securityContext": dict(CONTAINER_SECURITY),
            }
        ],
    }


def _busy() -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": 70}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _flows() -> list[Flow]:
    istiod = Pods(namespace=NAMESPACE, labels={"app": "istiod"})
    return [
        Flow(
            name="balancer-to-model-gateway",
            source="vpc",
            target=PODS,
            ports=(HTTPS_PORT, HEALTH_PORT),
        ),
        Flow(name="model-gateway-to-istiod", source=PODS, target=istiod, ports=(15012,)),
        scraped("model-gateway", PODS, METRICS_PORT),
    ]
