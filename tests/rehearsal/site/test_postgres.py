"""The servers' stand-in: a replica that lags makes a failback wait for it, one that never has the
last row makes it stop, and nobody is told anything without the password."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from catalog.rds_authorities import authorities
from ops import journal
from ops.errors import GoalNotReached, Retryable
from ops.executor import Hands, carry_out
from ops.failback.steps import failback_steps
from ops.failback.target import Failback
from ops.live.aws import Aws
from ops.live.databases import Databases
from ops.live.fence_table import FenceTable
from ops.live.log_positions import LogPositions, Server
from ops.live.outside import Outside, outside
from ops.live.rehearsed import ENDPOINT
from ops.progress import PlainProgress
from ops.step import Runbook, Stamp
from ops.world.pair import PairReads, PairWorld
from ops.world.site import SiteReads, SiteWorld
from rehearsal.scenario.drill import SITE
from rehearsal.site.agents import CLOSING
from rehearsal.site.server import Site, serving, surrounding
from tests.ops.memory.platform import returning
from tests.rehearsal.cloud.account import Account
from tests.rehearsal.site.conftest import HERE, THERE, Surroundings
from tests.rehearsal.site.pair import PLATFORM, SIDES, make_fence, take

NOTHING: Any = None
Reach = Callable[[str, str | None], Aws]
HOME, AWAY = SIDES


@dataclass(frozen=True)
class Pair:
    """A platform that is about to hand over: its database is there, and a copy of it is here."""

    account: Account
    site: Site
    outside: Outside
    reach: Reach

    def databases(self, region: str) -> Databases:
        aws = self.reach(region, None)
        return Databases(aws, LogPositions(aws, PLATFORM, region, self.outside.ask_server))

    def hand_over(self) -> None:
        """The fence is here, and the other side has closed."""
        take(self.account, HERE)
        self.site.advance(0)
        self.site.advance(CLOSING.typical)


@pytest.fixture
def pair(around: Surroundings, reach: Reach) -> Iterator[Pair]:
    account, there = around.account, around.account.there(THERE)
    there.database(AWAY.database)
    (primary,) = there.rds.describe_db_instances()["DBInstances"]
    account.database_subnets()
    account.rds.create_db_instance_read_replica(
        DBInstanceIdentifier=HOME.database, SourceDBInstanceIdentifier=primary["DBInstanceArn"],
        SourceRegion=THERE, DBSubnetGroupName="database",
    )  # fmt: skip
    login = json.dumps({"username": "exporter", "password": "s"})
    for region in (account, there):
        region.secretsmanager.create_secret(Name="p-db-exporter", SecretString=login)
    make_fence(account, THERE)
    site = surrounding(around.client, around.control, around.objects, PLATFORM, SIDES)
    site.advance(2_000)
    site.advance(600)
    with serving(site) as url:
        yield Pair(account, site, outside({SITE: url, ENDPOINT: account.url}), reach)


def _returning() -> Failback:
    wanted = returning()
    return replace(
        wanted,
        home=replace(wanted.home, database=HOME.database),
        away=replace(wanted.away, database=AWAY.database),
    )


def _wait_for(step: str, pair: Pair, file: Path) -> float:
    """Carry out one step of a failback; the seconds that it took."""
    clock = pair.outside.clock
    parts: dict[str, Any] = dict.fromkeys(
        ("files", "cluster", "traffic", "probe", "declaration", "objects"), NOTHING
    )
    sides: list[dict[str, Any]] = [
        {"database": pair.databases(each.region), "fence": _fence(pair), **parts} for each in SIDES
    ]
    reads = [SiteReads(account="1", clock=clock, **each) for each in sides]
    world = [SiteWorld(clock=clock, **each) for each in sides]
    wanted = _returning()
    hands = Hands(
        reads=PairReads(home=reads[0], away=reads[1]),
        world=PairWorld(home=world[0], away=world[1]),
        clock=clock,
        progress=PlainProgress(lambda _: None),
        confirm=lambda _: True,
    )
    steps = [each for each in failback_steps(wanted) if each.name == step]
    book = Runbook(
        name="failback", target=wanted.target, checks=[], steps=steps,
        stamp=lambda _: Stamp(epoch=2, holder=HERE),
    )  # fmt: skip
    began = clock.now()
    with journal.opened(file, book.name, book.target) as log:
        carry_out(book, log, hands)
    return clock.now() - began


def _fence(pair: Pair) -> FenceTable:
    return FenceTable(pair.reach(HERE, None), PLATFORM)


def test_a_replica_has_what_was_written_until_its_lag_ago(pair: Pair) -> None:
    home, away = pair.databases(HERE), pair.databases(THERE)
    written, replayed = away.written(AWAY.database), home.replayed(HOME.database)
    assert written is not None
    assert replayed is not None
    assert written - replayed > 0
    pair.site.advance(60)
    assert (home.replayed(HOME.database) or 0) > written
    assert home.written(HOME.database) is None
    assert away.replayed(AWAY.database) is None


def test_a_closed_primary_writes_nothing_more(pair: Pair) -> None:
    away = pair.databases(THERE)
    pair.hand_over()
    written = away.written(AWAY.database)
    pair.site.advance(300)
    assert away.written(AWAY.database) == written


def test_a_failback_waits_for_a_copy_that_lags(pair: Pair, tmp_path: Path) -> None:
    pair.site.control.slow_replicas(HERE, 40)
    pair.hand_over()
    assert 35 < _wait_for("last write", pair, tmp_path / "journal.jsonl") < 60


def test_a_failback_stops_where_the_last_row_never_arrives(pair: Pair, tmp_path: Path) -> None:
    pair.site.control.stop_replicas(HERE)
    pair.site.advance(5)
    pair.hand_over()
    with pytest.raises(GoalNotReached, match="last write: after .* s still not so"):
        _wait_for("last write", pair, tmp_path / "journal.jsonl")
    copy = pair.databases(HERE).instance(HOME.database)
    assert copy is not None
    assert copy.follows is not None


def test_a_failback_begins_no_outage_while_the_copy_is_far_behind(
    pair: Pair, tmp_path: Path
) -> None:
    pair.site.control.slow_replicas(HERE, 90)
    pair.site.advance(0)
    with pytest.raises(GoalNotReached, match="copy close behind"):
        _wait_for("copy close behind", pair, tmp_path / "journal.jsonl")


def _asked(pair: Pair, **changes: str) -> int | None:
    address = f"{AWAY.database}.aaaaaaaaaa.{THERE}.rds.amazonaws.com"
    server = Server(host=address, user="exporter", password="s", authorities=authorities(THERE))
    return pair.outside.ask_server(replace(server, **changes), "SELECT pg_current_wal_flush_lsn()")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "guessed"}, "password authentication failed for user"),
        ({"host": f"nobody.aaaaaaaaaa.{THERE}.rds.amazonaws.com"}, "could not translate host"),
        ({"host": "10.0.0.1"}, "connection timed out"),
    ],
)
def test_a_server_tells_nothing_to_whoever_does_not_reach_it(
    pair: Pair, changes: dict[str, str], said: str
) -> None:
    assert (_asked(pair) or 0) > 0
    with pytest.raises(Retryable, match=said):
        _asked(pair, **changes)


def test_a_server_of_a_lost_region_is_silent(pair: Pair) -> None:
    pair.site.control.lose(THERE)
    with pytest.raises(Retryable, match="connection timed out"):
        _asked(pair)


def test_a_query_that_the_rehearsal_does_not_know_is_told(pair: Pair) -> None:
    server = Server(
        host=f"{AWAY.database}.aaaaaaaaaa.{THERE}.rds.amazonaws.com",
        user="exporter",
        password="s",
        authorities=authorities(THERE),
    )
    with pytest.raises(Retryable, match="does not know 'SELECT 1'"):
        pair.outside.ask_server(server, "SELECT 1")
