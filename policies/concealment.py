"""Secrets kept out of what is said, whichever way a rule came by them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from policies.properties import is_secret, unwrapped
from policies.subject import Subject

SHORTEST = 4
"""Characters of the shortest text that is taken out: less is no secret, but part of any word."""
MASK = "[secret]"


def secrets_of(one: Subject) -> Iterator[str]:
    """Texts that lie in secrets of the subject, whole and, of a JSON document, in parts."""
    yield from _below(one.properties.raw, hidden=False)


def concealed(text: str, secrets: Iterable[str]) -> str:
    """`text` without the secrets, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _below(value: Any, *, hidden: bool) -> Iterator[str]:
    hidden = hidden or is_secret(value)
    plain = unwrapped(value)
    if isinstance(plain, Mapping):
        for below in cast("Mapping[str, Any]", plain).values():
            yield from _below(below, hidden=hidden)
    elif isinstance(plain, list):
        for below in cast("list[Any]", plain):
            yield from _below(below, hidden=hidden)
    elif hidden and isinstance(plain, str) and len(plain) >= SHORTEST:
        # As it is, and as it stands in the JSON of a message.
        yield from {plain, json.dumps(plain)[1:-1]}
        yield from _below(_document(plain), hidden=True)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
