"""A call in a copy of this process: what a mutant spoils there, nobody else meets."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

T = TypeVar("T")
FORK = multiprocessing.get_context("fork")


def apart(call: Callable[[], T]) -> T:
    """What `call` returns, which must be plain data. Raises RuntimeError where it raises."""
    receiving, sending = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_answer, args=(call, sending))
    child.start()
    sending.close()
    try:
        return cast("T", receiving.recv())
    except EOFError:
        raise RuntimeError("a process of its own ended without an answer; see above") from None
    finally:
        child.join()
        receiving.close()


def _answer(call: Callable[[], Any], sending: Connection) -> None:
    sending.send(call())
