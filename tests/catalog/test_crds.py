"""Custom resources are held to their CRD's schema."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.charts.crds import wrong_object


def service(**predictor: Any) -> dict[str, Any]:
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "churn", "namespace": "models"},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}}, **predictor}},
    }


def test_a_sound_resource_passes() -> None:
    assert not list(wrong_object(service(minReplicas=2, timeout=120)))


@pytest.mark.parametrize(
    ("predictor", "said"),
    [
        ({"minReplica": 2}, "'minReplica' was unexpected"),
        ({"minReplicas": "two"}, "'two' is not of type 'integer'"),
    ],
)
def test_an_unknown_field_or_a_wrong_type_is_refused(predictor: Any, said: str) -> None:
    assert any(said in problem for problem in wrong_object(service(**predictor)))


def test_a_value_that_is_not_known_yet_fits_everywhere() -> None:
    assert not list(wrong_object(service(minReplicas=object())))


def test_a_kind_that_no_chart_installs_is_refused() -> None:
    unknown = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}
    assert list(wrong_object(unknown)) == [
        "Thing: no chart of the catalogue installs this kind in example.com/v1"
    ]


def test_kinds_of_kubernetes_are_left_to_the_api_server_but_for_their_name() -> None:
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "My_Space"}}
    assert list(wrong_object(space)) == [
        "metadata.name: expected lower-case letters, digits, hyphens and dots, not 'My_Space'"
    ]
