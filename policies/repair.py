"""Properties that a remediation may change: in place, so that secrets and unknowns stay as they
came. A copy would turn secrets into plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from policies.properties import Properties, is_secret, is_unknown


@dataclass
class Draft:
    """Raw properties of one resource; `changed` says whether anything was set."""

    raw: dict[str, Any]
    changed: bool = False

    @property
    def properties(self) -> Properties:
        """As rules read them."""
        return Properties(self.raw)

    def set(self, key: str, value: bool | str | float | dict[str, str]) -> None:
        """Set the dotted `key`, making objects on the way. What is unknown stays: `up` sees it."""
        *path, last = key.split(".")
        here = self.raw
        for part in path:
            below = self._below(here, part)
            if below is None:
                return
            here = below
        if not is_unknown(here.get(last)) and here.get(last) != value:
            here[last] = value
            self.changed = True

    def _below(self, here: dict[str, Any], part: str) -> dict[str, Any] | None:
        """The object at `part`, made where it is missing; None where nothing can be set."""
        if here.get(part) is None:
            here[part] = {}
        found: Any = here[part]
        while True:
            if is_secret(found):
                found = found.get("value")
            elif isinstance(found, list) and len(cast("list[Any]", found)) == 1:
                found = cast("list[Any]", found)[0]
            else:
                return cast("dict[str, Any]", found) if isinstance(found, dict) else None
