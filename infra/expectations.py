"""What a stack file should have held at a given place, in words, from the models' JSON Schema."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias, cast

from infra.fields import Section

Node: TypeAlias = dict[str, object]


def expected_at(model: type[Section], loc: tuple[int | str, ...]) -> str:
    """The phrase that completes "expected …" for the value at `loc`."""
    root = _schema(model)
    node, phrase = root, ""
    for part in loc:
        node = _resolved(root, _child(_resolved(root, node), part))
        described = _phrase(node)
        phrase = described or phrase
    return phrase or "another value"


def known_keys(model: type[Section], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the section at `loc` may have."""
    root = _schema(model)
    node = root
    for part in loc:
        node = _child(_resolved(root, node), part)
    return list(_nodes(_resolved(root, node), "properties"))


@cache
def _schema(model: type[Section]) -> Node:
    return cast(Node, model.model_json_schema())


def _phrase(node: Node) -> str:
    description = node.get("description")
    if "properties" in node:
        return f"a section with the keys {', '.join(_nodes(node, 'properties'))}"
    return description if isinstance(description, str) else ""


def _child(node: Node, part: int | str) -> Node:
    if part == "[key]":
        return _node(node, "propertyNames")
    if isinstance(part, int):
        return _node(node, "items")
    return _nodes(node, "properties").get(part) or _any_property(node)


def _any_property(node: Node) -> Node:
    """What an object with free keys holds."""
    by_pattern = list(_nodes(node, "patternProperties").values())
    return by_pattern[0] if by_pattern else _node(node, "additionalProperties")


def _resolved(root: Node, node: Node) -> Node:
    """`node` without the indirection of a reference or of "or null"."""
    choices = node.get("anyOf")
    if isinstance(choices, list):
        some = [each for each in cast("list[Node]", choices) if each.get("type") != "null"]
        return {**_resolved(root, some[0]), **{k: v for k, v in node.items() if k != "anyOf"}}
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _nodes(root, "$defs")[reference.rpartition("/")[2]]
        return {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _node(node: Node, key: str) -> Node:
    value = node.get(key)
    return cast(Node, value) if isinstance(value, dict) else {}


def _nodes(node: Node, key: str) -> dict[str, Node]:
    return cast("dict[str, Node]", _node(node, key))
