"""Values that remember which resources they came from, so that the engine learns the real
dependencies of what a component registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.providers.wire import (
    UNKNOWN,
    Props,
    Value,
    as_object,
    has_unknown,
    is_list,
    is_object,
    plain,
)


@dataclass(frozen=True)
class Traced:
    """A property value and the URNs that it depends on."""

    value: Value = None
    urns: frozenset[str] = field(default_factory=frozenset[str])

    def __getitem__(self, key: str) -> Traced:
        """A part of an object; an unknown object has unknown parts, and so on down."""
        value = self.value
        if has_unknown(value) and not isinstance(value, dict):
            return Traced(UNKNOWN, self.urns)
        return Traced(as_object(value).get(key), self.urns)

    @property
    def given(self) -> bool:
        """Whether there is a value at all, known or not."""
        return self.value is not None


NOTHING = Traced()
"""No value at all."""


def combined(make: Callable[..., Value], *parts: Traced) -> Traced:
    """`make` of the plain values; unknown while any of them is."""
    urns = frozenset[str]().union(*(part.urns for part in parts))
    if any(has_unknown(part.value) for part in parts):
        return Traced(UNKNOWN, urns)
    return Traced(make(*(plain(part.value) for part in parts)), urns)


def untraced(value: Any) -> tuple[Value, frozenset[str]]:
    """A structure with `Traced` parts as plain structure and all of its URNs."""
    if isinstance(value, Traced):
        inner, urns = untraced(value.value)
        return inner, urns | value.urns
    if is_object(value):
        made = {key: untraced(part) for key, part in value.items()}
        kept = {key: part for key, (part, _) in made.items() if part is not None}
        return kept, frozenset[str]().union(*(urns for _, urns in made.values()))
    if is_list(value):
        parts = [untraced(part) for part in value]
        return [part for part, _ in parts], frozenset[str]().union(*(urns for _, urns in parts))
    return value, frozenset()


def traced_inputs(inputs: Props, dependencies: Mapping[str, frozenset[str]]) -> dict[str, Traced]:
    """A component's inputs with the dependencies that the engine hands over beside them."""
    return {key: Traced(value, dependencies.get(key, frozenset())) for key, value in inputs.items()}
