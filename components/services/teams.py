"""A team: its namespace with a quota, its roles, its account in AWS, its flows and cost label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.services.administration import attended
from components.services.flows import Flow, Pods
from components.services.kserve import PREDICTOR_PORT
from components.services.kueue import QUEUED
from components.services.model_gateway import PODS as GATEWAY
from components.services.namespaces import (
    COMPLETED,
    SERVED_BY_GATEWAY,
    limit_range,
    namespace,
    quota,
)
from components.services.plan import Object, ServicePlan
from components.services.roles import scientists_in, team_group

ACCOUNT = "team"
"""Service account that a team's pods run as; its role reaches the team's bucket prefixes."""
LABEL_LENGTH = 63


@dataclass(frozen=True, kw_only=True)
class TeamArgs:
    """One record of the stack file."""

    name: str
    cost_center: str
    kubernetes_version: str
    cpus: int
    memory_gib: int
    gpus: int
    storage_gib: int


def team(args: TeamArgs) -> ServicePlan:
    """Everything in the cluster that makes a team one."""
    labels = {
        "mlops/team": args.name,
        "mlops/cost-center": label_value(args.cost_center),
        SERVED_BY_GATEWAY: "true",
        COMPLETED: "true",
        **QUEUED,
    }
    return ServicePlan(
        name=f"team-{args.name}",
        parts=[
            namespace(args.name, "restricted", args.kubernetes_version, labels),
            Object(name="limits", manifest=limit_range(args.name)),
            Object(name="quota", manifest=quota(args.name, _hard(args))),
            # A pod that starts before the role is its account's keeps having none.
            Object(
                name="account",
                manifest=_account(args.name),
                after=(f"@identity/{identity(args.name)}",),
            ),
            scientists_in(args.name, [team_group(args.name)]),
            attended(args.name),
        ],
        flows=_flows(args.name),
    )


def identity(team_name: str) -> str:
    """Name of the AWS identity of a team's pods."""
    return f"team-{team_name}"


def label_value(text: str) -> str:
    """`text` as a label's value: what does not fit becomes a hyphen, and it begins and ends
    with a letter or digit."""
    fitting = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-_.")
    return fitting[:LABEL_LENGTH].rstrip("-_.")


def _hard(args: TeamArgs) -> dict[str, str]:
    return {
        "requests.cpu": str(args.cpus),
        "requests.memory": f"{args.memory_gib}Gi",
        "limits.memory": f"{args.memory_gib}Gi",
        "requests.nvidia.com/gpu": str(args.gpus),
        "requests.storage": f"{args.storage_gib}Gi",
    }


def _account(name: str) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": name},
    }


def _flows(name: str) -> list[Flow]:
    own = Pods(namespace=name)
    return [
        Flow(name=f"{name}-within", source=own, target=own, ports=(8080, 8081, 6379, 8265, 10001)),
        Flow(name=f"gateway-to-{name}", source=GATEWAY, target=own, ports=(PREDICTOR_PORT,)),
        Flow(name=f"{name}-to-aws", source=own, target="aws", ports=(443,)),
        Flow(name=f"{name}-credentials", source=own, target="pod-identity", ports=(80,)),
        Flow(
            name=f"{name}-to-mlflow",
            source=own,
            target=Pods(namespace="mlops-platform", labels={"app.kubernetes.io/name": "mlflow"}),
            ports=(5000,),
        ),
        Flow(
            name=f"{name}-to-feast",
            source=own,
            target=Pods(
                namespace="mlops-platform",
                labels={"app.kubernetes.io/name": "feast-feature-server"},
            ),
            ports=(6566,),
        ),
    ]
