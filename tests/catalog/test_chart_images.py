"""The table of images is held to the charts: a place that only one of them has is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from catalog.charts import CHARTS
from catalog.charts.contracts import Tree, image_defaults, wrong_values
from catalog.charts.images import IMAGES, SWEEPING, Place
from catalog.charts.learnt import contract
from components.services.chart_images import ChartImage, with_image
from components.services.image_reference import Reference

IMAGE = re.compile(r"^(hub|registry|repository|digest|sha|.*[iI]mage|image(Registry|Namespace))$")
"""Keys by which charts name images."""
NO_IMAGES = {"external-dns": {"registry"}}
"""Such keys that mean something else: external-dns keeps its records' owners in a registry."""
CLOSED = {("mlflow", "postgresql.image"), ("mlflow", "mysql.image")}
"""Places whose tag the chart's schema does not let through: nothing turns them on, and beside a
mirror they are refused, as nobody knows their version."""
PLACES = [(name, place) for name, places in IMAGES.items() for place in places]
NAMED = [f"{name} {place.at}" for name, place in PLACES]
TARGET = Reference(
    repository="mirror.example.com:5000/mlops/quay.io/a/b", tag="1.0", digest="sha256:" + "a" * 64
)


class Later:
    """A value that is not known yet, which fits everywhere that its key does."""


def _under(path: str, value: Any) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


def _keys(tree: Mapping[str, Tree], path: str = "") -> Iterator[str]:
    """Every leaf of a contract."""
    for key, below in tree.items():
        here = f"{path}.{key}" if path else key
        if isinstance(below, dict):
            yield from _keys(below, here)
        else:
            yield here


def test_every_chart_has_its_row() -> None:
    assert set(IMAGES) == set(CHARTS)


@pytest.mark.parametrize("chart", CHARTS)
def test_the_table_has_the_charts_places_and_no_others(chart: str) -> None:
    places = [place.at for place in IMAGES[chart]]
    assert sorted(places) == sorted(image_defaults(chart))


@pytest.mark.parametrize("chart", CHARTS)
def test_no_key_that_names_an_image_lies_outside_of_the_places(chart: str) -> None:
    """Found by the keys' names alone, whatever `make charts` took for a place."""
    known = {*(place.at for place in IMAGES[chart]), *SWEEPING.get(chart, ())}
    loose = [
        path
        for path in _keys(contract(chart)["values"])
        if IMAGE.match(path.rpartition(".")[2])
        and path not in NO_IMAGES.get(chart, ())
        and not any(path == at or path.startswith(f"{at}.") for at in known)
    ]
    assert loose == []


@pytest.mark.parametrize(("chart", "place"), PLACES, ids=NAMED)
def test_the_chart_takes_an_image_at_its_place(chart: str, place: Place) -> None:
    if (chart, place.at) in CLOSED:
        assert not place.tag
        assert place.when
        return
    keys = image_defaults(chart)[place.at]
    image = ChartImage(place=place, keys=keys, source=TARGET)
    values = with_image({}, CHARTS[chart], image, TARGET)
    assert list(wrong_values(CHARTS[chart], values)) == []
    assert TARGET.digest.removeprefix("sha256:") in str(values)


@pytest.mark.parametrize(("chart", "place"), PLACES, ids=NAMED)
def test_the_chart_knows_the_switches_of_its_places(chart: str, place: Place) -> None:
    for switch in filter(None, (place.when, place.unless)):
        wrong = list(wrong_values(CHARTS[chart], _under(switch, Later())))
        assert wrong == []


@pytest.mark.parametrize("chart", SWEEPING)
def test_the_chart_knows_the_keys_that_sweep_over_its_images(chart: str) -> None:
    for path in SWEEPING[chart]:
        assert list(wrong_values(CHARTS[chart], _under(path, Later()))) == []


@pytest.mark.parametrize(("chart", "place"), PLACES, ids=NAMED)
def test_what_runs_has_a_name_and_a_version(chart: str, place: Place) -> None:
    keys = image_defaults(chart)[place.at]
    inherits = place.inherits and not keys.get("repository")
    switched = place.when and not place.on
    if inherits or switched or not place.runs:
        return
    assert keys.get("repository") or keys.get("image") or keys.get("") or place.source
    assert keys.get("tag") or keys.get("digest") or place.tag or ":" in keys.get("", "")
