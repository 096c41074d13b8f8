"""What a failover would lose, as the catalogue has it."""

from __future__ import annotations

from lease.budget import Budget
from ops.recovery_point import recovery_point

MINUTE = 60.0


def test_a_failover_keeps_the_targets_over_a_thousand_samples() -> None:
    found = recovery_point()
    assert found.rows.p95 <= found.rows_cut_off.p95 <= 5 * MINUTE
    assert found.objects.p95 <= 15 * MINUTE
    assert found.files.p95 <= 15 * MINUTE


def test_a_region_that_is_cut_off_loses_what_it_writes_until_its_lease_is_over() -> None:
    found = recovery_point()
    longest = Budget().duration / 1_000
    assert longest - 5 <= found.rows_cut_off.median - found.rows.median <= longest


def test_a_longer_lease_loses_more() -> None:
    longer = recovery_point(Budget(duration=120_000), samples=100)
    assert longer.rows_cut_off.median > recovery_point(samples=100).rows_cut_off.median + 80


def test_the_same_seed_gives_the_same_figures() -> None:
    assert recovery_point(samples=50) == recovery_point(samples=50)
    assert recovery_point(samples=50, seed=1) != recovery_point(samples=50)
