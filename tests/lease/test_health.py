"""What kubelet, Prometheus and a collector of logs get from an agent."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import urllib.error
import urllib.request

import pytest
from prometheus_client import generate_latest

from lease.agent import Standing
from lease.budget import Budget
from lease.health import served
from lease.log_lines import JsonLines, tell_change
from lease.metrics import Metrics
from lease.rounds import Rounds

OPEN = Standing(state="open", holder="us-east-1", epoch=7, open_until=22_000, database_ahead=-12)
CLOSED = Standing(state="closed", holder="us-west-2", epoch=8, reason="us-west-2 holds epoch 8")


class HandClock:
    """Moved by hand."""

    now = 1_000

    def wall(self) -> int:
        return self.now

    def monotonic(self) -> int:
        return self.now

    async def sleep(self, duration: int) -> None:
        self.now += duration


class Looks:
    """An agent whose rounds end with what it is given."""

    def __init__(self, *standings: Standing, stopped: asyncio.Event | None = None) -> None:
        self.standing = Standing()
        self._coming = list(standings)
        self._stopped = stopped

    async def look(self) -> int:
        self.standing = self._coming.pop(0)
        if not self._coming and self._stopped:
            self._stopped.set()
        return 1


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_health_says_what_is_wrong() -> None:
    problems = {"/livez": lambda: "", "/readyz": lambda: "the database is closing"}
    with served(0, Metrics().registry, problems) as port:
        assert asked(port, "/livez") == (200, "ok")
        assert asked(port, "/readyz") == (503, "the database is closing")
        assert asked(port, "/other")[0] == 404
        assert "lease_epoch 0.0" in asked(port, "/metrics")[1]


def test_metrics_tell_epoch_holder_time_left_and_whether_it_is_fenced() -> None:
    metrics = Metrics()
    metrics.show(OPEN, now=20_000)
    lines = generate_latest(metrics.registry).decode().splitlines()
    for line in (
        "lease_epoch 7.0",
        'lease_holder{region="us-east-1"} 1.0',
        "lease_fenced 0.0",
        "lease_seconds_left 2.0",
        "lease_database_clock_ahead_seconds -0.012",
        'lease_looks_total{outcome="fine"} 1.0',
        'lease_looks_total{outcome="trouble"} 0.0',
    ):
        assert line in lines


def test_metrics_forget_the_holder_of_before() -> None:
    metrics = Metrics()
    for standing in (OPEN, CLOSED):
        metrics.show(standing, now=20_000)
    text = generate_latest(metrics.registry).decode()
    assert "lease_fenced 1.0" in text
    assert 'lease_holder{region="us-east-1"}' not in text
    assert 'lease_database_state{state="open"} 0.0' in text


@pytest.mark.parametrize(
    ("standing", "problem"),
    [
        (OPEN, ""),
        (CLOSED, ""),
        (Standing(state="closing"), "the database is closing"),
        (Standing(state="open", trouble="no answer in time"), "no answer in time"),
    ],
)
def test_an_agent_is_ready_when_the_database_is_as_the_table_wants_it(
    standing: Standing, problem: str
) -> None:
    rounds = played(standing, clock=HandClock())
    assert rounds.unready() == problem


def test_an_agent_whose_rounds_do_not_end_is_to_be_restarted() -> None:
    clock = HandClock()
    rounds = played(OPEN, clock=clock)
    assert rounds.stuck() == ""
    clock.now += 76_001
    assert rounds.stuck() == "no round ended for 76001 ms, expected one within 76000 ms"


def played(*standings: Standing, clock: HandClock) -> Rounds:
    stopped = asyncio.Event()
    rounds = Rounds(Looks(*standings, stopped=stopped), clock, Metrics(), Budget())
    asyncio.run(rounds.until(stopped))
    return rounds


def test_a_line_is_logged_when_something_changed() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("lease")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        tell_change(OPEN, OPEN)
        tell_change(OPEN, CLOSED)
    finally:
        log.removeHandler(handler)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert (line["level"], line["message"], line["epoch"]) == ("info", "closed", 8)
    assert line["reason"] == "us-west-2 holds epoch 8"
