"""What moto accepts and AWS refuses."""

from __future__ import annotations

from rehearsal.cloud.call import Call


def check(call: Call) -> None:
    """Raises ApiError for a call that AWS would refuse."""
