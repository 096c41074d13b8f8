"""Maps laid over maps, as Helm lays values over a chart's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with `over` on top: maps are merged, everything else is replaced."""
    result = dict(values)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            below = cast("Mapping[str, Any]", below)
            result[key] = merged(below, cast("Mapping[str, Any]", value))
        else:
            result[key] = value
    return result
