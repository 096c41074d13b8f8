"""Between Pulumi's property names and AWS's members: the same words in another case.

`request` turns properties into an operation's parameters, guided by botocore's model of the
operation; `observed` reads a described resource back in the form of the properties.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from rehearsal.providers.wire import Props, Value, as_object, is_list, is_object

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class UnmappedProperty(Exception):
    """A property that the operation has no member for: the mapping is incomplete."""


class Words(dict[str, Value]):
    """A described map whose keys are the user's own words (tags, dimensions), not member
    names: compared key by key and never put into another case."""


def request(
    service: str,
    operation: str,
    props: Mapping[str, Value],
    *,
    only: Iterable[str] | None = None,
    rename: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Parameters of `operation` from `props` (all, or `only` some of them).

    `rename` maps a property (dotted when nested) to the member's name.
    Raises UnmappedProperty for a property without a member.
    """
    chosen = props if only is None else {key: props[key] for key in only if key in props}
    given = {key: value for key, value in chosen.items() if value is not None}
    shape = _operation(service, operation).input_shape
    if shape is None:
        raise UnmappedProperty(f"{service}:{operation} takes no parameters, not {sorted(given)}")
    return _structure(shape, given, rename or {}, "")


def observed(
    props: Mapping[str, Value],
    described: Mapping[str, Any],
    *,
    rename: Mapping[str, str] | None = None,
) -> Props:
    """The values of `props` as AWS now reports them in `described`.

    A property that `described` does not show keeps its value; one that is equal but for
    order, number form or JSON layout keeps its form, so that only real drift shows.
    """
    names = rename or {}
    found: Props = {}
    for key, value in props.items():
        present, now = _member(described, names.get(key, key))
        found[key] = settled(value, _projected(value, now, names, key)) if present else value
    return found


def reported(
    props: Mapping[str, Value],
    described: Mapping[str, Any],
    also: Iterable[str],
    *,
    rename: Mapping[str, str] | None = None,
) -> Props:
    """`observed`, and the properties `also` whether or not they were given: for computed
    values, and for an import, where nothing is given."""
    names = rename or {}
    shown = {key: _member(described, names.get(key, key)) for key in also if key not in props}
    extra = {key: _named(now, names, key) for key, (present, now) in shown.items() if present}
    return {**extra, **observed(props, described, rename=names)}


def aligned(given: Value, described: Iterable[Mapping[str, Any]], key: str) -> list[Any]:
    """Described blocks in the order of the given ones, told by the property `key`; others
    last. AWS keeps no order, and `observed` compares blocks one by one."""
    order = [block.get(key) for block in given or ()]
    blocks = list(described)

    def place(block: Mapping[str, Any]) -> int:
        _, name = _member(block, key)
        return order.index(name) if name in order else len(order)

    return sorted(blocks, key=place)


def confirmed(given: Value, asked: Any, now: Any) -> Value:
    """`given` when AWS reports just what was asked for it, else what AWS reports. For blocks
    of alternatives, where `observed` would take another choice for a part not shown."""
    return given if same(_readable(asked), _readable(now)) else camel(_readable(now))


def settled(before: Value, now: Value) -> Value:
    """`before` when `now` means the same, else `now`."""
    return before if same(before, now) else now


def same(one: Value, other: Value) -> bool:
    """Whether two property values mean the same to AWS. A text that was emptied behind the
    engine's back, such as a promoted replica's source, is one that nobody gives."""
    return _canonical(_given(one)) == _canonical(_given(other))


def _given(value: Value) -> Value:
    return None if value == "" else value


def camel(value: Any) -> Value:
    """A described value with AWS's member names turned to camelCase."""
    if isinstance(value, Words):
        return {**value}
    if is_object(value):
        return {_camel_name(key): camel(part) for key, part in value.items()}
    if is_list(value):
        return [camel(part) for part in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@functools.cache
def _operation(service: str, operation: str) -> OperationModel:
    return _session().get_service_model(service).operation_model(operation)


def _structure(
    shape: StructureShape, props: Mapping[str, Value], rename: Mapping[str, str], path: str
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in props.items():
        dotted = f"{path}{key}"
        member = _find(shape.members, rename.get(dotted, key))
        if member is None:
            known = ", ".join(sorted(shape.members))
            raise UnmappedProperty(
                f"{shape.name} has no member for property {dotted}: it has {known}"
            )
        if value is not None:
            made[member] = _converted(shape.members[member], value, rename, f"{dotted}.")
    return made


def _converted(shape: Shape, value: Value, rename: Mapping[str, str], path: str) -> Any:
    if isinstance(shape, StructureShape) and is_object(value):
        return _structure(shape, value, rename, path)
    if isinstance(shape, ListShape):
        parts = value if is_list(value) else [value]
        return [_converted(shape.member, part, rename, path) for part in parts]
    if isinstance(shape, MapShape):
        return value
    return _scalar(shape.type_name, value)


def _scalar(kind: str, value: Value) -> Any:
    match kind:
        case "string" if isinstance(value, bool):
            return str(value).lower()
        case "string":
            return str(value)
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case "boolean":
            return value in (True, "true")
        case _:
            return value


def _find(members: Iterable[str], name: str) -> str | None:
    """The member that a property names: the same letters, else the same in singular."""
    by_letters = {_letters(member): member for member in members}
    wanted = _letters(name)
    for candidate in (wanted, wanted.removesuffix("s"), f"{wanted}s"):
        if candidate in by_letters:
            return by_letters[candidate]
    return None


def _member(described: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    found = _find(described, name)
    return (False, None) if found is None else (True, described[found])


def _projected(before: Value, now: Any, rename: Mapping[str, str], path: str) -> Value:
    if is_object(before) and is_object(now) and not isinstance(now, Words):
        inner = {
            k.removeprefix(f"{path}."): v for k, v in rename.items() if k.startswith(f"{path}.")
        }
        return observed(before, now, rename=inner)
    if is_list(before) and is_list(now) and len(before) == len(now):
        return [_projected(b, n, rename, path) for b, n in zip(before, now, strict=True)]
    return _named(now, rename, path)


def _named(now: Any, rename: Mapping[str, str], path: str) -> Value:
    """`camel`, with the members that `rename` names under the properties' names."""
    if is_list(now):
        return [_named(part, rename, path) for part in now]
    if not is_object(now) or isinstance(now, Words):
        return camel(now)
    keys = {
        member: dotted.rpartition(".")[2]
        for dotted, member in rename.items()
        if dotted.rpartition(".")[0] == path
    }
    named = {keys.get(name, _camel_name(name)): part for name, part in now.items()}
    return {key: _named(part, rename, f"{path}.{key}") for key, part in named.items()}


def _canonical(value: Value) -> Any:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return _canonical_text(value)
    if is_list(value):
        return sorted((_canonical(part) for part in value), key=repr)
    parts = as_object(value).items()
    return sorted((key, _canonical(part)) for key, part in parts if part is not None)


def _canonical_text(text: str) -> Any:
    if text[:1] not in "{[" or not text:
        return text
    try:
        return ("json", _canonical(json.loads(text)))
    except ValueError:
        return text


def _readable(value: Any) -> Any:
    """Bytes as text, at any depth."""
    if isinstance(value, bytes):
        return value.decode()
    if is_object(value):
        return {key: _readable(part) for key, part in value.items()}
    return [_readable(part) for part in value] if is_list(value) else value


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _camel_name(member: str) -> str:
    """`KMSMasterKeyID` as `kmsMasterKeyId`; what is no member name stays as it is."""
    if not member.isalnum():
        return member
    first, *rest = _WORDS.findall(member)
    return "".join((first.lower(), *(word[:1].upper() + word[1:].lower() for word in rest)))
