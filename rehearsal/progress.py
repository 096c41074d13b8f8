"""Shows what the engine is doing while it does it: a moving line on a terminal, one plain
line per step elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from rehearsal.engine.events import Event
from rehearsal.scenario.steps import Step
from rehearsal.scenario.verdict import Verdict

_VERBS = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "same": "checking",
    "refresh": "reading",
    "create-replacement": "replacing",
    "delete-replaced": "deleting",
}


class Ticker:
    """Follows the steps of one rehearsal."""

    def __init__(self, console: Console, steps: int) -> None:
        self._console = console
        self._steps = steps
        self._done = 0
        self._count = 0
        self._task: TaskID | None = None
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[doing]}", style="dim", markup=False),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._progress.stop()

    def begin(self, step: Step) -> None:
        """A step starts."""
        self._count = 0
        if self._console.is_terminal:
            title = f"[bold]{escape(step.stack)}[/bold] {escape(step.title)}"
            self._task = self._progress.add_task(title, total=None, doing="starting the engine")
        else:
            self._print(Text(f"[{self._done + 1}/{self._steps}] {step.stack}: {step.title} …"))

    def watch(self, event: Event) -> None:
        """An engine event of the step that runs."""
        if "resourcePreEvent" not in event or self._task is None:
            return
        self._count += 1
        metadata = event["resourcePreEvent"]["metadata"]
        name = metadata["urn"].rpartition("::")[2]
        verb = _VERBS.get(metadata["op"], metadata["op"])
        self._progress.update(
            self._task, doing=f"{self._count:4d}  {verb} {metadata['type']} {name}"[:90]
        )

    def end(self, verdict: Verdict) -> None:
        """The step is over."""
        self._done += 1
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._print(_line(verdict))
        for check in verdict.checks:
            if not check.passed:
                self._print(Text.assemble("      ", (check.name, "red"), f": {check.detail}"))

    def _print(self, line: Text) -> None:
        """A line as it stands, in one piece: what the engine and AWS say may look like markup."""
        self._console.print(line, highlight=False, soft_wrap=True)


def _line(verdict: Verdict) -> Text:
    mark = ("✓", "green") if verdict.passed else ("✗", "red")
    told = f" {verdict.stack}: {verdict.title:<27} {_figures(verdict)}"
    return Text.assemble(mark, told)


def _figures(verdict: Verdict) -> str:
    if verdict.outcome is None:
        return verdict.checks[0].detail if verdict.checks else ""
    counts = ", ".join(f"{n} {kind}" for kind, n in sorted(verdict.outcome.tally.changes.items()))
    return f"{verdict.outcome.wall_seconds:6.1f} s  {counts}"
