"""Pages of a list, by a token that clients hand back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rehearsal.cloud.call import Answer, Call
from rehearsal.cloud.errors import ApiError


def page(
    call: Call,
    key: str,
    items: Sequence[Any],
    *,
    size: str = "maxResults",
    token: str = "nextToken",  # noqa: S107
    most: int = 100,
) -> Answer:
    """The page of `items` that the call asks for, under `key`. `size` and `token` name the
    parameters. Raises ApiError for a token that was never given."""
    given = call.params.get(token) or "0"
    if not str(given).isdecimal():
        raise ApiError("InvalidParameterException", f"{token} {given!r} is not valid")
    start = int(given)
    end = start + int(call.params.get(size) or most)
    answer: Answer = {key: list(items[start:end])}
    if end < len(items):
        answer[token] = str(end)
    return answer
