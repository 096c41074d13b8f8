"""The fence as an operator reads it."""

from __future__ import annotations

from ops.fence_status import lines, writes
from ops.world.fence import Fence
from tests.ops.memory.clock import START

HELD = Fence(holder="us-east-1", epoch=4, lease_until=START + 20)


def test_a_holder_that_renews_writes() -> None:
    assert writes(HELD, START)
    held, lease = lines(HELD, START)
    assert held == "held by us-east-1, epoch 4"
    assert lease == "lease until 2027-01-15 08:00:20 UTC, 20 s"


def test_a_lease_that_lapsed_is_told_with_its_age() -> None:
    assert not writes(HELD, START + 50)
    _, lapsed, refused = lines(HELD, START + 50)
    assert "30 s ago: not renewed" in lapsed
    assert "refuses the writers' passwords" in refused


def test_a_new_holder_waits_for_the_side_before() -> None:
    taken = Fence(holder="us-west-2", epoch=5, lease_until=0, opens_at=START + 31)
    assert not writes(taken, START)
    told = lines(taken, START)
    assert "closed for 31 s more: the side before may still write" in told
    assert "not renewed yet" in told[-1]


def test_an_empty_table_is_told() -> None:
    assert not writes(None, START)
    assert "no lease agent has run yet" in lines(None, START)[0]
