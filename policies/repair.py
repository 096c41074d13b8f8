"""Properties that a remediation may change: in place, so that secrets and unknowns stay as they
came. A copy would turn secrets into plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from policies.finding import Broken
from policies.properties import (
    Malformed,
    Properties,
    Unknown,
    is_secret,
    is_unknown,
    unwrapped,
)
from policies.subject import Subject

Value: TypeAlias = bool | str | float | Mapping[str, Any] | Sequence[str]


@dataclass
class Draft:
    """Raw properties of one resource; `changed` says whether anything was set."""

    raw: dict[str, Any]
    changed: bool = False

    @property
    def properties(self) -> Properties:
        """As rules read them."""
        return Properties(self.raw)

    def set(self, key: str, value: Value) -> None:
        """Set the dotted `key`, making objects on the way. What is unknown stays: `up` sees it."""
        *path, last = key.split(".")
        self.put(path, last, value)

    def put(self, path: Sequence[str | int], key: str, value: Value) -> None:
        """Set `key` of the object at `path`, whose parts are keys and positions in lists."""
        here: Any = self.raw
        for part in path:
            here = self._below(here, part)
            if here is None:
                return
        here = _only(here)
        known = cast("dict[str, Any]", here)
        if isinstance(here, dict) and not is_unknown(known.get(key)) and known.get(key) != value:
            known[key] = value
            self.changed = True

    def each(self, key: str) -> Iterator[Draft]:
        """Drafts of the objects in the list at the dotted `key`; what is not known is left out."""
        here: Any = self.raw
        for part in key.split("."):
            plain = unwrapped(here)
            here = cast("dict[str, Any]", plain).get(part) if isinstance(plain, dict) else None
        listed = unwrapped(here)
        for one in cast("list[Any]", listed) if isinstance(listed, list) else [listed]:
            plain = unwrapped(one)
            if isinstance(plain, dict):
                draft = Draft(cast("dict[str, Any]", plain))
                yield draft
                self.changed = self.changed or draft.changed

    def _below(self, here: Any, part: str | int) -> Any:
        """What is at `part`, made where it is missing; None where nothing can be set."""
        if isinstance(part, int):
            known = cast("list[Any]", here) if isinstance(here, list) else []
            return _opened(known[part]) if part < len(known) else None
        here = _only(here)
        if not isinstance(here, dict):
            return None
        known = cast("dict[str, Any]", here)
        if known.get(part) is None:
            known[part] = {}
        return _opened(known[part])


def _opened(found: Any) -> Any:
    """What a secret holds, itself and no copy."""
    while is_secret(found):
        found = found.get("value")
    return found


def _only(found: Any) -> Any:
    """The element of a list of one: providers have blocks as lists."""
    if not isinstance(found, list):
        return found
    known = cast("list[Any]", found)
    return _opened(known[0]) if len(known) == 1 else None


def breaks(one: Subject, broken: Callable[[Subject], Iterator[Broken]]) -> bool:
    """Whether a predicate finds anything; what is unknown is not broken, what is malformed is."""
    try:
        return any(True for _ in broken(one))
    except Unknown:
        return False
    except Malformed:
        return True
