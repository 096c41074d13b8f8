"""Time windows: their lengths, and whether a daily and a weekly one meet."""

from __future__ import annotations

import pytest

from infra.windows import collide, daily_minutes, weekly_minutes


def test_a_daily_window_may_pass_midnight() -> None:
    assert daily_minutes("23:45-00:15") == 30


def test_a_weekly_window_may_pass_sunday() -> None:
    assert weekly_minutes("sun:23:30-mon:00:30") == 60


@pytest.mark.parametrize(
    ("daily", "weekly", "meet"),
    [
        ("08:00-08:30", "tue:07:00-tue:09:00", True),
        ("09:00-09:30", "tue:07:00-tue:09:00", False),
        ("06:30-07:00", "tue:07:00-tue:09:00", False),
        ("06:30-07:01", "tue:07:00-tue:09:00", True),
        ("23:45-00:15", "mon:00:00-mon:01:00", True),
        ("00:00-00:30", "sun:23:30-mon:00:10", True),
        ("12:00-12:30", "sun:23:30-mon:00:10", False),
    ],
)
def test_windows_meet_on_any_day(daily: str, weekly: str, meet: bool) -> None:
    assert collide(daily, weekly) is meet
