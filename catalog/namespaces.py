"""The platform's namespaces and the Pod Security level of each.

Restricted by default; privileged only where a chart needs the host, and then alone.
Source: Kubernetes Pod Security Standards; levels from renders of the charts.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

PodSecurity: TypeAlias = Literal["restricted", "baseline", "privileged"]

NAMESPACES: dict[str, PodSecurity] = {
    "mlops-platform": "restricted",
    "models": "restricted",
    "monitoring": "restricted",
    "kserve": "restricted",
    "istio-system": "restricted",
    "cert-manager": "restricted",
    "external-secrets": "restricted",
    "external-dns": "restricted",
    "keda": "restricted",
    "argo": "restricted",
    "argocd": "restricted",
    "kueue-system": "restricted",
    "trainer-system": "restricted",
    "training": "restricted",
    # Their pods read the host: metrics, logs, GPUs, volumes of other pods.
    "node-metrics": "privileged",
    "logging": "privileged",
    "gpu-system": "privileged",
    "velero": "privileged",
}
"""Namespaces that are made; `kube-system` is there already."""

WORKED_IN = ("models", "training")
"""Those in which people work, beside their teams'. No controller runs there: whoever makes pods
in a namespace may take any of its service accounts."""

PLATFORM = tuple(name for name in NAMESPACES if name not in WORKED_IN)
"""Those of the platform's own services and controllers."""
