"""The end of a program: everything that it started is awaited, and failures are left to the SDK."""

from __future__ import annotations

import asyncio

import pulumi

from rehearsal.engine.settling import outstanding, settle


async def _later(value: str) -> str:
    await asyncio.sleep(0.01)
    return value


async def _failing() -> str:
    await asyncio.sleep(0.01)
    raise ValueError("no such thing")


def _run(started: list[pulumi.Output[str]], *, failing: bool) -> int:
    """Outputs that are still outstanding after settling."""

    async def program() -> int:
        started.append(pulumi.Output.from_input(_later("made")).apply(lambda made: f"{made} here"))
        if failing:
            started.append(pulumi.Output.from_input(_failing()))
            started.append(pulumi.Output.from_input(asyncio.sleep(3600, "never")))
        await asyncio.wait_for(settle(), timeout=10)
        return len(outstanding())

    return asyncio.run(program())


def test_every_output_is_there_afterwards() -> None:
    assert _run([], failing=False) == 0


def test_a_failure_ends_the_wait_and_is_the_sdks_to_tell() -> None:
    assert _run([], failing=True) > 0
