"""Rules about time windows: a backup's daily one and a maintenance's weekly one, kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infra.problems import Problem, unexpected
from infra.windows import collide, daily_minutes, weekly_minutes


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Two windows of one service, with the keys that they stand at."""

    daily_key: str
    daily: str
    weekly_key: str
    weekly: str
    least: int
    """Minutes that the service wants at least for either."""


def too_short(windows: Windows) -> Iterator[Problem]:
    """Windows shorter than the service takes, or a weekly one longer than a day."""
    if daily_minutes(windows.daily) < windows.least:
        expected = f"a window of at least {windows.least} minutes"
        yield unexpected(windows.daily_key, expected, windows.daily)
    if not windows.least <= weekly_minutes(windows.weekly) <= 24 * 60:
        expected = f"a window of {windows.least} minutes to 24 hours"
        yield unexpected(windows.weekly_key, expected, windows.weekly)


def meeting(windows: Windows) -> Iterator[Problem]:
    """AWS takes no backup while it maintains, and refuses windows that meet."""
    if collide(windows.daily, windows.weekly):
        expected = f"a window outside the maintenance window ({windows.weekly})"
        yield unexpected(windows.daily_key, expected, windows.daily)
