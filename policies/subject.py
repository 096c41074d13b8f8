"""What is judged: a resource with its options and provider, and the stack that it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from policies.properties import Properties, is_unknown, unwrapped
from policies.stack_settings import StackSettings

NAMED_BY = ("id", "arn", "name", "bucket")
"""Properties by which others may refer to a resource."""
STACK = "pulumi:pulumi:Stack"
"""Type of the root of every stack: what is judged where something must be there at all."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A resource as an engine, an exported state or a manifest describes it."""

    urn: str
    type: str
    name: str
    """Logical name."""
    properties: Properties
    settings: StackSettings
    """What is declared for the stack that it belongs to."""
    protected: bool = False
    provider_name: str = ""
    """Logical name of its provider; empty where none is known."""
    provider: Properties = field(default_factory=lambda: Properties({}))
    parent: str = ""
    """URN of its parent."""
    dependencies: frozenset[str] = frozenset()
    """URNs that it depends on."""
    property_dependencies: Mapping[str, Sequence[str]] = field(
        default_factory=dict[str, Sequence[str]]
    )
    """URNs whose outputs flow into each property."""


def family(type_: str) -> str:
    """The type without the suffix that AWS v7 keeps for some: `…:BucketV2` is a Bucket."""
    head, _, name = type_.rpartition(":")
    if not head.startswith("aws:") or not name.endswith("V2"):
        return type_
    module, _, token = head.rpartition("/")
    return f"{module}/{token.removesuffix('V2')}:{name.removesuffix('V2')}"


@dataclass(frozen=True)
class Stack:
    """All subjects of a stack, found by type and by what refers to what."""

    subjects: Sequence[Subject]
    settings: StackSettings

    @cached_property
    def _by_family(self) -> Mapping[str, Sequence[Subject]]:
        found: dict[str, list[Subject]] = {}
        for one in self.subjects:
            found.setdefault(family(one.type), []).append(one)
        return found

    def of(self, *types: str) -> Iterator[Subject]:
        """Subjects of the types, whatever their suffix."""
        for type_ in types:
            yield from self._by_family.get(type_, ())

    def referring(self, to: Subject, key: str, *types: str) -> Iterator[Subject]:
        """Subjects of `types` whose `key` is `to`: its output flows in or its name stands there."""
        return (one for one in self.of(*types) if refers(one, key, to))

    def referred(self, one: Subject, key: str, *types: str) -> Iterator[Subject]:
        """Subjects of `types` that `key` of `one` is, or that it lists."""
        return (to for to in self.of(*types) if refers(one, key, to))


def refers(one: Subject, key: str, to: Subject) -> bool:
    """Whether `key` of `one` is `to`: an output of it flows in, or its name stands there."""
    if to.urn in one.property_dependencies.get(key.partition(".")[0], ()):
        return True
    names = frozenset[str]().union(*(_texts(to.properties.raw.get(name)) for name in NAMED_BY))
    return bool(names & _texts(_dug(one.properties.raw, key)))


def _dug(raw: Mapping[str, Any], key: str) -> Any:
    here: Any = raw
    for part in key.split("."):
        known = unwrapped(here)
        if not isinstance(known, Mapping):
            return None
        here = cast("Mapping[str, Any]", known).get(part)
    return here


def _texts(value: Any) -> frozenset[str]:
    """The text, or texts, of a value that are known."""
    plain = unwrapped(value)
    several = cast("list[Any]", plain) if isinstance(plain, list) else [plain]
    return frozenset(
        one for one in map(unwrapped, several)
        if isinstance(one, str) and one and not is_unknown(one)
    )  # fmt: skip
