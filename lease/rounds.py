"""The agent's rounds, one after the other, and whether they go on."""

from __future__ import annotations

import asyncio
from typing import Protocol

from lease.agent import Standing
from lease.budget import Budget
from lease.clock import Clock
from lease.log_lines import LOG, tell_change
from lease.metrics import Metrics
from lease.protocol import Milliseconds


class Looking(Protocol):
    """`agent.Agent`, as far as it is needed here."""

    standing: Standing

    async def look(self) -> Milliseconds: ...


class Rounds:
    """Looks again and again, and shows what it finds."""

    def __init__(self, agent: Looking, clock: Clock, metrics: Metrics, budget: Budget) -> None:
        self._agent = agent
        self._clock = clock
        self._metrics = metrics
        self._patience = 2 * (budget.duration + budget.margin)
        self._last = clock.monotonic()

    async def until(self, stopped: asyncio.Event) -> None:
        """Go on until then; a round that has begun is finished first."""
        while not stopped.is_set():
            pause = await self._round()
            try:
                async with asyncio.timeout(pause / 1_000):
                    await stopped.wait()
            except TimeoutError:
                continue

    async def _round(self) -> Milliseconds:
        before = self._agent.standing
        try:
            pause = await self._agent.look()
        except Exception:
            # The guard goes on in any case; an agent that restarts would do no better.
            LOG.exception("a round failed")
            raise
        self._last = self._clock.monotonic()
        tell_change(before, self._agent.standing)
        self._metrics.show(self._agent.standing, self._last)
        return pause

    def stuck(self) -> str:
        """Why it should be restarted; empty while rounds go on."""
        quiet = self._clock.monotonic() - self._last
        if quiet <= self._patience:
            return ""
        return f"no round ended for {quiet} ms, expected one within {self._patience} ms"

    def unready(self) -> str:
        """Why nobody should rely on it; empty when the database is as the table wants it."""
        standing = self._agent.standing
        if standing.trouble:
            return standing.trouble
        if standing.state in ("unknown", "closing"):
            return f"the database is {standing.state}"
        return self.stuck()
