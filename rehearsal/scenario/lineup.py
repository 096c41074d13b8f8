"""The stacks of a rehearsal in order: a stack that reads another one's outputs needs it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rehearsal.engine.workspace import SETTINGS_KEY, Settings
from rehearsal.providers.wire import as_object

REFERENCES = ("source_stack", "primary.stack", "standby.stack")
"""Dotted paths of the settings that name a stack, as `<organization>/<project>/<stack>`."""


class UnknownStack(Exception):
    """A stack that was asked for, or that one reads, has no stack file."""


@dataclass(frozen=True)
class Lineup:
    """Stacks, each after those that it reads."""

    stacks: tuple[str, ...]
    implied: Mapping[str, str]
    """Stacks that nobody asked for, each with the one that reads it: they only come up."""

    primaries: tuple[str, ...]
    """Those of the asked stacks that read no other."""

    links: tuple[str, ...] = ()
    """Stacks that span the regions of others and hold nothing themselves."""

    standbys: Mapping[str, str] = field(default_factory=dict[str, str])
    """Standby → its primary."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Stacks that are rehearsed themselves."""
        return tuple(one for one in self.stacks if one not in self.implied)


def lined_up(asked: Sequence[str], settings_of: Callable[[str], Settings]) -> Lineup:
    """The asked stacks with all that they read. Raises what `settings_of` does."""
    readers: dict[str, str] = {}
    order: list[str] = []
    sources: dict[str, tuple[str, ...]] = {}

    def add(stack: str) -> None:
        sources[stack] = tuple(_read_by(settings_of(stack)))
        for source in sources[stack]:
            if source not in readers:
                readers[source] = stack
                add(source)
        if stack not in order:
            order.append(stack)

    for stack in asked:
        add(stack)
    implied = {stack: readers[stack] for stack in order if stack not in asked}
    primaries = tuple(one for one in order if one in asked and not sources[one])
    roles = {one: str(settings_of(one).get("role")) for one in order}
    return Lineup(
        stacks=tuple(order),
        implied=implied,
        primaries=primaries,
        links=tuple(one for one in order if roles[one] == "link"),
        standbys={one: sources[one][0] for one in order if roles[one] == "standby"},
    )


def committed(root: Path) -> Callable[[str], Settings]:
    """Settings by stack, from the stack files in `root`. Raises UnknownStack."""

    def settings_of(stack: str) -> Settings:
        file = root / f"Pulumi.{stack}.yaml"
        if not file.exists():
            known = sorted(one.name.split(".")[1] for one in root.glob("Pulumi.*.yaml"))
            raise UnknownStack(
                f"--stack {stack}: no {file.name}, expected one of {', '.join(known)}"
            )
        return yaml.safe_load(file.read_text())["config"][SETTINGS_KEY]

    return settings_of


def _read_by(settings: Mapping[str, Any]) -> Iterator[str]:
    for path in REFERENCES:
        *sections, key = path.split(".")
        place = as_object(settings.get(sections[0])) if sections else settings
        named = place.get(key)
        if named:
            yield str(named).rpartition("/")[2]
