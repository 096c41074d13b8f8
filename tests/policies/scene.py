"""Resources as the engine sends them, recorded from a rehearsal and then edited; and the cases of
each rule. The recording is written by `python -m upkeep.recorded_resources`."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from policies.properties import SECRET, SIGNATURE, UNKNOWN, Properties
from policies.stack_settings import Role, StackSettings, read
from policies.subject import STACK, Stack, Subject, family

DATA = Path(__file__).parents[1] / "data" / "policies"
STACK_OF: Mapping[Role, str] = {"primary": "production", "standby": "dr", "link": "dr"}
PLAINTEXT = "hidden-4711"
"""Text of secrets in fixtures; no message may show it."""

__all__ = ["UNKNOWN", "Case", "Cases", "Described", "fails", "recorded", "secret"]


@dataclass(frozen=True, kw_only=True)
class Described:
    """One resource of a scene."""

    type: str
    name: str
    properties: Mapping[str, Any]
    protect: bool = False
    provider_name: str = ""
    provider: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parent: str = ""
    flows: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Names of resources by the property that their outputs flow into."""

    @property
    def urn(self) -> str:
        return f"urn:pulumi:production::mlops-platform::{self.type}::{self.name}"

    def but(self, changes: Mapping[str, Any]) -> Described:
        """With changed properties: dotted path → value, None to leave it out."""
        raw = copy.deepcopy(dict(self.properties))
        for path, value in changes.items():
            _put(raw, path.split("."), value)
        return replace(self, properties=raw)

    def named(self, name: str) -> Described:
        """Under another logical name."""
        return replace(self, name=name)

    def flowing(self, key: str, *sources: Described) -> Described:
        """With outputs of `sources` flowing into property `key`."""
        return replace(self, flows={**self.flows, key: tuple(one.urn for one in sources)})

    def subject(self, settings: StackSettings) -> Subject:
        """As rules judge it."""
        return Subject(
            urn=self.urn,
            type=self.type,
            name=self.name,
            properties=Properties(self.properties),
            settings=settings,
            protected=self.protect,
            provider_name=self.provider_name,
            provider=Properties(self.provider),
            parent=self.parent,
            property_dependencies=self.flows,
        )


@dataclass(frozen=True)
class Case:
    """A stack of resources, in which the rule finds something at `at`, or nothing."""

    resources: Sequence[Described]
    at: str = ""
    """Property path of the expected finding."""
    wanted: str = ""
    """What the finding must say that it wants; empty for anything."""
    role: Role = "primary"
    others: Sequence[Described] = ()
    """The other region's stack, for rules that need both."""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What is expected of the stack beside what the committed file says."""
    repairable: bool = True
    """False where a rule's repair cannot know what to set."""

    @property
    def expected(self) -> StackSettings:
        """What is expected of the stack."""
        return settings_of(self.role).model_copy(update=dict(self.settings))

    def stack(self) -> Stack:
        """The stack that is judged."""
        return _stack(self.resources, self.expected)

    def other(self) -> Stack:
        """The stack beside it."""
        return _stack(self.others, settings_of("standby" if self.role == "primary" else "primary"))


@dataclass(frozen=True, kw_only=True)
class Cases:
    """What proves a rule: both ways, an unknown value, and a secret one where it reads any."""

    failing: Sequence[Case]
    passing: Sequence[Case]
    unknown: Case
    unknown_is: Literal["unknown", "passing"] = "unknown"
    """`passing` where the rule only asks whether the value is set."""
    secret: Case | None = None
    """Fails, though the value is a secret, and the message does not show it."""


def fails(
    *resources: Described,
    at: str,
    wanted: str = "",
    role: Role = "primary",
    others: Sequence[Described] = (),
    settings: Mapping[str, Any] | None = None,
    repairable: bool = True,
) -> Case:
    """A case with a finding at the property path `at`."""
    return Case(resources, at, wanted, role, others, settings or {}, repairable)


def passes(
    *resources: Described,
    role: Role = "primary",
    others: Sequence[Described] = (),
    settings: Mapping[str, Any] | None = None,
) -> Case:
    """A case without a finding."""
    return Case(resources, role=role, others=others, settings=settings or {})


def secret(value: Any) -> dict[str, Any]:
    """`value` as the engine wraps a secret."""
    return {SIGNATURE: SECRET, "value": value}


def recorded(type_: str, name: str = "", *, asked: str = "resource") -> Described:
    """A recorded resource by type (of AWS without the suffix) and logical name; the first
    without a name. `asked` is `stack` for outputs, as rules about stacks see them."""
    for one in _recording():
        if one["asked"] == asked and family(one["type"]) == type_ and name in ("", one["name"]):
            return _described(one)
    raise LookupError(f"{type_} {name}: not in {DATA}/resources.jsonl")


def root() -> Described:
    """The root of a stack."""
    return Described(type=STACK, name="mlops-platform-production", properties={})


def everything() -> Iterator[Described]:
    """Every recorded resource."""
    return map(_described, _recording())


@cache
def settings_of(role: Role) -> StackSettings:
    """What the committed pack expects of the stack with the role."""
    return read(STACK_OF[role]).model_copy(update={"role": role})


@cache
def _recording() -> list[dict[str, Any]]:
    text = (DATA / "resources.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _described(one: Mapping[str, Any]) -> Described:
    return Described(
        type=one["type"],
        name=one["name"],
        properties=one["properties"],
        protect=one["protect"],
        provider_name=one["provider"]["name"],
        provider=one["provider"]["properties"],
        parent=one["parent"],
        flows={key: tuple(urns) for key, urns in one.get("propertyDependencies", {}).items()},
    )


def _stack(resources: Sequence[Described], settings: StackSettings) -> Stack:
    return Stack([one.subject(settings) for one in resources], settings)


def _put(raw: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    here: Any = raw
    for part in above:
        here = _inside(here, part)
    if isinstance(here, list):
        cast("list[Any]", here)[int(last)] = value
    elif value is None:
        cast("dict[str, Any]", here).pop(last, None)
    else:
        here[last] = value


def _inside(here: Any, part: str) -> Any:
    if isinstance(here, list):
        return cast("list[Any]", here)[int(part)]
    return cast("dict[str, Any]", here).setdefault(part, {})
