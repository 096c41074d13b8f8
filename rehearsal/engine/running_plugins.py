"""The plugins of a rehearsal, started once for all its commands: a plugin takes longer to start
than most commands ask of it.

The engine attaches to those that PULUMI_DEBUG_PROVIDERS and PULUMI_DEBUG_LANGUAGES name. Each
command still configures its providers anew, and gets a language host that has run no program.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.process import FRUGAL, stop
from rehearsal.engine.workspace import PLUGINS, Workspace

Process = subprocess.Popen[str]


class PluginDidNotStart(Exception):
    """A plugin ended before it said where it listens."""


@dataclass(frozen=True)
class Plugins:
    """Running provider plugins, and who brings forth language hosts."""

    providers: Mapping[str, Process]
    ports: Mapping[str, int]
    """Where each provider listens."""
    hosts: Process
    log: Path

    @property
    def pids(self) -> tuple[int, ...]:
        """Processes whose memory, with that of their children, is the plugins'."""
        return tuple(one.pid for one in (*self.providers.values(), self.hosts))

    def attachment(self) -> dict[str, str]:
        """Environment in which one command of the engine attaches to the plugins.

        Ends the language host of the command before. Raises PluginDidNotStart.
        """
        assert self.hosts.stdin is not None  # noqa: S101 - it is a pipe
        self.hosts.stdin.write("\n")
        self.hosts.stdin.flush()
        providers = ",".join(f"{name}:{port}" for name, port in self.ports.items())
        return {
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_DEBUG_LANGUAGES": f"python:{_port(self.hosts, self.log)}",
        }


@contextmanager
def running(space: Workspace, environment: Mapping[str, str]) -> Generator[Plugins]:
    """Plugins for the stacks of a workspace; afterwards none is left.

    `environment` is the engine's. Raises PluginDidNotStart with the end of their log.
    """
    log = space.logs / "plugins.log"
    modules = {name: f"rehearsal.providers.{name}" for name in PLUGINS}
    modules["hosts"] = "rehearsal.engine.warm_hosts"
    started: dict[str, Process] = {}
    try:
        for name, module in modules.items():
            started[name] = _start(module, space.project, environment, log)
        hosts = started["hosts"]
        providers = {name: started[name] for name in PLUGINS}
        ports = {name: _port(one, log) for name, one in providers.items()}
        yield Plugins(providers, ports, hosts, log)
    finally:
        stop(*(one.pid for one in started.values()))
        for one in started.values():
            one.communicate()


def _start(module: str, folder: Path, environment: Mapping[str, str], log: Path) -> Process:
    with log.open("ab") as errors:
        # A session of its own: an interrupt at the terminal reaches only the rehearsal.
        return subprocess.Popen(
            [sys.executable, "-m", module], cwd=folder, env={**environment, **FRUGAL}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
        )  # fmt: skip


def _port(process: Process, log: Path) -> int:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    said = process.stdout.readline()
    if not said:
        tail = log.read_text(errors="replace")[-2000:]
        raise PluginDidNotStart(f"a plugin did not start; the end of their log:\n{tail}")
    return int(said)
