"""An exported state as what rules judge: `pulumi stack export`, with no engine and no account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from policies.properties import Properties
from policies.stack_settings import StackSettings
from policies.subject import Stack, Subject


class StateError(ValueError):
    """A file that is no exported state; says what it lacks and what to do."""


class _Resource(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")

    urn: str
    type: str
    inputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    outputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    parent: str = ""
    provider: str = ""
    protect: bool = False
    delete: bool = False
    dependencies: tuple[str, ...] | None = None
    property_dependencies: Mapping[str, tuple[str, ...] | None] | None = None


@dataclass(frozen=True)
class Exported:
    """A state twice: by inputs, as resource rules see it, and by outputs, as stack rules do."""

    resources: Sequence[Subject]
    stack: Stack


def exported(document: Mapping[str, Any], settings: StackSettings) -> Exported:
    """The state in `document`. Raises StateError."""
    deployment = document.get("deployment")
    if not isinstance(deployment, dict):
        raise StateError("no key `deployment`, expected the output of `pulumi stack export`")
    entries = cast("dict[str, list[Any] | None]", deployment).get("resources") or []
    try:
        known = [_Resource.model_validate(entry) for entry in entries]
    except ValidationError as error:
        raise StateError(f"deployment.resources: {error}") from None
    # What waits for its deletion is no part of the stack any more.
    present = [one for one in known if not one.delete]
    providers = {one.urn: one for one in present if one.type.startswith("pulumi:providers:")}
    inputs = [_subject(one, one.inputs, settings, providers) for one in present]
    outputs = [_subject(one, one.outputs, settings, providers) for one in present]
    return Exported(inputs, Stack(outputs, settings))


def stack_of(document: Mapping[str, Any]) -> str:
    """Name of the stack that a state is of. Raises StateError where it has no resource."""
    deployment = document.get("deployment")
    known = cast("dict[str, list[object]]", deployment) if isinstance(deployment, dict) else {}
    for entry in known.get("resources") or ():
        urn = str(cast("dict[str, Any]", entry).get("urn")) if isinstance(entry, dict) else ""
        if urn.startswith("urn:pulumi:"):
            return urn.removeprefix("urn:pulumi:").partition("::")[0]
    raise StateError(
        "no resource in it, so no stack's name; expected the output of `pulumi stack export` of "
        "a stack that was deployed"
    )


def _subject(
    one: _Resource,
    raw: Mapping[str, Any],
    settings: StackSettings,
    providers: Mapping[str, _Resource],
) -> Subject:
    # A reference to a provider is its URN and its ID.
    provider = providers.get(one.provider.rpartition("::")[0])
    return Subject(
        urn=one.urn,
        type=one.type,
        name=name_of(one.urn),
        properties=Properties(raw),
        settings=settings,
        protected=one.protect,
        provider_name=name_of(provider.urn) if provider else "",
        provider=Properties(provider.inputs if provider else {}),
        parent=one.parent,
        dependencies=frozenset(one.dependencies or ()),
        property_dependencies=_flows(one.property_dependencies),
    )


def _flows(
    known: Mapping[str, Iterable[str] | None] | None,
) -> dict[str, Sequence[str]]:
    return {key: tuple(urns or ()) for key, urns in (known or {}).items()}


def name_of(urn: str) -> str:
    """Logical name in a URN."""
    return urn.split("::", 3)[-1]
