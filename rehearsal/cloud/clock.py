"""The time at which simulated things are made."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Now, in UTC and whole seconds, as AWS reports times."""
    return datetime.now(UTC).replace(microsecond=0)
