"""Seeded schedules of two regions: never two writers, and checks that can fail."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.lease.simulation.schedule import REGIONS, Outcome, Rules, Schedule

SAMPLE = range(40)
ALL = range(1_000)


def played(seeds: range, rules: Rules) -> list[Outcome]:
    return [Schedule(seed, rules).run() for seed in seeds]


def hold_the_claim(outcomes: list[Outcome]) -> None:
    assert [at for one in outcomes for at in one.both_wrote_at] == []
    for one in outcomes:
        assert not one.promoted_too_early
        assert all(later - earlier in (0, 1) for earlier, later in pairwise(one.epochs))


def test_two_regions_never_write_at_once_and_the_epoch_only_grows() -> None:
    hold_the_claim(played(SAMPLE, Rules()))


@pytest.mark.nightly
def test_nor_do_they_in_a_thousand_schedules() -> None:
    hold_the_claim(played(ALL, Rules()))


def test_the_schedules_are_eventful() -> None:
    outcomes = played(SAMPLE, Rules())
    both = [one for one in outcomes if all(one.wrote[region] for region in REGIONS)]
    assert len(both) > len(outcomes) / 2
    assert sum(one.epochs[-1] for one in outcomes) > 3 * len(outcomes)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(Rules(skew=60_000), id="clocks further apart than the budget says"),
        pytest.param(Rules(guards=False), id="no guard while agents are paused or dead"),
        pytest.param(Rules(passwords_end=False), id="rights that outlive a loss of power"),
        pytest.param(Rules(agents_wait=False), id="a new side that does not wait"),
    ],
)
def test_the_simulation_finds_two_writers_where_what_the_fence_needs_is_missing(
    rules: Rules,
) -> None:
    assert any(one.both_wrote_at for one in played(SAMPLE, rules))


@pytest.mark.nightly
def test_a_thousand_schedules_find_a_sleeper_where_databases_forget_the_epoch() -> None:
    """An agent that was paused in the middle of opening, and wakes up after its side said that
    it is closed. Outages end most agents' opening before it gets so far."""
    assert any(one.both_wrote_at for one in played(ALL, Rules(bars=False, outages=False)))


def test_the_simulation_finds_a_promotion_too_early_where_the_taker_does_not_wait() -> None:
    assert any(one.promoted_too_early for one in played(SAMPLE, Rules(takers_wait=False)))
