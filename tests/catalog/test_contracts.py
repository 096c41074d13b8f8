"""Values are held to what their chart takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from catalog.charts import CHARTS
from catalog.charts.contracts import contract, wrong_values

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


def test_a_version_stands_in_one_place_only() -> None:
    """So a bump touches one line."""
    sources = [
        path.read_text()
        for folder in ("catalog", "components", "infra")
        for path in (ROOT / folder).rglob("*.py")
    ]
    for chart in CHARTS.values():
        pinned = re.compile(rf'(?<!app_)version="{re.escape(chart.version)}"')
        found = sum(len(pinned.findall(text)) for text in sources)
        twins = [one for one in CHARTS.values() if one.version == chart.version]
        assert found == len(twins), f"{chart.name}: {chart.version} stands elsewhere too"
