"""Each chart says which Kubernetes it supports, or that nobody says so."""

from __future__ import annotations

import pytest

from catalog.charts import CHARTS
from catalog.charts.learnt import contract
from catalog.charts.support import PUBLISHED, UNSTATED, KubernetesRange, supported
from catalog.kubernetes import DEFAULT_VERSION, VERSIONS


@pytest.mark.parametrize("name", CHARTS)
def test_a_range_has_an_origin(name: str) -> None:
    stated = name in PUBLISHED or contract(name)["kubernetes"] is not None
    assert stated != (name in UNSTATED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_range_is_of_the_release_that_is_pinned(name: str) -> None:
    app = CHARTS[name].app_version.removeprefix("v")
    assert app.startswith(PUBLISHED[name].release), f"read {PUBLISHED[name].source} anew"


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_supports_the_version_that_new_clusters_get(name: str) -> None:
    known = CHARTS[name].kubernetes
    expected = CHARTS[name].chart_name != "knative-operator"
    assert (DEFAULT_VERSION in known) == expected
    assert known.oldest in VERSIONS
    assert known.newest in VERSIONS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("argo-cd", "1.33 to 1.35"),
        ("cluster-autoscaler", "1.35"),
        ("karpenter", "1.33 to 1.36"),
        ("keda", "1.33 to 1.35"),
        ("knative-operator", "1.33 to 1.34"),
        ("mlflow", "1.33 to 1.36"),
    ],
)
def test_ranges_end_where_the_catalogue_does(name: str, said: str) -> None:
    assert str(CHARTS[name].kubernetes) == said


def test_what_the_chart_asks_for_raises_what_its_project_says() -> None:
    assert supported("keda", "1.34") == KubernetesRange(oldest="1.34", newest="1.35")
    assert supported("keda", "1.23") == KubernetesRange(oldest="1.33", newest="1.35")


def test_both_ends_belong_to_a_range() -> None:
    known = KubernetesRange(oldest="1.34", newest="1.35")
    assert [one in known for one in VERSIONS] == [False, True, True, False]
    assert None not in known
