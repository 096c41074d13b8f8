"""Property values on the wire of the provider protocol.

Values are plain JSON, except that an unknown is a reserved string and that secrets,
resources and outputs are objects marked by a reserved key. A provider that accepts
none of these (as ours) only ever meets unknowns; a component provider passes the rest on.
Source: pulumi/pulumi, `sdk/go/common/resource/plugin/rpc.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from google.protobuf import json_format, struct_pb2

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

Value = Any
"""A property value: None, bool, int, float, str, list or dict of these."""
Props = dict[str, Value]


def from_struct(struct: struct_pb2.Struct) -> Props:
    """The properties in `struct`; whole numbers become int."""
    return {key: _whole(value) for key, value in json_format.MessageToDict(struct).items()}


def to_struct(props: Mapping[str, Value]) -> struct_pb2.Struct:
    """`props` as a protobuf struct. Raises TypeError for a value that is not JSON."""
    struct = struct_pb2.Struct()
    struct.update(props)
    return struct


def is_object(value: Value) -> TypeGuard[Props]:
    """Whether `value` is an object; its keys are always strings on the wire."""
    return isinstance(value, dict)


def is_list(value: Value) -> TypeGuard[list[Value]]:
    """Whether `value` is a list."""
    return isinstance(value, list)


def as_object(value: Value) -> Props:
    """`value` when it is an object, else an empty one."""
    return value if is_object(value) else {}


def as_list(value: Value) -> list[Value]:
    """`value` if it is a list, else an empty one."""
    return value if is_list(value) else []


def is_unknown(value: Value) -> bool:
    """Whether `value` is an unknown, bare or as an output without a value."""
    if value == UNKNOWN:
        return True
    return is_object(value) and value.get(SIGNATURE) == OUTPUT and "value" not in value


def has_unknown(value: Value) -> bool:
    """Whether `value` holds an unknown at any depth."""
    return is_unknown(value) or any(has_unknown(part) for part in _parts(value))


def plain(value: Value) -> Value:
    """`value` without the wrappings of secrets and outputs; resources become their IDs."""
    if is_list(value):
        return [plain(part) for part in value]
    if not is_object(value):
        return value
    mark = value.get(SIGNATURE)
    if mark is None:
        return {key: plain(part) for key, part in value.items()}
    if mark == RESOURCE:
        return value.get("id") or UNKNOWN
    return plain(value.get("value", UNKNOWN))


def _parts(value: Value) -> Iterator[Value]:
    if is_object(value):
        yield from value.values()
    elif is_list(value):
        yield from value


def _whole(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if is_list(value):
        return [_whole(part) for part in value]
    if is_object(value):
        return {key: _whole(part) for key, part in value.items()}
    return value
