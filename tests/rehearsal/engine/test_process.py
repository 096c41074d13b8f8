"""Child processes end, all of them, and their memory is counted."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil

from rehearsal.engine.process import PeakMemory, stop, trees

_STUBBORN = (
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


def test_stopping_ends_children_and_those_that_ignore_it() -> None:
    with subprocess.Popen([sys.executable, "-c", _STUBBORN], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        stop(process.pid, grace_seconds=0.3)
        process.wait(5)
        assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


def test_stopping_what_is_gone_is_fine() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    stop(process.pid)
    assert trees([process.pid]) == []


def test_memory_counts_the_whole_tree() -> None:
    code = "import time; block = bytearray(60 * 1024 * 1024); time.sleep(30)"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        with PeakMemory(process.pid, every_seconds=0.05) as memory:
            deadline = time.monotonic() + 10
            while memory.mib < 60 and time.monotonic() < deadline:
                time.sleep(0.05)
        process.kill()
    assert memory.mib > 60
