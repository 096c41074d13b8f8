"""Waiting for what a program started, in one look at all of it rather than one per output.

The SDK waits at the end for the first of all outstanding outputs, then for the first of the
rest, and so on: with a thousand outputs that is most of a program's own time. Waiting before it
leaves the SDK with outputs that are done, whose errors it still tells.
"""

from __future__ import annotations

import asyncio
from typing import Any

from pulumi.runtime import settings

Outstanding = set["asyncio.Task[Any]"]


async def settle() -> None:
    """Return once no output is outstanding, or one of them failed."""
    while pending := outstanding():
        done, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        if any(one.cancelled() or one.exception() for one in done):
            return


def outstanding() -> Outstanding:
    """Outputs that are not done. The SDK's own record of them has no usable type."""
    record: Any = vars(settings)["SETTINGS"]
    known: Outstanding = record.outputs
    return {output for output in known if not output.done()}
