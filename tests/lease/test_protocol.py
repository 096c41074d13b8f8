"""The record and its changes."""

from dataclasses import replace

import pytest

from lease.protocol import Lease, declared_closed, first, opens_at, renewed, taken, to_wait

EAST, WEST = "us-east-1", "us-west-2"
HELD = replace(first("mlops", EAST), epoch=4, lease_until=100_000, closed_epoch=3)


def test_the_first_holder_need_not_wait() -> None:
    assert opens_at(first("mlops", EAST), 1_000) == 0


def test_a_take_adds_one_to_the_epoch_and_keeps_what_the_old_side_may_still_do() -> None:
    held = taken(HELD, WEST)
    assert held == Lease(
        platform="mlops",
        holder=WEST,
        epoch=5,
        lease_until=0,
        previous_until=100_000,
        closed_epoch=3,
    )


def test_nobody_takes_from_itself() -> None:
    with pytest.raises(ValueError, match="us-east-1 already holds epoch 4 of mlops"):
        taken(HELD, EAST)


def test_a_taker_waits_for_the_old_lease_and_the_clocks_difference() -> None:
    held = taken(HELD, WEST)
    assert to_wait(held, now=90_000, clock_skew=1_000) == 11_000
    assert to_wait(held, now=101_000, clock_skew=1_000) == 0


def test_a_taker_does_not_wait_for_a_side_that_said_that_it_is_closed() -> None:
    assert to_wait(declared_closed(taken(HELD, WEST)), now=0, clock_skew=1_000) == 0


def test_what_an_earlier_side_said_about_an_earlier_epoch_counts_no_more() -> None:
    back = taken(declared_closed(taken(HELD, WEST)), EAST)
    assert not back.previous_is_closed


def test_a_renewal_never_shortens_a_lease() -> None:
    assert renewed(HELD, 90_000) == HELD
    assert renewed(HELD, 110_000).lease_until == 110_000


def test_two_takes_in_a_row_forget_no_lease_that_may_still_run() -> None:
    there_and_back = taken(taken(HELD, WEST), EAST)
    assert there_and_back.previous_until == 100_000
