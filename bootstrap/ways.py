"""Several ways to the same folder, of which the first that works is taken."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrap.errors import Attempt, AttemptFailed
from bootstrap.locking import whole

Way = tuple[str, Callable[[Path], None]]
"""What the way is called, and what fills an empty folder or raises AttemptFailed."""
Check = Callable[[Path, str], None]
"""Sees that a filled folder holds what was asked for, and keeps the way's name in it."""


def first_that_works(
    folder: Path,
    ways: Sequence[Way],
    check: Check,
    attempts: list[Attempt],
    tell: Callable[[str], None],
) -> None:
    """Fill `folder` whole or not at all; each way that failed is told and added to `attempts`."""
    for name, fill in ways:
        try:
            whole(folder, lambda place, name=name, fill=fill: _checked(place, name, fill, check))
        except AttemptFailed as failure:
            attempts.append(Attempt(name, str(failure)))
            tell(f"{name}: {failure}")
        else:
            return


def _checked(place: Path, name: str, fill: Callable[[Path], None], check: Check) -> None:
    fill(place)
    check(place, name)
