"""The server process: how it tells that it is ready, and when it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

START = [sys.executable, "-m", "rehearsal.cloud", "--ready-file"]


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    return tmp_path / "cloud.json"


@pytest.fixture
def server(ready: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([*START, str(ready)], stdout=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait()


def until(path: Path, *, there: bool = True, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while path.exists() != there:
        assert time.monotonic() < deadline, f"{path} did not {'appear' if there else 'go'}"
        time.sleep(0.02)


def test_the_ready_file_names_the_process_and_a_url_that_answers(
    server: subprocess.Popen[bytes], ready: Path
) -> None:
    until(ready)
    said = json.loads(ready.read_text())
    assert said["pid"] == server.pid
    assert said["url"].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{said['url']}/_rehearsal/health") as answer:
        assert json.load(answer)["pid"] == server.pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(
    server: subprocess.Popen[bytes], ready: Path, number: signal.Signals
) -> None:
    until(ready)
    server.send_signal(number)
    assert server.wait(10) == 0
    assert not ready.exists()


def test_it_ends_when_its_parent_is_gone(ready: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    command = [*START, str(ready), "--parent", str(parent.pid)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until(ready)
    parent.kill()
    parent.communicate()
    assert server.wait(15) == 0


def test_a_process_that_does_not_exist_is_not_waited_for(ready: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    command = [*START, str(ready), "--parent", str(gone.pid)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    assert server.wait(30) == 0
    assert not ready.exists()
