"""Two setups at once, and one that was killed, leave nothing half-made."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bootstrap.locking import link, locked, whole

HOLD = """
import sys, time
from pathlib import Path
from bootstrap.locking import locked, whole

def fill(folder):
    (folder / "half").write_text("half")
    print("filling", flush=True)
    time.sleep(60)

with locked(Path(sys.argv[1]) / "lock", waiting=lambda: None):
    whole(Path(sys.argv[1]) / "tool", fill)
"""


ORPHAN = """
import sys
from pathlib import Path
from bootstrap.locking import locked
from bootstrap.machine import ThisMachine

with locked(Path(sys.argv[1]) / "lock", waiting=lambda: None):
    script = "touch started; sleep 1; touch written"
    ThisMachine().run("sh", "-c", script, cwd=Path(sys.argv[1]))
"""


def test_a_folder_exists_only_when_it_is_complete(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        assert not (tmp_path / "tool").exists()
        (folder / "file").write_text("whole")

    whole(tmp_path / "tool", fill)
    assert (tmp_path / "tool" / "file").read_text() == "whole"


def test_a_failure_leaves_neither_the_folder_nor_its_draft(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "file").write_text("half")
        raise RuntimeError("disk on fire")

    with pytest.raises(RuntimeError, match="disk on fire"):
        whole(tmp_path / "tool", fill)
    assert list(tmp_path.iterdir()) == []


def test_after_kill_9_the_lock_is_free_and_the_draft_is_swept(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "filling\n"
        os.kill(holder.pid, signal.SIGKILL)
    assert not (tmp_path / "tool").exists()
    waited: list[float] = []
    with locked(tmp_path / "lock", waiting=lambda: waited.append(time.monotonic())):
        whole(tmp_path / "tool", lambda folder: (folder / "file").touch())
    assert waited == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "tool"]


def test_what_a_killed_setup_left_running_keeps_the_lock_until_it_ends(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(tmp_path)], cwd=root, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    told: list[str] = []
    with locked(tmp_path / "lock", waiting=lambda: told.append("waiting")):
        assert (tmp_path / "written").exists()
    assert told == ["waiting"]


def test_who_comes_second_is_told_that_it_waits(tmp_path: Path) -> None:
    script = HOLD.replace("time.sleep(60)", "sys.stdin.readline()")
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        told: list[str] = []

        def waiting() -> None:
            told.append("waiting")
            assert holder.stdin is not None
            holder.stdin.write("go on\n")
            holder.stdin.flush()

        with locked(tmp_path / "lock", waiting):
            assert (tmp_path / "tool" / "half").exists()
    assert told == ["waiting"]


def test_a_link_replaces_a_file_or_another_link(tmp_path: Path) -> None:
    path = tmp_path / "bin" / "tool"
    path.parent.mkdir()
    path.write_text("an old copy")
    link(path, tmp_path / "one")
    link(path, tmp_path / "two")
    assert path.readlink() == tmp_path / "two"
