"""Public names of a stack: what people and callers type.

Records, certificates, the consoles' rules and what external-dns leaves alone all follow from
here. Nothing here imports pulumi: the rules of a stack file ask it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.settings import Settings

MODELS = "models"
"""What answers at the models' load balancer."""
FIXED: Mapping[str, str] = {
    "grafana": "grafana",
    "argo": "argo",
    "api": "api",
    "argocd": "argocd",
    "web-ui": "app",
}
"""Console → first label of its name, for those that no stack file names."""


def console_hosts(settings: Settings) -> dict[str, str]:
    """Console → its public name."""
    labels = {"mlflow": settings.services.learning.mlflow.host, **FIXED}
    return {console: f"{label}.{settings.dns.domain}" for console, label in labels.items()}


def models_host(domain: str) -> str:
    """Public name of the models' gateway; each model's is one label below it."""
    return f"{MODELS}.{domain}"


def every_model(domain: str) -> str:
    """The wildcard for `<model>-<namespace>.models.<domain>`."""
    return f"*.{models_host(domain)}"
