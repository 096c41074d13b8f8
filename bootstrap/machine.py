"""The one seam to the outside: commands, PATH and downloads. Tests pass a fake."""

import os
import platform
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO, Protocol

from bootstrap.errors import AttemptFailed

CONNECT_SECONDS = 8.0
"""An unreachable host is given up after this, name resolution included."""
STALL_SECONDS = 20.0
"""A download that delivers nothing for this long is given up."""


class Machine(Protocol):
    """What setup may ask of the machine that it runs on."""

    def which(self, program: str) -> Path | None:
        """Where PATH finds `program`."""
        ...

    def run(
        self, *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        """Standard output of `command`; raises AttemptFailed that says why it failed, in a line."""
        ...

    def download(self, url: str, target: Path) -> None:
        """Save what `url` serves as `target`; raises AttemptFailed within seconds if it cannot."""
        ...

    def kind(self) -> tuple[str, str]:
        """Operating system and processor as Python's `platform` names them."""
        ...


@dataclass(frozen=True)
class ThisMachine:
    """The real one."""

    connect_seconds: float = CONNECT_SECONDS

    def which(self, program: str) -> Path | None:
        """See Machine."""
        found = shutil.which(program)
        return Path(found) if found else None

    def run(
        self, *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        """See Machine; `env` is added to this process's own."""
        try:
            done = subprocess.run(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                close_fds=False,  # Python's own files stay here anyway; locks shall be inherited
            )
        except OSError as error:
            raise AttemptFailed(f"{command[0]}: {error.strerror}") from error
        if done.returncode:
            raise AttemptFailed(f"{Path(command[0]).name}: {_why(done)}")
        return done.stdout

    def download(self, url: str, target: Path) -> None:
        """See Machine."""
        try:
            response = _in_time(self.connect_seconds, lambda: _open(url))
            with response, target.open("wb") as file:
                shutil.copyfileobj(response, file)
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise AttemptFailed(f"{url}: {reason}") from error

    def kind(self) -> tuple[str, str]:
        """See Machine."""
        return platform.system(), platform.machine()


def _why(done: "subprocess.CompletedProcess[str]") -> str:
    """The first line that calls itself an error and the last that is no mere hint."""
    lines = [line.strip() for line in (done.stderr.strip() or done.stdout).splitlines()]
    lines = [line for line in lines if line and not line.startswith("hint:")]
    if not lines:
        return f"ended with status {done.returncode}"
    errors = [line for line in lines if line.startswith("error:")]
    return "; ".join(dict.fromkeys([*errors[:1], lines[-1]]))


def _open(url: str) -> IO[bytes]:
    return urllib.request.urlopen(url, timeout=STALL_SECONDS)  # noqa: S310 - our own addresses


def _in_time(seconds: float, open_it: Callable[[], IO[bytes]]) -> IO[bytes]:
    """What `open_it` opens; TimeoutError if that takes longer than `seconds`. In a thread,
    because no timeout covers the resolution of a name."""
    opened: list[IO[bytes]] = []
    failed: list[OSError | HTTPException] = []

    def attempt() -> None:
        try:
            opened.append(open_it())
        except (OSError, HTTPException) as error:
            failed.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not opened:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return opened[0]
