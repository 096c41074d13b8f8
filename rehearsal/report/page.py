"""The report as one self-contained HTML page: no script, no request to anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rehearsal.report import wording
from rehearsal.report.architecture import draw, places
from rehearsal.report.gantt import chart
from rehearsal.report.model import Report, ResourceRecord, StackReport

WIDE, NARROW = 1120.0, 352.0
"""Widths of the two pictures in px: for a screen and for a phone."""


def page(report: Report) -> str:
    """The page of `report`."""
    return _environment().get_template("rehearsal.html.j2").render(report=report)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rehearsal.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=wording.duration, kind=wording.kind_of, operations=wording.operations
    )
    offered: dict[str, Any] = {
        "counted": wording.counted,
        "chart": chart,
        "pictures": _pictures,
        "types": _types,
    }
    environment.globals.update(offered)
    return environment


def _pictures(stack: StackReport) -> list[dict[str, object]]:
    shown = places(stack)
    return [
        {"css": css, "drawing": draw(shown, width)}
        for css, width in (("wide", WIDE), ("narrow", NARROW))
    ]


def _types(resources: Sequence[ResourceRecord]) -> list[tuple[str, int]]:
    """Custom resources by type, most frequent first."""
    counts = Counter(each.type for each in resources if each.custom)
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
