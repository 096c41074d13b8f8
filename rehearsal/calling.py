"""On whose behalf a program of the rehearsal calls: the simulated cloud notes it beside each."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

HEADER = "X-Rehearsal-Caller"
_NAME: ContextVar[str] = ContextVar("caller", default="a simulated provider")


@contextmanager
def on_behalf(name: str) -> Generator[None]:
    """Calls of this thread are made for `name` meanwhile."""
    token = _NAME.set(name)
    try:
        yield
    finally:
        _NAME.reset(token)


def sign(request: Any, **_: object) -> None:
    """Put the name on a request that is about to be sent; a handler of botocore's `before-send`."""
    request.headers[HEADER] = _NAME.get()
