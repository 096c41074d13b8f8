"""The journal of a runbook: one line of JSON for each thing that happened, never changed.

It makes a runbook resumable and its report complete across interruptions. A journal is locked
while a run lasts, and belongs to one target and one turn of the fence.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from ops.errors import Refused
from ops.step import Stamp, Target

Event = Literal["begun", "step", "done", "failed", "finished"]


class Entry(BaseModel):
    """One line."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    at: float
    """Seconds since 1970."""
    event: Event
    runbook: str
    target: dict[str, str]
    epoch: int
    holder: str
    step: str = ""
    kind: str = ""
    note: str = ""
    facts: dict[str, float] = {}

    @property
    def stamp(self) -> Stamp:
        """Where the fence stood."""
        return Stamp(epoch=self.epoch, holder=self.holder)


@dataclass(kw_only=True)
class History:
    """The entries of one runbook on one target, to look at."""

    path: Path
    runbook: str
    target: Target
    entries: list[Entry] = field(default_factory=list[Entry])

    def run(self) -> Sequence[Entry]:
        """The entries of the newest run, finished or not; empty before the first."""
        begun = [place for place, entry in enumerate(self.entries) if entry.event == "begun"]
        return self.entries[begun[-1] :] if begun else ()

    def open_run(self) -> Sequence[Entry]:
        """The entries of a run that has not finished; empty where there is none."""
        run = self.run()
        return run if run and run[-1].event != "finished" else ()

    def admit(self, now: Stamp) -> None:
        """Raises Refused where the open run is of another turn of the fence than `now`.

        A run itself raises the epoch by one, possibly without living to note it.
        """
        run = self.open_run()
        if not run:
            return
        last = run[-1].stamp
        own_turn = now.epoch == last.epoch + 1 and now.holder == self.target.holder
        if now.epoch != last.epoch and not own_turn:
            raise Refused(
                f"{self.path}: stale journal: its run stopped at epoch {last.epoch}, the "
                f"fence is at epoch {now.epoch}, held by {now.holder!r}: another failover has "
                "happened since. Move the file away and plan anew"
            )


@dataclass(kw_only=True)
class Journal(History):
    """The same, and the locked file that further ones are appended to."""

    file: TextIO
    sync: Callable[[int], None] = os.fsync

    def append(
        self,
        event: Event,
        at: float,
        stamp: Stamp,
        *,
        step: str = "",
        kind: str = "",
        note: str = "",
        facts: dict[str, float] | None = None,
    ) -> None:
        """Write one entry so that a power cut does not lose it."""
        entry = Entry(
            at=at,
            event=event,
            runbook=self.runbook,
            target=asdict(self.target),
            epoch=stamp.epoch,
            holder=stamp.holder,
            step=step,
            kind=kind,
            note=note,
            facts=facts or {},
        )
        self.file.write(entry.model_dump_json() + "\n")
        self.file.flush()
        self.sync(self.file.fileno())
        self.entries.append(entry)


@contextmanager
def opened(
    path: Path, runbook: str, target: Target, sync: Callable[[int], None] = os.fsync
) -> Generator[Journal]:
    """The journal in `path`, locked until the end; made where there is none.

    Raises Refused where another process has it, where it is of another runbook or target, or
    where a line is not a journal's. A last line that was cut off by a kill is dropped.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _lock(file, path)
        yield Journal(
            path=path,
            runbook=runbook,
            target=target,
            file=file,
            sync=sync,
            entries=_entries(file, path, runbook, target),
        )


def seen(path: Path, runbook: str, target: Target) -> History:
    """The journal in `path` without lock and without making it, for a plan."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    entries = [_entry(line, path, runbook, target) for line in _whole_lines(text)]
    return History(path=path, runbook=runbook, target=target, entries=entries)


def _lock(file: TextIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(
            f"{path}: another process runs this runbook on this target; wait for its end"
        ) from None


def _entries(file: TextIO, path: Path, runbook: str, target: Target) -> list[Entry]:
    file.seek(0)
    text = file.read()
    whole = "".join(_whole_lines(text))
    if whole != text:
        file.truncate(len(whole.encode()))
    return [_entry(line, path, runbook, target) for line in _whole_lines(whole)]


def _whole_lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def _entry(line: str, path: Path, runbook: str, target: Target) -> Entry:
    try:
        entry = Entry.model_validate_json(line)
    except ValidationError:
        raise Refused(
            f"{path}: not a journal of this program: {line.strip()[:80]!r}; move the file away"
        ) from None
    for what, found, wanted in (
        ("runbook", entry.runbook, runbook),
        *((name, entry.target.get(name), value) for name, value in asdict(target).items()),
    ):
        if found != wanted:
            raise Refused(
                f"{path}: a journal of {what} {found!r}, expected {wanted!r}; "
                "name another file with --journal"
            )
    return entry
