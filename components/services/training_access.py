"""Who training's pods are: an account in each namespace, with MLflow's credentials.

The account is that of workflows, under one name everywhere, so that one runtime and one template
serve all. What it tells Argo of a step the chart lets it, in each namespace with workflows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.services.external_secret import external_secret
from components.services.flows import Pods, to_aws
from components.services.plan import Object, ServicePlan
from components.services.training_pod import ACCOUNT, CREDENTIALS

TRACKER = "mlflow-training"
"""What Secrets Manager has the account in, after the stack's prefix; an operator fills it."""


@dataclass(frozen=True, kw_only=True)
class TrainingAccessArgs:
    """`namespace` is that of training of no team; `teams` are the teams' namespaces."""

    namespace: str
    teams: Sequence[str]
    prefix: str


def training_access(args: TrainingAccessArgs) -> ServicePlan:
    """What training's pods are, in Kubernetes and in MLflow."""
    namespaces = (args.namespace, *args.teams)
    return ServicePlan(
        name="training-access",
        parts=[
            *(_account(namespace) for namespace in namespaces),
            *(_credentials(namespace, args.prefix) for namespace in namespaces),
        ],
        flows=to_aws("training", Pods(namespace=args.namespace)),
    )


def _account(namespace: str) -> Object:
    return Object(
        name=f"account-{namespace}",
        manifest={
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": ACCOUNT, "namespace": namespace},
        },
        # A pod that starts before its account has a role keeps having none.
        after=("@identity/training",),
    )


def _credentials(namespace: str, prefix: str) -> Object:
    made = external_secret(
        name=CREDENTIALS,
        namespace=namespace,
        source=f"{prefix}-{TRACKER}",
        keys={"username": "username", "password": "password"},
    )
    return Object(name=f"credentials-{namespace}", manifest=made.manifest)
