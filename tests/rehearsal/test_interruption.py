"""An interrupted rehearsal leaves no process behind and no half-written report."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from rehearsal.scenario.world import project_root


@pytest.mark.rehearsal
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing(tmp_path: Path, sent: signal.Signals) -> None:
    """Sent while the engine is at work, to the rehearsal alone."""
    output, temporary = tmp_path / "report", tmp_path / "tmp"
    for folder in (output, temporary):
        folder.mkdir()
    command = [sys.executable, "-m", "rehearsal", "--stack", "production", "--output", str(output)]
    with subprocess.Popen(
        command, cwd=project_root(), env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        _wait_until(lambda: _at_work(temporary))
        process.send_signal(sent)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    assert "interrupted" in said
    assert _running_in(temporary) == []
    assert list(output.iterdir()) == []
    assert list(temporary.iterdir()) == []


def _at_work(temporary: Path) -> bool:
    """The engine has begun: it writes events."""
    return any(log.stat().st_size > 0 for log in temporary.glob("*/logs/*.jsonl"))


def _running_in(temporary: Path) -> list[str]:
    """Command lines of processes that were started for this rehearsal."""
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR") == str(temporary):
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _wait_until(holds: object, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if callable(holds) and holds():
            return
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s")
