"""Weekly and daily time windows as RDS writes them, in minutes of a week that starts on Monday."""

from __future__ import annotations

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY


def daily_minutes(window: str) -> int:
    """Length of `HH:MM-HH:MM` in minutes; past midnight when it ends before it starts."""
    start, end = (_clock(part) for part in window.split("-"))
    return (end - start) % _DAY


def weekly_minutes(window: str) -> int:
    """Length of `ddd:HH:MM-ddd:HH:MM` in minutes; past Sunday when it ends before it starts."""
    start, end = (_moment(part) for part in window.split("-"))
    return (end - start) % _WEEK


def collide(daily: str, weekly: str) -> bool:
    """Whether the daily window meets the weekly one on any day."""
    begin = _moment(weekly.split("-", maxsplit=1)[0])
    length = weekly_minutes(weekly)
    first = _clock(daily.split("-", maxsplit=1)[0])
    starts = (day * _DAY + first for day in range(7))
    return any(
        (start - begin) % _WEEK < length or (begin - start) % _WEEK < daily_minutes(daily)
        for start in starts
    )


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _moment(text: str) -> int:
    day, clock = text.split(":", 1)
    return _DAYS.index(day) * _DAY + _clock(clock)
