"""Python's garbage collector, for processes that load much and then make much that stays: looking
through all of it again and again would take a third of their time."""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 20, 100)
"""Objects made before a look at the young ones, and how many looks before older ones get one."""


def collect_seldom() -> None:
    """Before anything large is imported."""
    gc.set_threshold(*THRESHOLDS)


def keep_what_is_loaded() -> None:
    """Once all is imported: it stays, and is shared with forks while nobody looks at it."""
    gc.freeze()
