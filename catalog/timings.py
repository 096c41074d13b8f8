"""How long AWS and Helm operations take, from `timings.csv` beside this file.

`typical` is the middle of what was observed, `slow` the tail; `basis` says where a figure
comes from and `samples` how many observations it has (0: an estimate or documentation).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

API_CALL_TYPICAL_SECONDS = 1.0
API_CALL_SLOW_SECONDS = 2.0
LOCAL_PACKAGES = frozenset({"pulumi", "random"})
"""Packages whose resources exist in the state only: they call nothing and take no time."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds that one operation on one type of resource takes."""

    resource_type: str
    """Pulumi's type token, or `node` for what happens on a node that joins."""
    variant: str
    """Distinguishes resources of one type: an add-on's or a chart's name, `Interface`, …"""
    operation: str
    """`create`, `update`, `delete`, or a special case such as `create-multi-az`."""
    typical: float
    slow: float
    samples: int
    basis: str

    def drawn(self, key: str) -> float:
        """Seconds between typical and slow, most likely near typical, as a rehearsal's timeline
        has it. Hangs on the key alone: a draw more leaves the others as they were."""
        return Random(key).triangular(self.typical, self.slow, self.typical)  # noqa: S311


def seconds(resource_type: str, operation: str, variant: str = "") -> Timing:
    """The timing of `operation` on `resource_type`.

    Takes the row of the variant, else the type's own row, else the row of the plain verb
    (`create` for `create-multi-az`), and else a default: nothing for LOCAL_PACKAGES, one
    API call for everything else, deletes included (most deletes only mark the resource).
    """
    rows = timings()
    for name in (operation, operation.partition("-")[0]):
        for key in ((resource_type, variant, name), (resource_type, "", name)):
            if key in rows:
                return rows[key]
    return _default(resource_type, operation, variant)


def variants(resource_type: str) -> frozenset[str]:
    """The variants that have rows of their own."""
    return frozenset(
        row.variant for row in timings().values() if row.resource_type == resource_type
    )


@cache
def timings() -> dict[tuple[str, str, str], Timing]:
    """Every row, by type, variant and operation."""
    text = files("catalog").joinpath("timings.csv").read_text(encoding="utf-8")
    rows = (_timing(row) for row in csv.DictReader(text.splitlines()))
    return {(row.resource_type, row.variant, row.operation): row for row in rows}


def _timing(row: dict[str, str]) -> Timing:
    return Timing(
        resource_type=row["resource_type"],
        variant=row["variant"],
        operation=row["operation"],
        typical=float(row["typical_seconds"]),
        slow=float(row["slow_seconds"]),
        samples=int(row["samples"]),
        basis=row["basis"],
    )


def _default(resource_type: str, operation: str, variant: str) -> Timing:
    local = resource_type.partition(":")[0] in LOCAL_PACKAGES
    return Timing(
        resource_type=resource_type,
        variant=variant,
        operation=operation,
        typical=0.0 if local else API_CALL_TYPICAL_SECONDS,
        slow=0.0 if local else API_CALL_SLOW_SECONDS,
        samples=0,
        basis="kept in the state only" if local else "default: one API call",
    )
