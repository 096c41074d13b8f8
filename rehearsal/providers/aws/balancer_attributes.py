"""Attributes of load balancers, target groups and listeners: pairs of a dotted key and a
text on AWS's side, properties or parts of a block on Pulumi's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rehearsal.providers.wire import Props, Value, as_object, is_list

Table = Mapping[str, str]
"""Property, or `block.part`, → attribute key."""


def written(props: Props, table: Table, only: Iterable[str] | None = None) -> list[dict[str, str]]:
    """The attributes that `props` sets; with `only`, of these top-level properties."""
    chosen = None if only is None else set(only)
    found = {
        key: _at(props, path)
        for path, key in table.items()
        if chosen is None or path.partition(".")[0] in chosen
    }
    given = {key: value for key, value in found.items() if value is not None}
    return [{"Key": key, "Value": _text(value)} for key, value in given.items()]


def described(props: Props, attributes: Iterable[Mapping[str, str]], table: Table) -> Props:
    """The given properties with the values that AWS reports."""
    now = {one["Key"]: one["Value"] for one in attributes}
    shown: Props = {}
    for path, key in table.items():
        if key in now and _at(props, path) is not None:
            _put(shown, props, path, _typed(_at(props, path), now[key]))
    return shown


def unset(old: Props, new: Props, defaults: Table, table: Table) -> list[dict[str, str]]:
    """Defaults for the attributes that were set and no longer are."""
    return [
        {"Key": table[path], "Value": text}
        for path, text in defaults.items()
        if _at(old, path) is not None and _at(new, path) is None
    ]


def _at(props: Props, path: str) -> Value:
    value: Value = props
    for part in path.split("."):
        if is_list(value):
            value = next(iter(value), None)
        value = as_object(value).get(part)
    return value


def _put(shown: Props, props: Props, path: str, value: Value) -> None:
    """Set a property; for a part, in a copy of the block as it was given."""
    block, _, part = path.partition(".")
    if not part:
        shown[block] = value
        return
    listed = isinstance(props[block], list)
    given = shown.get(block, props[block])
    inner = {**(given[0] if listed else given)}
    _put(inner, inner, part, value)
    shown[block] = [inner] if listed else inner


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(given: Value, now: str) -> Value:
    """`now` in the type of what was given."""
    if isinstance(given, bool):
        return now == "true"
    return int(now) if isinstance(given, int) else now
