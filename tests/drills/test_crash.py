"""A database whose power goes, and that answers again once its lease is over: it is on its own."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.drills.clients import OWNER, Client, written
from tests.drills.pair import single, until
from tests.drills.side import BUDGET

pytestmark = [pytest.mark.control_plane, pytest.mark.xdist_group("postgres")]

OFTEN = 2
SEEDS = [
    pytest.param(seed, marks=() if seed <= OFTEN else pytest.mark.nightly) for seed in range(1, 11)
]
ATTEMPTS = 25
"""Of each client, once the database answers."""
MAY_CONNECT = f"has_database_privilege('{OWNER.role}', '{OWNER.database}', 'CONNECT')"


@pytest.mark.parametrize("seed", SEEDS)
def test_it_lets_no_writer_in_with_no_guard_and_no_agent_there_and_opens_when_one_is(
    template: Path, seed: int
) -> None:
    with single(template) as pair:
        east = pair.primary
        with (
            Client("first", lambda: east.rds) as first,
            Client("second", lambda: east.rds) as second,
        ):
            until("the agent opened it", lambda: east.standing.state == "open")
            first.until_it_writes()
            time.sleep(random.Random(seed).uniform(0, BUDGET.renew_every / 1_000))
            pair.kill()
            lease = pair.table.read()
            assert lease
            until(
                "its time is over", lambda: time.time() * 1_000 > lease.lease_until - BUDGET.margin
            )
            returned = time.time()
            east.server.start()
            for client in (first, second):
                client.until_it_is_refused(ATTEMPTS)
            assert {row: at for row, at in written(east.server).items() if at > returned} == {}
            # Neither of the two that close a database has: its rights outlived it, and no guard.
            assert east.server.asked(f"SELECT {MAY_CONNECT} AND NOT fence.guarded()")
            assert all("password authentication failed" in why for why in first.refused[-ATTEMPTS:])
            pair.mend()
            east.begin()
            first.until_it_writes()
            second.until_it_writes()
