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


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")


class _Resource(_Part):
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


class _Deployment(_Part):
    # A stack that was destroyed has none.
    resources: tuple[_Resource, ...] | None = None


class _State(_Part):
    deployment: _Deployment


@dataclass(frozen=True)
class Exported:
    """A state twice: by inputs, as resource rules see it, and by outputs, as stack rules do."""

    resources: Sequence[Subject]
    stack: Stack


def exported(document: Mapping[str, Any], settings: StackSettings) -> Exported:
    """The state in `document`. Raises StateError."""
    try:
        known = _State.model_validate(document).deployment.resources or ()
    except ValidationError as error:
        raise StateError(_told(error)) from None
    # What waits for its deletion is no part of the stack any more.
    present = [one for one in known if not one.delete]
    providers = {one.urn: one for one in present if one.type.startswith("pulumi:providers:")}
    inputs = [_subject(one, one.inputs, settings, providers) for one in present]
    outputs = [_subject(one, one.outputs, settings, providers) for one in present]
    return Exported(inputs, Stack(outputs, settings))


def stack_of(document: Mapping[str, Any]) -> str:
    """Name of the stack that a state is of. Raises StateError where it has no resource."""
    for entry in _entries(document):
        urn = str(cast("dict[str, Any]", entry).get("urn")) if isinstance(entry, dict) else ""
        if urn.startswith("urn:pulumi:"):
            return urn.removeprefix("urn:pulumi:").partition("::")[0]
    raise StateError(
        "no resource in it, so no stack's name; expected the output of `pulumi stack export` of "
        "a stack that was deployed"
    )


def _entries(document: Mapping[str, Any]) -> list[object]:
    """Resources of a state as they stand there; none where there is no list of them."""
    deployment = document.get("deployment")
    known = cast("dict[str, object]", deployment) if isinstance(deployment, dict) else {}
    listed = known.get("resources")
    return cast("list[object]", listed) if isinstance(listed, list) else []


def _told(error: ValidationError) -> str:
    """What is wrong and where, and no value: it may be a secret."""
    wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return f"{'; '.join(wrong)}; expected the output of `pulumi stack export`"


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
