"""The simulated cloud as a process of its own: started for a rehearsal, stopped by its ID."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine.process import FRUGAL, stop


class CloudDidNotStart(Exception):
    """The simulated cloud ended, or did not answer in time."""


@dataclass(frozen=True)
class CloudProcess:
    """A running simulated cloud."""

    endpoint: str
    """URL that every AWS client can be pointed at."""
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """End it; what was built in it is gone."""
        stop(self.pid, grace_seconds=5)
        self.process.wait()


def start(folder: Path, *, keep: bool = False, timeout_seconds: float = 60) -> CloudProcess:
    """Start the simulated cloud, logging into `folder`.

    With `keep` it outlives this process; else it ends when this process does.
    Raises CloudDidNotStart with the end of its log.
    """
    ready, log = folder / "cloud.json", folder / "cloud.log"
    command = [sys.executable, "-m", "rehearsal.cloud", "--port", "0", "--ready-file", str(ready)]
    if not keep:
        command += ["--parent", str(os.getpid())]
    with log.open("wb") as output:
        # A session of its own: an interrupt at the terminal reaches only the rehearsal, which
        # lets the engine finish its calls before the cloud goes away.
        process = subprocess.Popen(
            command, env=_environment(), stdout=output, stderr=output, start_new_session=True
        )
    return _when_ready(process, ready, log, time.monotonic() + timeout_seconds)


def _environment() -> dict[str, str]:
    """Ours, except that what Python compiles is kept: moto is large."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **FRUGAL}


def _when_ready(
    process: subprocess.Popen[bytes], ready: Path, log: Path, deadline: float
) -> CloudProcess:
    while time.monotonic() < deadline:
        if ready.exists():
            said = json.loads(ready.read_text())
            return CloudProcess(said["url"], process)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    stop(process.pid)
    process.wait()
    tail = log.read_text(errors="replace")[-2000:]
    raise CloudDidNotStart(f"the simulated cloud did not start; the end of its log:\n{tail}")
