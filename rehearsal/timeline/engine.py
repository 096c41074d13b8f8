"""What the engine leaves behind: the resources of an exported state and the steps of an
event log (`pulumi up --event-log FILE`, shown with PULUMI_DEBUG_COMMANDS=1).

Both are foreign data, read here and nowhere else. Source: pulumi/pulumi,
`sdk/go/common/apitype/{core,events}.go`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

Inputs: TypeAlias = Mapping[str, Any]


class EngineRecordError(Exception):
    """A state or an event log that is not what the engine writes."""


class _Foreign(BaseModel):
    """A part of the engine's JSON: keys that we do not use are left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Resource(_Foreign):
    """One resource of a state. The engine lists resources after what they depend on."""

    urn: str
    type: str
    custom: bool = False
    id: str = ""
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: dict[str, tuple[str, ...] | None] = Field(
        default_factory=dict[str, "tuple[str, ...] | None"]
    )
    deleted_with: str = ""
    retain_on_delete: bool = False
    delete: bool = False
    """True for a replaced resource whose deletion is still to come."""
    inputs: dict[str, Any] = Field(default_factory=dict[str, Any])

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    def needs(self) -> frozenset[str]:
        """URNs that it was made from: dependencies, provider and parent."""
        by_property = (urns or () for urns in self.property_dependencies.values())
        provider = self.provider.rpartition("::")[0]
        every = {*self.dependencies, *(urn for urns in by_property for urn in urns)}
        return frozenset((every | {provider, self.parent, self.deleted_with}) - {"", self.urn})


class _Side(_Foreign):
    custom: bool = False
    parent: str = ""
    retain_on_delete: bool = False
    inputs: dict[str, Any] | None = None


class _Metadata(_Foreign):
    op: str
    urn: str
    type: str
    old: _Side | None = None
    new: _Side | None = None


class _Wrapped(_Foreign):
    metadata: _Metadata


class _Event(_Foreign):
    resource_pre_event: _Wrapped | None = None
    res_outputs_event: _Wrapped | None = None
    res_op_failed_event: _Wrapped | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that the engine did to one resource."""

    op: str
    urn: str
    type: str
    custom: bool
    parent: str
    retained: bool
    """Deleted from the state only."""
    before: Inputs
    """Inputs that the resource had; empty for a creation."""
    after: Inputs
    """Inputs that it gets; empty for a deletion."""
    turn: int
    """How many steps of the same verb on the same resource came before."""
    began: int
    """Position of its beginning in the log."""
    ended: int | None
    """Position of its end; None for one that the log never sees end."""
    failed: bool


@dataclass
class _Open:
    metadata: _Metadata
    began: int
    ended: int | None = None
    failed: bool = False


def resources(state: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The resources of `pulumi stack export`, in its order.

    Raises EngineRecordError when `state` is no exported state.
    """
    deployment = state.get("deployment")
    if not isinstance(deployment, dict):
        raise EngineRecordError("not a `pulumi stack export`: no key `deployment`")
    entries = cast("dict[str, Sequence[Any] | None]", deployment).get("resources") or ()
    try:
        return tuple(Resource.model_validate(entry) for entry in entries)
    except ValidationError as error:
        raise EngineRecordError(f"not a `pulumi stack export`: {error}") from error


@dataclass
class _Log:
    """Events so far: every step, and by URN those that have not ended."""

    steps: list[_Open] = field(default_factory=list[_Open])
    running: dict[str, list[_Open]] = field(default_factory=dict[str, list[_Open]])

    def begin(self, metadata: _Metadata, position: int) -> None:
        step = _Open(metadata, position)
        self.steps.append(step)
        self.running.setdefault(metadata.urn, []).append(step)

    def end(self, metadata: _Metadata, position: int, *, failed: bool) -> None:
        """End the running step of the same verb; a refresh ends under another verb."""
        running = self.running.get(metadata.urn, [])
        same = [step for step in running if step.metadata.op == metadata.op]
        for step in (same or running)[:1]:
            step.ended, step.failed = position, failed
            running.remove(step)


def steps(lines: Iterable[str]) -> tuple[Step, ...]:
    """The steps of an event log, in the order in which the engine began them.

    A last line that was cut off, as a killed engine leaves it, is left out. Raises
    EngineRecordError for any other line that is no engine event.
    """
    log = _Log()
    every = [line for line in lines if line.strip()]
    for position, line in enumerate(every):
        try:
            _note(log, _Event.model_validate(json.loads(line)), position)
        except ValueError as error:
            if position == len(every) - 1 and not line.endswith("\n"):
                break
            raise EngineRecordError(f"event log, line {position + 1}: {error}") from error
    seen: Counter[tuple[str, str]] = Counter()
    done: list[Step] = []
    for entry in log.steps:
        verb = (entry.metadata.op, entry.metadata.urn)
        done.append(_step(entry, seen[verb]))
        seen[verb] += 1
    return tuple(done)


def _note(log: _Log, event: _Event, position: int) -> None:
    if event.resource_pre_event:
        log.begin(event.resource_pre_event.metadata, position)
    if event.res_outputs_event:
        log.end(event.res_outputs_event.metadata, position, failed=False)
    if event.res_op_failed_event:
        log.end(event.res_op_failed_event.metadata, position, failed=True)


def _step(entry: _Open, turn: int) -> Step:
    metadata = entry.metadata
    side = metadata.new or metadata.old or _Side()
    return Step(
        op=metadata.op,
        urn=metadata.urn,
        type=metadata.type,
        custom=side.custom,
        parent=side.parent,
        retained=bool(metadata.old and metadata.old.retain_on_delete),
        before=(metadata.old.inputs if metadata.old else None) or {},
        after=(metadata.new.inputs if metadata.new else None) or {},
        turn=turn,
        began=entry.began,
        ended=entry.ended,
        failed=entry.failed,
    )
