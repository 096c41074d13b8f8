"""What of a declared object the API server does not hold, path by path.

The server adds defaults and writes quantities its own way (`1024Gi` as `1Ti`), so a declared leaf
is looked up where it was put and compared as what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from kubernetes import utils

HELD = frozenset(
    {
        "ResourceQuota", "LimitRange", "HorizontalPodAutoscaler", "PodDisruptionBudget",
        "Deployment", "StatefulSet", "DaemonSet", "CronJob", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    }
)  # fmt: skip
"""Kinds that only do what their spec says."""
EMPTY: tuple[object, ...] = (None, "", 0, False, {}, [])
"""What the server may leave out."""

# The client has no types; everything that comes from it is read as it is.
_parse_quantity: Any = vars(utils)["parse_quantity"]


def missing(declared: object, held: object, path: str = "spec") -> Iterator[str]:
    """`path: declared, not held` for each declared leaf that `held` has otherwise."""
    keys, items = _fields(declared), _items(declared)
    if keys is not None and (there := _fields(held)) is not None:
        for key, value in keys.items():
            yield from missing(value, there.get(key), f"{path}.{key}")
    elif items is not None and len(others := _items(held) or ()) == len(items):
        for place, (value, other) in enumerate(zip(items, others, strict=True)):
            yield from missing(value, other, f"{path}[{place}]")
    elif not _same(declared, held):
        yield f"{path}: {declared!r}, not {held!r}"


def _fields(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None


def _items(value: object) -> Sequence[object] | None:
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def _same(declared: object, held: object) -> bool:
    if declared == held or (held is None and declared in EMPTY):
        return True
    one, other = _quantity(declared), _quantity(held)
    return one is not None and one == other


def _quantity(value: object) -> Decimal | None:
    try:
        return _parse_quantity(value)
    except ValueError:
        return None
