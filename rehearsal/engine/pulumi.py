"""One stack through the Pulumi CLI: each command's outcome with its events, time and memory."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.engine.events import Event, EventLog, Tally
from rehearsal.engine.process import PeakMemory, stop
from rehearsal.engine.tools import pulumi_cli

UNNOTICED = frozenset({"same", "read", "discard"})
"""Operations that change nothing: an unchanged resource, one that belongs to somebody else."""
Watcher = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Watches nothing."""


@dataclass(frozen=True)
class Outcome:
    """What one command did."""

    command: str
    exit_code: int
    wall_seconds: float
    peak_mib: float
    """Highest memory of the engine, its plugins and the simulated cloud together."""
    tally: Tally
    events: Sequence[Event]
    log: Path
    """The engine's event log, one JSON event a line."""
    output: str
    """What the CLI printed; for people, when something failed."""

    @property
    def succeeded(self) -> bool:
        return self.exit_code == 0

    @property
    def changed(self) -> Mapping[str, int]:
        """Resources by operation, without those that the account would not notice."""
        return {kind: n for kind, n in self.tally.changes.items() if kind not in UNNOTICED}


class EngineFailed(Exception):
    """A command that should have succeeded did not; the message holds the engine's errors."""


@dataclass
class Stack:
    """A stack of the rehearsed project. Commands block until the engine is done."""

    name: str
    project: Path
    logs: Path
    environment: Mapping[str, str]
    parallel: int
    """Operations that the engine runs at once; pinned, so that runs are comparable."""
    also_measured: Sequence[int] = ()
    """Processes beside the engine whose memory counts, such as the simulated cloud."""
    policy_pack: Path | None = None
    """Folder of the pack that judges previews and updates."""
    policy_config: Path | None = None
    """What `--policy-pack-config` is given: levels of rules, which the pack refuses to change."""
    _runs: int = field(default=0, init=False)
    _attachment: Callable[[], Mapping[str, str]] = field(default=dict[str, str], init=False)

    def attach(self, attachment: Callable[[], Mapping[str, str]], pids: Sequence[int]) -> None:
        """Use plugins that run already, in the processes `pids`, rather than start some for
        each command: `attachment` gives the environment in which one command finds them."""
        self._attachment = attachment
        self.also_measured = (*self.also_measured, *pids)

    def surroundings(self) -> dict[str, str]:
        """Environment of another program that has the engine work on this stack: with the
        providers that run already, and a language host of its own."""
        languages = "PULUMI_DEBUG_LANGUAGES"
        attached = {key: value for key, value in self._attachment().items() if key != languages}
        return {**self.environment, **attached}

    def create(self) -> None:
        """Make the stack in the backend."""
        self._checked("stack", "init", self.name, "--no-select")

    def preview(self, watch: Watcher = nobody) -> Outcome:
        return self._operation("preview", self._judged(), watch)

    def up(self, watch: Watcher = nobody, *, judged: bool = True) -> Outcome:
        """Without being `judged`, as an operator lifts protections before a teardown."""
        options = ["--yes", "--skip-preview", *(self._judged() if judged else ())]
        return self._operation("up", options, watch)

    def _judged(self) -> list[str]:
        pack = ["--policy-pack", str(self.policy_pack)] if self.policy_pack else []
        config = self.policy_config
        return [*pack, "--policy-pack-config", str(config)] if config else pack

    def refresh(self, watch: Watcher = nobody) -> Outcome:
        return self._operation("refresh", ["--yes", "--skip-preview"], watch)

    def destroy(self, watch: Watcher = nobody, *, preview: bool = False) -> Outcome:
        """With `preview`, as an operator runs it: what is protected refuses before anything
        is deleted."""
        return self._operation(
            "destroy", ["--yes", *([] if preview else ["--skip-preview"])], watch
        )

    def export(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` prints it."""
        return json.loads(self._checked("stack", "export", "--stack", self.name))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secrets are masked."""
        return json.loads(self._checked("stack", "output", "--json", "--stack", self.name))

    def _operation(self, verb: str, options: Sequence[str], watch: Watcher) -> Outcome:
        self._runs += 1
        log = self.logs / f"{self.name}-{self._runs:02d}-{verb}"
        command = [
            *(str(pulumi_cli()), verb, "--stack", self.name, "--non-interactive"),
            *("--parallel", str(self.parallel), "--event-log", f"{log}.jsonl", *options),
        ]
        started = time.monotonic()
        tally, events = Tally(), EventLog(Path(f"{log}.jsonl"))
        with Path(f"{log}.txt").open("wb") as output:
            process = self._start(command, output)
            with PeakMemory(process.pid, *self.also_measured) as memory:
                _follow(process, events, lambda event: (tally.add(event), watch(event)))
        return Outcome(
            command=verb,
            exit_code=process.returncode,
            wall_seconds=time.monotonic() - started,
            peak_mib=memory.mib,
            tally=tally,
            events=events.all,
            log=Path(f"{log}.jsonl"),
            output=Path(f"{log}.txt").read_text(errors="replace"),
        )

    def _start(self, command: Sequence[str], output: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=self.project, env={**self.environment, **self._attachment()},
            stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _checked(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(pulumi_cli()), *arguments, "--non-interactive"],
            cwd=self.project, env=dict(self.environment),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise EngineFailed(
                f"pulumi {' '.join(arguments)}: {done.stderr.strip() or done.stdout}"
            )
        return done.stdout


def _follow(
    process: subprocess.Popen[bytes], events: EventLog, watch: Callable[[Event], object]
) -> None:
    """Pass events on until the process ends; on an interrupt leave no process behind."""
    try:
        while process.poll() is None:
            for event in events.new():
                watch(event)
            time.sleep(0.05)
    except BaseException:
        stop(process.pid)
        raise
    for event in events.new():
        watch(event)
