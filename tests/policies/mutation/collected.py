"""Unit tests that pytest collects once and that then run as often as there are mutants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

Use = Callable[[Sequence[pytest.Item]], None]


@dataclass(frozen=True)
class _InsteadOfRunning:
    """A plugin that hands on what was collected."""

    use: Use

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """True: nothing is left to run."""
        self.use(session.items)
        return True


def collected(files: Sequence[Path], use: Use) -> None:
    """Call `use` with the tests in `files`, inside of pytest's session.

    Raises RuntimeError where pytest could not collect them, or `use` failed.
    """
    if not files:
        use([])
        return
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    status = pytest.main([*options, *map(str, files)], plugins=[_InsteadOfRunning(use)])
    if status:
        raise RuntimeError(f"{', '.join(map(str, files))}: {pytest.ExitCode(status).name}")


def passes(test: pytest.Item) -> None:
    """Run the test with its fixtures. Raises AssertionError where it fails."""
    reports = runtestprotocol(test, log=False, nextitem=None)
    assert not any(one.failed for one in reports), test.nodeid
