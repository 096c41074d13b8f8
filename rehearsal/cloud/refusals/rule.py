"""One rule of the refusals table: a call that moto would accept and AWS refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.cloud.call import Call

Broken = Callable[[Call], str | None]
"""The message with which AWS refuses a call, or None if this rule lets it pass."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`name` says what holds in AWS; `url` is where AWS documents it."""

    name: str
    service: str
    operations: tuple[str, ...]
    code: str
    url: str
    broken: Broken
    status: int | None = None
    """HTTP status, where the service's model does not say it."""
