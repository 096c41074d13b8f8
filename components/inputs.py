"""Text from inputs: plain when every part is plain, else an output.

So the same function renders a manifest for a check, where all facts are samples, and for the
engine, where they flow through.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pulumi
from pulumi import Input, Output

T = TypeVar("T")


def plain(value: Any) -> bool:
    """Whether `value` holds no output, however deep."""
    if isinstance(value, dict):
        return all(plain(one) for one in cast("dict[str, Any]", value).values())
    if isinstance(value, list | tuple):
        return all(plain(one) for one in cast("list[Any]", value))
    return not isinstance(value, pulumi.Output)


def concat(*parts: Input[str]) -> Input[str]:
    """The parts, one after the other."""
    return "".join(cast("tuple[str, ...]", parts)) if plain(parts) else Output.concat(*parts)


def json_text(document: Any) -> Input[str]:
    """`document` as JSON with sorted keys."""
    return mapped(document, lambda known: json.dumps(known, indent=2, sort_keys=True))


def mapped(value: Any, change: Callable[[Any], str]) -> Input[str]:
    """`change` of `value`, now or when its outputs are known."""
    return change(value) if plain(value) else Output.from_input(value).apply(change)
