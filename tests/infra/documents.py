"""The committed stack files as documents, and changed copies of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra import stack_file
from infra.settings import Settings, SettingsError, parse

ROOT = Path(__file__).parents[2]

Document = dict[str, Any]
Change = Callable[[Document], None]


def committed(stack: str) -> Document:
    """A fresh copy of the object in the committed `Pulumi.<stack>.yaml`."""
    return json.loads(stack_file.document(stack, ROOT))


def with_values(document: Document, values: Mapping[str, Any]) -> Document:
    """`document` with the values at dotted paths (`network.zones[0]`) replaced or added."""
    for path, value in values.items():
        *parents, last = _parts(path)
        _at(document, parents)[last] = value
    return document


def without(document: Document, path: str) -> Document:
    """`document` without the key at the dotted path."""
    *parents, last = _parts(path)
    del _at(document, parents)[last]
    return document


def parsed(document: Document, stack: str = "production") -> Settings:
    return parse(stack, json.dumps(document))


def refusal_of(document: Document, stack: str = "production") -> str:
    """The one message that refuses `document`; fails when it is accepted."""
    try:
        parsed(document, stack)
    except SettingsError as error:
        return str(error)
    raise AssertionError("the stack file was accepted")


def keys_in(message: str) -> list[str]:
    """The wrong keys that a refusal lists, in its order."""
    lines = message.splitlines()[1:-1]
    return [line.strip().partition(": ")[0] for line in lines]


def _parts(path: str) -> list[Any]:
    words = path.replace("[", ".#").replace("]", "").split(".")
    return [int(word[1:]) if word.startswith("#") else word for word in words]


def _at(document: Any, parts: list[Any]) -> Any:
    for part in parts:
        document = document[part]
    return document
