"""How a run shows itself: live on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from rich.console import Console
from rich.status import Status


class Progress(Protocol):
    """What a run tells while it lasts."""

    def said(self, text: str) -> None:
        """A line that stays."""
        ...

    def working(self, text: str) -> None:
        """What goes on now; replaces what went on before."""
        ...

    def rested(self) -> None:
        """Nothing goes on any more."""
        ...


class PlainProgress:
    """A line for each thing that begins or ends; what goes on is said once."""

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self._say = say
        self._working = ""

    def said(self, text: str) -> None:
        """A line that stays."""
        self._say(text)

    def working(self, text: str) -> None:
        """What goes on now, once."""
        if text != self._working:
            self._say(text)
        self._working = text

    def rested(self) -> None:
        """Nothing goes on any more."""
        self._working = ""


class TerminalProgress:
    """Lines, and below them what goes on."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._status: Status | None = None

    def said(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, markup=False)

    def working(self, text: str) -> None:
        """What goes on now, beside a spinner."""
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        self._status.update(text)

    def rested(self) -> None:
        """Nothing goes on any more."""
        if self._status is not None:
            self._status.stop()
        self._status = None


def progress() -> Progress:
    """Live on a terminal, plain lines elsewhere."""
    return TerminalProgress() if sys.stdout.isatty() else PlainProgress()
