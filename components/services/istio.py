"""Istio's control plane, for its gateway alone: no sidecars, no mesh.

Models are called through the gateway, and network policies say who else may call them; a proxy
beside each pod would add latency to every prediction for nothing that these do not give.
"""

from __future__ import annotations

from catalog.charts import CHARTS
from components.services.flows import Flow, Pods, scraped, to_api, webhook
from components.services.plan import Release, ServicePlan
from components.services.pod import PLATFORM_CRITICAL, resources, spread

BASE = CHARTS["istio-base"]
CONTROL_PLANE = CHARTS["istiod"]
ISTIOD = Pods(namespace=CONTROL_PLANE.namespace, labels={"app": "istiod"})
WEBHOOK_PORT = 15017
DISCOVERY_PORT = 15012
METRICS_PORT = 15014


def istio() -> ServicePlan:
    """Definitions and control plane; `provides` says when its kinds are accepted."""
    return ServicePlan(
        name="istio",
        parts=[Release(name="base", chart=BASE, values={"defaultRevision": "default"}), _istiod()],
        provides={"networking.istio.io": "control-plane", "telemetry.istio.io": "control-plane"},
        flows=_flows(),
    )


def _istiod() -> Release:
    return Release(
        name="control-plane",
        chart=CONTROL_PLANE,
        values={
            "autoscaleEnabled": True,
            "autoscaleMin": 2,
            "autoscaleMax": 5,
            "cpu": {"targetAverageUtilization": 80},
            "resources": resources("250m", "1Gi", memory_limit="2Gi"),
            "seccompProfile": {"type": "RuntimeDefault"},
            "topologySpreadConstraints": spread({"app": "istiod"}),
            "global": {
                "priorityClassName": PLATFORM_CRITICAL,
                "logAsJson": True,
                "defaultPodDisruptionBudget": {"enabled": True},
            },
            "sidecarInjectorWebhook": {"enableNamespacesByDefault": False},
            "meshConfig": {"accessLogFile": "/dev/stdout", "accessLogEncoding": "JSON"},
            "env": {"PILOT_ENABLE_ALPHA_GATEWAY_API": "false"},
        },
        # It makes gateways of Gateway objects only where it finds their definition at its start.
        uses=("gateway.networking.k8s.io",),
        after=("base", "priorities", "@metrics-server"),
    )


def _flows() -> list[Flow]:
    return [
        to_api("istiod", ISTIOD),
        webhook("istiod", ISTIOD, WEBHOOK_PORT),
        scraped("istiod", ISTIOD, METRICS_PORT),
    ]
