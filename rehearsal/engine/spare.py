"""A process that is forked before it is known what it will run: what it will import is there.

Forked by a language host while that serves nothing yet, since a server's threads would not outlive
a fork. It runs one Python program, or ends with whoever forked it.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, NoReturn


@dataclass(frozen=True)
class Running:
    """A program in a process of its own, and both streams of what it prints."""

    pid: int
    stdout: IO[bytes]
    stderr: IO[bytes]

    def wait(self) -> int:
        """Its exit code, once it has ended; negative is the number of a signal."""
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            # Whoever stopped it has waited for it.
            return -signal.SIGTERM


class Spare:
    """The waiting process; its pipes are this process's to write and read."""

    def __init__(self) -> None:
        asked, self._asking = os.pipe()
        outputs = [os.pipe() for _ in range(2)]
        pid = os.fork()
        if pid == 0:
            for mine in (self._asking, *(read for read, _ in outputs)):
                os.close(mine)
            _await(asked, [write for _, write in outputs])
        for theirs in (asked, *(write for _, write in outputs)):
            os.close(theirs)
        out, err = (os.fdopen(read, "rb") for read, _ in outputs)
        self.pid = pid
        self._running = Running(pid, out, err)

    def run(
        self, program: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> Running:
        """Have it run `program`, a file or a folder with `__main__.py`, in `folder`; only once."""
        wanted = {"argv": [program, *arguments], "cwd": folder, "environment": dict(environment)}
        with os.fdopen(self._asking, "w") as pipe:
            json.dump(wanted, pipe)
        return self._running


def _await(asked: int, outputs: Sequence[int]) -> NoReturn:
    with os.fdopen(asked) as pipe:
        wanted = pipe.read()
    code = 0
    if wanted:
        for stream, output in zip((sys.stdout, sys.stderr), outputs, strict=True):
            os.dup2(output, stream.fileno())
        code = _run(**json.loads(wanted))
    os._exit(code)


def _run(argv: list[str], cwd: str, environment: dict[str, str]) -> int:
    """As `python -u` runs it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(cwd)
    os.environ.update(environment)
    sys.argv = argv
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1)
    try:
        runpy.run_path(argv[0], run_name="__main__")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except BaseException:  # noqa: BLE001 - the program's own error, whatever it is
        traceback.print_exc()
        return 1
    return 0
