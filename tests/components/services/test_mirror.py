"""A site's registry holds every chart under the chart's own name."""

from __future__ import annotations

import pytest

from catalog.charts import CHARTS, Chart
from components.services.mirror import Mirror

SITE = "oci://registry.example.com/charts"


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
def test_every_chart_comes_from_the_mirror_where_there_is_one(chart: Chart) -> None:
    assert Mirror(charts=SITE).chart(chart) == (f"{SITE}/{chart.chart_name}", None)


def test_no_two_charts_have_one_name_in_the_mirror() -> None:
    names = [chart.chart_name for chart in CHARTS.values()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
def test_without_a_mirror_a_chart_comes_from_its_maker(chart: Chart) -> None:
    reference, repository = Mirror().chart(chart)
    if chart.source.startswith("oci://"):
        assert (reference, repository) == (chart.source, None)
    else:
        assert (reference, repository) == (chart.chart_name, chart.source)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
def test_a_pin_names_the_chart_itself_or_an_https_repository(chart: Chart) -> None:
    """An OCI reference ends in the chart's name and carries no version: that is the pin's."""
    if chart.source.startswith("oci://"):
        registry, _, name = chart.source.removeprefix("oci://").rpartition("/")
        assert "." in registry.partition("/")[0]
        assert name == chart.chart_name
        assert ":" not in name
    else:
        assert chart.source.startswith("https://")
        assert not chart.source.endswith("/")
