"""Who training's pods are: an account in each namespace, with MLflow's credentials.

The account has the name that it has in teams' namespaces, so that one runtime and one template
serve all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.services.external_secret import external_secret
from components.services.flows import Pods, to_aws
from components.services.plan import Manifest, Object, ServicePlan
from components.services.roles import RBAC
from components.services.teams import ACCOUNT
from components.services.training_pod import CREDENTIALS

STEPS = "workflow-steps"
TRACKER = "mlflow-training"
"""What Secrets Manager has the account in, after the stack's prefix; an operator fills it."""


@dataclass(frozen=True, kw_only=True)
class TrainingAccessArgs:
    """`namespace` is that of training of no team; `teams` are namespaces with their account."""

    namespace: str
    teams: Sequence[str]
    prefix: str
    tracks: bool
    """Whether MLflow is there to log to."""


def training_access(args: TrainingAccessArgs) -> ServicePlan:
    """The account of no team, and what every account may tell Argo and MLflow."""
    namespaces = (args.namespace, *args.teams)
    parts = [Object(name="account", manifest=_account(args.namespace))]
    for namespace in namespaces:
        parts += [
            Object(name=f"steps-{namespace}", manifest=_role(namespace)),
            Object(name=f"steps-{namespace}-binding", manifest=_binding(namespace)),
        ]
        if args.tracks:
            parts.append(_credentials(namespace, args.prefix))
    return ServicePlan(
        name="training-access",
        parts=parts,
        flows=to_aws("training", Pods(namespace=args.namespace)),
    )


def _account(namespace: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": namespace},
    }


def _role(namespace: str) -> Manifest:
    """What Argo's executor writes beside a step, and nothing else. Source: Argo Workflows,
    workflow RBAC."""
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": {"name": STEPS, "namespace": namespace},
        "rules": [
            {
                "apiGroups": ["argoproj.io"],
                "resources": ["workflowtaskresults"],
                "verbs": ["create", "patch"],
            }
        ],
    }


def _binding(namespace: str) -> Manifest:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": STEPS, "namespace": namespace},
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": STEPS},
        "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": namespace}],
    }


def _credentials(namespace: str, prefix: str) -> Object:
    made = external_secret(
        name=CREDENTIALS,
        namespace=namespace,
        source=f"{prefix}-{TRACKER}",
        keys={"username": "username", "password": "password"},
    )
    return Object(name=f"credentials-{namespace}", manifest=made.manifest)
