"""Who training's pods are to MLflow: credentials in each namespace.

In Kubernetes they are the account of workflows, which has one name everywhere (`argo_workflows`),
so that one runtime and one template serve all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.services.external_secret import external_secret
from components.services.flows import Pods, to_aws
from components.services.mlflow_accounts import TRAINING
from components.services.plan import Object, ServicePlan
from components.services.training_pod import CREDENTIALS

TRACKER = TRAINING.secret
"""What Secrets Manager has the account in, after the stack's prefix."""


@dataclass(frozen=True, kw_only=True)
class TrainingAccessArgs:
    """`namespace` is that of training of no team; `teams` are the teams' namespaces; `passwords`
    begins the name of the account's secret."""

    namespace: str
    teams: Sequence[str]
    passwords: str


def training_access(args: TrainingAccessArgs) -> ServicePlan:
    """What training's pods are to MLflow."""
    namespaces = (args.namespace, *args.teams)
    return ServicePlan(
        name="training-access",
        parts=[
            *(_credentials(namespace, args.passwords) for namespace in namespaces),
        ],
        flows=to_aws("training", Pods(namespace=args.namespace)),
    )


def _credentials(namespace: str, passwords: str) -> Object:
    made = external_secret(
        name=CREDENTIALS,
        namespace=namespace,
        source=f"{passwords}-{TRACKER}",
        keys={"username": "username", TRAINING.password_key: "password"},
    )
    return Object(name=f"credentials-{namespace}", manifest=made.manifest)
