"""Alerts about money, for the FinOps team, and the figures that they go by.

OpenCost knows what runs, at AWS's prices; what is outside the cluster is in AWS's own budget.
"""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof, Recording
from catalog.signals.sources import sources_of

HOURS_PER_MONTH = 730
HOURLY = "cost:cluster_hourly_usd:sum"

_HOURLY = Recording(
    name=HOURLY,
    expression="sum(node_total_hourly_cost) + (sum(pv_hourly_cost"
    " * on (persistentvolume) group_left () (kube_persistentvolume_capacity_bytes / 1024 ^ 3))"
    " or vector(0))",
)
COST_RECORDINGS = (_HOURLY,)
_PRICES = tuple(sorted(sources_of(_HOURLY.expression)))

COST = (
    Alert(
        name="CostAnomaly",
        expression=f"{HOURLY} > 1.5 * avg_over_time({HOURLY}[1d] offset 1h)",
        severity="warning",
        service="cost",
        needs=_PRICES,
        cost=True,
        summary="The cluster costs {{ $value | humanize }} USD an hour, half as much again as "
        "the day before",
        action="See which node pool and which team grew.",
        dashboard="cost-tracking",
        hold=60,
        proof=Proof(
            fires={'node_total_hourly_cost{node="a"}': "2x160 6x30"},
            quiet={'node_total_hourly_cost{node="a"}': "2x160 2.4x30"},
            at=1760,
            every=10,
        ),
    ),
    Alert(
        name="BudgetExceeded",
        expression=f"{HOURLY} * {HOURS_PER_MONTH}"
        " > on () group_left () platform:budget_monthly_usd",
        severity="warning",
        service="cost",
        needs=_PRICES,
        cost=True,
        summary="At this rate the cluster alone costs {{ $value | humanize }} USD a month, more "
        "than the budget of everything",
        action="See the cost dashboard: idle GPUs and nodes that consolidation leaves are first.",
        dashboard="cost-tracking",
        hold=60,
        proof=Proof(
            fires={'node_total_hourly_cost{node="a"}': "5x90",
                   "platform:budget_monthly_usd": "3030x90"},
            quiet={'node_total_hourly_cost{node="a"}': "3x90",
                   "platform:budget_monthly_usd": "3030x90"},
            at=80,
        ),
    ),
    Alert(
        name="IdleGPU",
        expression="avg_over_time(DCGM_FI_DEV_GPU_UTIL[2h]) < 10",
        severity="warning",
        service="cost",
        cost=True,
        summary="GPU {{ $labels.gpu }} of {{ $labels.Hostname }} has idled for hours",
        action="Stop what holds it, or share GPUs among pods.",
        dashboard="cost-tracking",
        hold=60,
        proof=Proof(
            fires={'DCGM_FI_DEV_GPU_UTIL{gpu="0",Hostname="n"}': "2x40"},
            quiet={'DCGM_FI_DEV_GPU_UTIL{gpu="0",Hostname="n"}': "75x40"},
            at=300,
            every=10,
        ),
    ),
)  # fmt: skip
