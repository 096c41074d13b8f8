"""The agents' stand-in keeps to the fence's record: renews, closes, says so, and waits its turn."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.site.agents import CLOSING, LEASE_SECONDS, Agents
from tests.rehearsal.site.conftest import HERE, THERE, Surroundings
from tests.rehearsal.site.pair import PLATFORM, SIDES, fence, make_fence, take


@pytest.fixture
def agents(around: Surroundings) -> Agents:
    """Of both regions; the fence is here, in its first epoch, and so is a database."""
    around.account.database(SIDES[0].database)
    make_fence(around.account, HERE)
    return Agents(around.client, around.control.now, around.control.lost, PLATFORM, SIDES)


def _until(around: Surroundings) -> float:
    return int(fence(around.account)["lease_until"]["N"]) / 1000


def test_the_holder_renews_its_lease_and_lets_writers_in(
    around: Surroundings, agents: Agents
) -> None:
    assert not agents.admit(HERE)
    agents.look()
    assert _until(around) - around.control.now() == pytest.approx(LEASE_SECONDS, abs=5)
    assert agents.admit(HERE)
    assert not agents.admit(THERE)


def test_a_side_that_lost_the_fence_says_that_it_is_closed_once_it_is(
    around: Surroundings, agents: Agents
) -> None:
    agents.look()
    take(around.account, THERE)
    agents.look()
    assert agents.admit(HERE)
    assert fence(around.account)["closed_epoch"]["N"] == "0"
    around.control.advance(CLOSING.typical)
    agents.look()
    assert not agents.admit(HERE)
    assert fence(around.account)["closed_epoch"]["N"] == "1"


def test_a_side_without_agents_never_says_that_it_is_closed(
    around: Surroundings, agents: Agents
) -> None:
    agents.look()
    around.control.lose(HERE)
    agents.look()
    take(around.account.there(THERE), THERE)
    for _ in range(4):
        around.control.advance(CLOSING.slow)
        agents.look()
    around.control.restore()
    assert fence(around.account)["closed_epoch"]["N"] == "0"
    assert not agents.admit(HERE)


def test_the_new_side_renews_only_when_the_old_lease_is_over(
    around: Surroundings, agents: Agents
) -> None:
    agents.look()
    around.control.lose(HERE)
    take(around.account.there(THERE), THERE)
    agents.look()
    around.control.restore()
    assert _until(around) == 0
    around.control.lose(HERE)
    around.control.advance(LEASE_SECONDS + 2)
    agents.look()
    around.control.restore()
    assert _until(around) > around.control.now()


def test_writers_are_let_into_nothing_that_follows_another(
    around: Surroundings, agents: Agents
) -> None:
    arn = around.account.rds.describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    there = around.account.there(THERE)
    there.database_subnets()
    there.rds.create_db_instance_read_replica(
        DBInstanceIdentifier=SIDES[1].database, SourceDBInstanceIdentifier=arn,
        SourceRegion=HERE, DBSubnetGroupName="database",
    )  # fmt: skip
    around.control.advance(2_000)
    take(around.account, THERE, closed=True)
    agents.look()
    assert not agents.admit(THERE)
    there.rds.promote_read_replica(DBInstanceIdentifier=SIDES[1].database)
    agents.look()
    assert not agents.admit(THERE)
    around.control.advance(1_000)
    agents.look()
    assert agents.admit(THERE)


def test_time_in_which_writers_were_let_in_is_counted(around: Surroundings, agents: Agents) -> None:
    agents.look()
    began = around.control.now()
    around.control.advance(100)
    assert agents.open_seconds(began + 40) == pytest.approx(40, abs=2)
    take(around.account, THERE)
    agents.look()
    around.control.advance(CLOSING.typical)
    agents.look()
    closed = agents.open_seconds(around.control.now())
    around.control.advance(500)
    agents.look()
    assert agents.open_seconds(around.control.now()) == closed


def test_what_another_writes_meanwhile_is_not_written_over(
    around: Surroundings, agents: Agents
) -> None:
    item: Any = {**fence(around.account), "epoch": {"N": "1"}}
    take(around.account, THERE)
    with pytest.raises(around.account.dynamodb.exceptions.ConditionalCheckFailedException):
        agents._write(HERE, item, lease_until=1)  # pyright: ignore[reportPrivateUsage]
    assert fence(around.account)["holder"]["S"] == THERE
