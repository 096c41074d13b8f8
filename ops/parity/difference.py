"""What two stacks have that differs, in the words that both share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from ops.parity.neutral import Words, neutral_inputs
from ops.parity.state import State, Value

Kind: TypeAlias = Literal["only in the first", "only in the second", "differs"]
NAMES = ("name", "alert", "record", "sid", "Sid", "id", "key", "containerPort", "port")
"""Keys by which the members of a list are told apart, if each member has one of its own."""
ABSENT = "nothing"
_SHOWN = 60


@dataclass(frozen=True)
class Difference:
    """A resource that one side lacks, or an input that is another there."""

    resource: str
    kind: Kind
    path: str = ""
    first: str = ""
    second: str = ""

    def __str__(self) -> str:
        if self.kind != "differs":
            return f"{self.resource}: {self.kind}"
        return f"{self.resource}: {self.path}: {self.first} and {self.second}"


def differences(first: State, second: State) -> Iterator[Difference]:
    """Everything in which `second` is not like `first`, by resource."""
    here, there = Words(first, second), Words(second, first)
    for label in sorted(first.resources.keys() | second.resources.keys()):
        one, other = first.resources.get(label), second.resources.get(label)
        if one is None:
            yield Difference(label, "only in the second")
        elif other is None:
            yield Difference(label, "only in the first")
        else:
            inputs = neutral_inputs(one, here), neutral_inputs(other, there)
            for path, was, now in _compared(*inputs, ""):
                yield Difference(label, "differs", path, _shown(was), _shown(now))


def _compared(first: Value, second: Value, path: str) -> Iterator[tuple[str, Value, Value]]:
    if isinstance(first, dict) and isinstance(second, dict):
        yield from _members(cast("dict[str, Any]", first), cast("dict[str, Any]", second), path)
    elif isinstance(first, list) and isinstance(second, list):
        lists = cast("list[Any]", first), cast("list[Any]", second)
        key = _told_apart_by(*lists)
        lists = lists if key else _unlike(*lists)
        yield from _members(_named(lists[0], key), _named(lists[1], key), path)
    elif first != second:
        yield path, first, second


def _members(
    first: Mapping[str, Any], second: Mapping[str, Any], path: str
) -> Iterator[tuple[str, Value, Value]]:
    for key in sorted(first.keys() | second.keys()):
        inner = f"{path}.{key}" if path else key
        if key not in first or key not in second:
            yield inner, first.get(key, ABSENT), second.get(key, ABSENT)
        else:
            yield from _compared(first[key], second[key], inner)


def _told_apart_by(first: Sequence[Any], second: Sequence[Any]) -> str:
    """A key of which every member of both lists has its own value; empty: by place."""
    for key in NAMES:
        if all(_tells(one, key) for one in (first, second)):
            return key
    return ""


def _unlike(first: Sequence[Any], second: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Both lists without the members that the other has as well, wherever they stand."""
    rest = list(second)
    left: list[Any] = []
    for member in first:
        if member in rest:
            rest.remove(member)
        else:
            left.append(member)
    return left, rest


def _tells(members: Sequence[Any], key: str) -> bool:
    values = [
        cast("dict[str, Any]", one).get(key) if isinstance(one, dict) else None for one in members
    ]
    return None not in values and len({str(value) for value in values}) == len(values)


def _named(members: Sequence[Any], key: str) -> dict[str, Any]:
    return {f"[{one[key]}]" if key else f"[{place}]": one for place, one in enumerate(members)}


def _shown(value: Value) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
