"""What a comparison with the API server's objects lets pass, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.control_plane.declared import missing


@pytest.mark.parametrize(
    ("declared", "held"),
    [
        ({"minReplicas": 3}, {"minReplicas": 3, "behavior": {"scaleUp": {}}}),
        ({"hard": {"requests.memory": "1024Gi"}}, {"hard": {"requests.memory": "1Ti"}}),
        ({"limits": [{"default": {"cpu": "1000m"}}]}, {"limits": [{"default": {"cpu": "1"}}]}),
        ({"hostNetwork": False, "volumes": []}, {}),
    ],
)
def test_defaults_and_other_ways_to_write_a_quantity_pass(
    declared: dict[str, Any], held: dict[str, Any]
) -> None:
    assert list(missing(declared, held)) == []


OTHERWISE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"minReplicas": 3}, {"minReplicas": 1}, "spec.minReplicas: 3, not 1"),
    ({"hard": {"pods": "10"}}, {"hard": {"pods": "11"}}, "spec.hard.pods: '10', not '11'"),
    ({"metrics": [1, 2]}, {"metrics": [1]}, "spec.metrics: [1, 2], not [1]"),
    ({"a": [{"b": "x"}]}, {"a": [{}]}, "spec.a[0].b: 'x', not None"),
]


@pytest.mark.parametrize(("declared", "held", "said"), OTHERWISE)
def test_a_leaf_that_is_otherwise_or_not_there_is_named(
    declared: dict[str, Any], held: dict[str, Any], said: str
) -> None:
    assert list(missing(declared, held)) == [said]
