"""Monitors of controllers whose charts make none: Istio's control plane and KServe's."""

from __future__ import annotations

from typing import Any

from components.services import istio, kserve
from components.services.plan import Object, ServicePlan
from components.services.pod import service_monitor

TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 - a path


def control_monitors(*, serving: bool) -> ServicePlan:
    """`serving` says whether KServe is there."""
    istiod = service_monitor(
        "istiod", istio.CONTROL_PLANE.namespace, istio.ISTIOD.labels, "http-monitoring"
    )
    parts = [Object(name="istiod", manifest=istiod)]
    if serving:
        parts.append(Object(name="kserve", manifest=_kserve()))
    return ServicePlan(name="control-monitors", parts=parts)


def _kserve() -> dict[str, Any]:
    """Behind a proxy that asks the API server whether the caller may read metrics; its
    certificate is of nobody."""
    made = service_monitor("kserve-controller", kserve.PODS.namespace, kserve.LABELS, "https")
    (endpoint,) = made["spec"]["endpoints"]
    endpoint |= {
        "scheme": "https",
        "bearerTokenFile": TOKEN,
        "tlsConfig": {"insecureSkipVerify": True},
    }
    return made
