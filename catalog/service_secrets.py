"""Secrets of the services in AWS Secrets Manager, by name; external-secrets brings them in.

Generated ones are made and kept by the program; provided ones are declared empty, and an
operator puts the value in, since only they have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Origin: TypeAlias = Literal["generated", "provided"]


@dataclass(frozen=True, kw_only=True)
class ServiceSecret:
    """A secret; its physical name is `<prefix>-<name>`."""

    name: str
    origin: Origin
    keys: tuple[str, ...]
    """Keys of its JSON object. A generated secret has `password`, and `username` if told."""
    username: str | None = None
    version: int = 1
    """Of a generated value; raise it to have a new one made, written and set."""


def _account(name: str, username: str) -> ServiceSecret:
    return ServiceSecret(
        name=name, origin="generated", keys=("username", "password"), username=username
    )


def _provided(name: str, *keys: str) -> ServiceSecret:
    return ServiceSecret(name=name, origin="provided", keys=keys)


_SECRETS = (
    _account("db-mlflow", "mlflow"),
    _account("db-mlflow-oidc", "mlflow_oidc"),
    _account("db-feast", "feast"),
    _account("db-grafana", "grafana"),
    _account("db-argo", "argo"),
    _account("db-exporter", "exporter"),
    _account("db-dumps", "dumps"),
    _account("db-fence-agent", "fence_agent"),
    _account("mlflow-admin", "admin"),
    _account("mlflow-platform-api", "platform-api"),
    _account("mlflow-training", "training"),
    _account("grafana-admin", "admin"),
    _account("valkey-feast", "feast"),
    ServiceSecret(name="mlflow-flask-key", origin="generated", keys=("password",)),
    ServiceSecret(name="argocd-server", origin="generated", keys=("password",)),
    _provided("oidc-grafana", "client-secret"),
    _provided("oidc-argocd", "client-secret"),
    _provided("oidc-argo-workflows", "client-secret"),
    _provided("oidc-mlflow", "client-secret"),
    _provided("alerts-heartbeat", "url"),
    _provided("alerts-pagerduty", "routing-key"),
    _provided("alerts-slack", "webhook-url"),
    _provided("alerts-finops", "webhook-url"),
)

SECRETS: dict[str, ServiceSecret] = {secret.name: secret for secret in _SECRETS}

MLFLOW_USERS = ("mlflow-admin", "mlflow-platform-api", "mlflow-training")
IN_DATABASE = frozenset({name for name in SECRETS if name.startswith("db-")} | {*MLFLOW_USERS})
"""Those whose other half is in the database: of its roles, and of MLflow's users. A copy of the
database takes them along, so that beside it only its source's are of use."""
