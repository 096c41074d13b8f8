"""Values are held to what their chart takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from catalog.charts import CHARTS
from catalog.charts.contracts import wrong_values
from catalog.charts.learnt import contract

ROOT = Path(__file__).resolve().parents[2]
MLFLOW = CHARTS["mlflow"]


class NotKnownYet:
    """What an output is to the catalogue."""


@pytest.mark.parametrize("name", CHARTS)
def test_every_pin_has_a_contract_of_its_version(name: str) -> None:
    assert contract(name)["version"].lstrip("v") == CHARTS[name].version.lstrip("v")
    assert not list(wrong_values(CHARTS[name], {}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"replicaCuont": 3}, "replicaCuont: the chart mlflow 1.11.5 knows no such key; did you"),
        ({"replicaCount": "three"}, "replicaCount: expected integer, not 'three'"),
        ({"autoscaling": {"enabled": "yes"}}, "autoscaling.enabled: expected boolean, not 'yes'"),
        ({"autoscaling": True}, "autoscaling: expected a map of"),
        ({"image": {"pullPolicy": "Sometimes"}}, "image.pullPolicy: 'Sometimes' is not one of"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(values: dict[str, Any], said: str) -> None:
    assert any(problem.startswith(said) for problem in wrong_values(MLFLOW, values))


def test_a_value_that_is_not_known_yet_fits_everywhere() -> None:
    values = {"backendStore": {"postgres": {"enabled": True, "host": NotKnownYet()}}}
    assert not list(wrong_values(MLFLOW, values))


def test_a_chart_takes_the_keys_of_its_subcharts_and_those_in_comments() -> None:
    stack = CHARTS["kube-prometheus-stack"]
    assert not list(wrong_values(stack, {"grafana": {"admin": {"existingSecret": "grafana"}}}))
    assert list(wrong_values(stack, {"grafana": {"admin": {"existingSecert": "grafana"}}}))
    assert not list(
        wrong_values(CHARTS["cert-manager"], {"podDisruptionBudget": {"minAvailable": 1}})
    )


FAMILIES = (
    {"karpenter", "karpenter-crd"},
    {"istio-base", "istiod"},
    {"kserve-crd", "kserve-resources", "kserve-runtime-configs"},
)
"""Charts that only work together."""


@pytest.mark.parametrize("family", FAMILIES, ids=sorted(min(one) for one in FAMILIES))
def test_a_family_has_one_version(family: set[str]) -> None:
    assert len({CHARTS[name].version for name in family}) == 1


def test_a_version_stands_on_one_line_only() -> None:
    """So a bump touches one line; what the chart installs follows from its contract."""
    pins = (ROOT / "catalog/charts/pins.py").read_text()
    elsewhere = [
        path.read_text()
        for folder in ("catalog", "components", "infra")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "pins.py"
    ]
    for version, charts in _by_version().items():
        pinned = re.compile(rf'= ?"{re.escape(version)}"')
        assert len(pinned.findall(pins)) == len(charts), f"{charts}: {version} stands twice"
        assert not any(pinned.search(text) for text in elsewhere), f"{charts}: {version}"


def _by_version() -> dict[str, set[str]]:
    """Charts that are bumped together, by version: a family counts as one of its charts."""
    found: dict[str, set[str]] = {}
    for name, chart in CHARTS.items():
        kin = next((family for family in FAMILIES if name in family), {name})
        found.setdefault(chart.version, set()).add(min(kin))
    return found


def test_definitions_are_of_the_operator_that_reads_them() -> None:
    """Their charts have versions of their own, and the same operator inside."""
    operator = CHARTS["kube-prometheus-stack"].app_version
    assert CHARTS["prometheus-operator-crds"].app_version == operator
