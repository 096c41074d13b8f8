"""Budgets of pods: each lets a drain take at least one, or nodes could never be replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest

from catalog.charts.learnt import contract
from components.services.merging import merged
from components.services.plan import Object, Release
from tests.infra.services.stacks import SINGLE_SIGN_ON, plans_of, settings_of

BUDGETS = ("podDisruptionBudget", "pdb")
REPLICAS = ("replicas", "replicaCount", "minReplicas", "autoscaleMin")
INNER = ("prometheusSpec", "alertmanagerSpec", "autoscaling")
"""Where a chart has the replicas one level below the budget."""
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "as committed": {},
    "cluster-autoscaler": {"scaling": {"scaler": "cluster-autoscaler"}},
    "a small store": {"learning": {"feast": {"online_store": {"kind": "in-cluster"}}}},
    "single sign-on": {"access": {"oidc": SINGLE_SIGN_ON}},
}


@dataclass(frozen=True)
class Budget:
    at: str
    available: Any
    """`minAvailable`."""
    replicas: int

    @property
    def blocks(self) -> bool:
        """Whether it lets no pod go."""
        if isinstance(self.available, str) and self.available.endswith("%"):
            return float(self.available[:-1]) > 100 * (self.replicas - 1) / self.replicas
        return int(self.available or 0) >= self.replicas


def budgets_of(release: Release) -> list[Budget]:
    """Of a release, with what its chart has by default below what we say."""
    defaults = contract(release.chart.name).get("defaults", {})
    return list(_found(merged(defaults, release.values), release.chart.name))


def _found(values: Mapping[str, Any], at: str) -> Iterator[Budget]:
    for key, value in values.items():
        if not isinstance(value, Mapping):
            continue
        below = cast("Mapping[str, Any]", value)
        if key in BUDGETS and below.get("enabled", True):
            yield Budget(f"{at}.{key}", below.get("minAvailable"), _replicas(values))
        else:
            yield from _found(below, f"{at}.{key}")


def _replicas(values: Mapping[str, Any]) -> int:
    places = [values, *(values[key] for key in INNER if isinstance(values.get(key), Mapping))]
    found = [place[key] for place in places for key in REPLICAS if place.get(key)]
    return min(found, default=1)


@pytest.mark.parametrize("stack", ["production", "dr"])
@pytest.mark.parametrize("services", CHOICES.values(), ids=CHOICES)
def test_no_budget_of_a_release_blocks_every_drain(stack: str, services: Mapping[str, Any]) -> None:
    plans = plans_of(settings_of(stack, services))
    budgets = [one for plan in plans for release in plan.releases for one in budgets_of(release)]
    assert len(budgets) >= 8
    assert [one for one in budgets if one.blocks] == []


@pytest.mark.parametrize("stack", ["production", "dr"])
def test_our_own_budgets_let_one_pod_go(stack: str) -> None:
    plans = plans_of(settings_of(stack))
    specs = [
        part.manifest["spec"]
        for plan in plans
        for part in plan.parts
        if isinstance(part, Object) and part.kind == "PodDisruptionBudget"
    ]
    assert specs
    assert {spec["maxUnavailable"] for spec in specs} == {1}
    assert not [spec for spec in specs if "minAvailable" in spec]


@pytest.mark.parametrize(
    ("available", "replicas", "blocks"),
    [
        (1, 1, True),
        (1, 2, False),
        (2, 3, False),
        ("50%", 1, True),
        ("50%", 2, False),
        (None, 1, False),
    ],
)
def test_a_budget_that_asks_for_every_pod_blocks(
    available: Any, replicas: int, blocks: bool
) -> None:
    assert Budget("chart.pdb", available, replicas).blocks is blocks
