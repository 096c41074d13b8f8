"""A region is lost while clients write: the real runbook, the real agents, two real databases."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drills.account import Account, account, written_before
from tests.drills.clients import Client, written
from tests.drills.pair import Pair, until
from tests.drills.stage import Stage, stage

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

Loss = Callable[[Pair], None]
LOSSES: dict[str, Loss] = {"cut off": Pair.cut, "killed": Pair.kill}
SEEDS = range(1, 11)
ATTEMPTS = 25
"""Of a client that wants to write to a primary that returned."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """After the failover: nobody writes any more, and the rows were counted."""

    stage: Stage
    account: Account


def _cases() -> Generator[object]:
    """The first in every test run, the others at night."""
    for seed in SEEDS:
        for name in LOSSES:
            often = seed == SEEDS[0] and name == "cut off"
            yield pytest.param((name, seed), marks=() if often else pytest.mark.nightly)


@pytest.fixture(scope="module", params=_cases(), ids=lambda case: f"{case[0]}-{case[1]}")
def lost(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Lost]:
    name, seed = request.param
    with stage(template, seed) as here:
        time.sleep(random.Random(seed).uniform(0.2, 1.2))
        LOSSES[name](here.pair)
        here.site.region.traffic.primary_alive = False
        begun = here.failed_over(tmp_path_factory.mktemp("journal") / "journal.jsonl")
        here.everywhere.until_it_writes()
        here.west.until_it_writes()
        here.quiet()
        old, new = here.pair.primary.server, here.pair.standby.server
        yield Lost(stage=here, account=account(begun, here.acknowledged(), old, new))


def test_nothing_is_lost_but_what_the_runbook_told(lost: Lost) -> None:
    print(lost.account)
    assert lost.account.strayed == set()
    assert lost.account.lost <= lost.account.at_risk
    assert lost.account.loss_seconds <= lost.account.risk_seconds


def test_the_new_primary_writes_only_after_the_old_one_has_stopped(lost: Lost) -> None:
    assert lost.account.old_ended < lost.account.new_began


def test_a_primary_that_returns_closes_for_good_and_becomes_a_copy(lost: Lost) -> None:
    pair = lost.stage.pair
    old, new = pair.primary, pair.standby
    before = written_before(old.server)
    with Client("returned", lambda: old.rds) as returned:
        pair.come_back()
        until("it knows of the new epoch", lambda: old.standing.epoch == new.standing.epoch)
        until("it is closed", lambda: old.standing.state == "closed")
        returned.until_it_is_refused(ATTEMPTS)
    assert written(old.server) == before
    pair.changed_places()
    pair.renew()
    assert old.server.asked("SELECT pg_is_in_recovery()")
    with Client("afterwards", lambda: new.rds) as client:
        client.until_it_writes()
    until("the copy follows", lambda: written(old.server) == written(new.server))
