"""Figures that contradict each other are refused."""

from dataclasses import replace

import pytest

from lease.budget import Budget, BudgetError, checked


def test_the_defaults_fit() -> None:
    assert checked(Budget()) == Budget()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"renew_every": 0}, "renew_every: expected more than 0 ms, not 0 ms"),
        ({"clock_skew": -1}, "clock_skew: expected 0 ms or more, not -1 ms"),
        ({"request_timeout": 4_001}, r"request_timeout: expected at most half of margin \(8000 ms"),
        ({"duration": 23_999}, "duration: expected at least 24000 ms: 3 times renew_every"),
    ],
)
def test_a_contradiction_names_key_value_and_what_was_expected(
    changes: dict[str, int], said: str
) -> None:
    with pytest.raises(BudgetError, match=said):
        checked(replace(Budget(), **changes))


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(BudgetError) as refused:
        checked(Budget(renew_every=20_000, margin=1_000))
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "request_timeout",
        "duration",
    ]


def test_nobody_waits_longer_than_a_lease_and_what_both_clocks_may_be_off() -> None:
    assert Budget().longest_wait == 32_000
