"""What an agent does about each answer of the table."""

from dataclasses import replace

import pytest

from lease.budget import Budget
from lease.decision import Close, Renew, decide
from lease.protocol import Lease, declared_closed, first, taken

EAST, WEST = "us-east-1", "us-west-2"
NOW = 1_000_000
HELD = replace(first("mlops", EAST), epoch=2, lease_until=NOW + 10_000)


def decided(lease: Lease | None, region: str = EAST, seen: int = 0) -> Renew | Close:
    return decide(region, lease, seen=seen, now=NOW, budget=Budget())


def test_the_holder_renews_and_its_database_closes_a_margin_earlier() -> None:
    assert decided(HELD) == Renew(
        lease=replace(HELD, lease_until=NOW + 30_000), open_until=NOW + 22_000
    )


def test_a_holder_whose_lease_ran_out_renews_all_the_same_since_nobody_took_it() -> None:
    assert isinstance(decided(replace(HELD, lease_until=NOW - 500_000)), Renew)


def test_the_other_side_closes_and_will_say_so() -> None:
    lost = taken(HELD, WEST)
    assert decided(lost) == Close(
        reason="us-west-2 holds epoch 3", declare=replace(lost, closed_epoch=2)
    )


def test_it_says_so_once() -> None:
    assert decided(declared_closed(taken(HELD, WEST))) == Close(reason="us-west-2 holds epoch 3")


def test_the_new_side_stays_closed_while_the_old_lease_may_run() -> None:
    assert decided(taken(HELD, WEST), region=WEST) == Close(
        reason="an earlier lease may run for another 11000 ms"
    )


@pytest.mark.parametrize(
    "lease",
    [
        declared_closed(taken(HELD, WEST)),
        taken(replace(HELD, lease_until=NOW - 1_000), WEST),
    ],
    ids=["the old side said that it is closed", "its lease is over"],
)
def test_the_new_side_opens_once_nobody_writes(lease: Lease) -> None:
    assert isinstance(decided(lease, region=WEST), Renew)


def test_a_side_whose_epoch_holds_again_reopens() -> None:
    assert isinstance(decided(declared_closed(taken(taken(HELD, WEST), EAST))), Renew)


def test_a_platform_without_a_lease_stays_closed() -> None:
    assert decided(None) == Close(reason="the table has no lease of this platform")


def test_a_table_that_was_set_back_opens_nothing() -> None:
    assert decided(HELD, seen=3) == Close(reason="the table fell from epoch 3 to 2")
