"""An exported state as parity sees it: resources by name, and the facts that a stack tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.outputs import Outputs, OutputsError, load

Value: TypeAlias = Any
"""A JSON value."""
STACK = "pulumi:pulumi:Stack"
NOT_COMPARED = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""A stack itself, references to others, and where providers work."""


class StateError(ValueError):
    """A file that is no state of a region's stack; says what was expected and what to do."""


class Resource(BaseModel):
    """One resource of an export."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    urn: str
    type: str
    id: str = ""
    inputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    outputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    property_dependencies: dict[str, list[str] | None] = Field(
        default_factory=dict[str, list[str] | None], alias="propertyDependencies"
    )
    deleted: bool = Field(default=False, alias="delete")

    @property
    def name(self) -> str:
        """Logical name, the same in every stack."""
        return self.urn.rpartition("::")[2]

    @property
    def label(self) -> str:
        """Short type and name: `Instance/database-instance`."""
        return f"{self.type.rpartition(':')[2]}/{self.name}"


@dataclass(frozen=True)
class State:
    """The resources of a stack by label, and what it tells of itself."""

    file: str
    told: Outputs
    resources: Mapping[str, Resource]
    by_urn: Mapping[str, Resource]

    @property
    def network(self) -> IPv4Network:
        """The VPC's block."""
        return IPv4Network(self.told.network.cidr)


def read(path: Path) -> State:
    """The state in a file of `pulumi stack export`. Raises StateError."""
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StateError(f"{path}: expected a file of `pulumi stack export`, not {error}") from None
    return parse(document, str(path))


def parse(document: object, file: str) -> State:
    """The state in a document that was read from `file`. Raises StateError."""
    found = list(_resources(document, file))
    root = next((one for one in found if one.type == STACK), None)
    if root is None:
        raise StateError(f"{file}: holds no stack; run `pulumi up` first, then export it")
    try:
        told = load(root.outputs)
    except OutputsError as error:
        raise StateError(f"{file}: {error}") from None
    compared = [one for one in found if not one.type.startswith(NOT_COMPARED)]
    return State(
        file=file,
        told=told,
        resources={one.label: one for one in compared},
        by_urn={one.urn: one for one in found},
    )


def _resources(document: object, file: str) -> Iterator[Resource]:
    listed = _member(_member(document, "deployment"), "resources")
    if not isinstance(listed, list):
        raise StateError(
            f"{file}: expected deployment.resources, as `pulumi stack export` writes them"
        )
    for each in cast("list[object]", listed):
        try:
            one = Resource.model_validate(each)
        except ValidationError as error:
            raise StateError(f"{file}: a resource cannot be read: {error}") from None
        if not one.deleted:
            yield one


def _member(value: object, key: str) -> object:
    return cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
