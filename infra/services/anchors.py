"""Anchors by name, told from the settings alone: what parts may wait for, before it is there.

`ground.anchors_of` has the resources behind them. Names come first, so that a part that waits
for what the stack never makes is refused before anything registers.
"""

from __future__ import annotations

from components.services.order import NODES
from components.services.teams import identity
from infra.fencing import platform_of
from infra.services.entrance import public
from infra.settings import Settings

GPU_NODES = "@gpu-nodes"
FOUNDATION = frozenset(
    {
        NODES, GPU_NODES, "@storage", "@database", "@valkey", "@files", "@queue", "@secrets",
        "@logs", "@metrics-server", "@edge",
    }
)  # fmt: skip
"""Anchors of every stack."""

WORKLOADS = frozenset(
    {
        "mlflow", "feast", "model-server", "workflows", "velero", "platform-api",
        "database-backup", "load-balancer-controller", "external-secrets", "logs", "metrics",
    }
)  # fmt: skip
"""Workloads with an AWS identity in every stack."""


def anchor_names(settings: Settings) -> frozenset[str]:
    """Every anchor of the stack; `@identity/<name>` is that of a workload's identity."""
    workloads = {*WORKLOADS, settings.services.scaling.scaler}
    workloads |= {identity(team.name) for team in settings.teams}
    if platform_of(settings):
        workloads.add("lease-agent")
    if public(settings):
        workloads.add("external-dns")
    return FOUNDATION | {f"@identity/{name}" for name in workloads}
