"""A process that is forked first and told later what to run."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

PROGRAM = """
import os, sys
print("said", sys.argv[1], os.getcwd(), os.environ["GIVEN"], __name__)
print("complained", file=sys.stderr)
sys.exit(3)
"""
HOST = """
import sys
from rehearsal.engine.spare import Spare
spare = Spare()
if sys.argv[1] == "run":
    running = spare.run(sys.argv[2], ["argument"], sys.argv[3], {"GIVEN": "value"})
    print(running.stdout.read().decode(), running.stderr.read().decode(), running.wait())
else:
    print(spare.pid)
"""


def _host(folder: Path, *arguments: str) -> str:
    """What a process with a spare one prints; it has no threads, unlike the tests'."""
    file = folder / "host.py"
    file.write_text(HOST)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, str(file), *arguments],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def test_it_runs_a_folders_program_as_python_would(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "__main__.py").write_text(textwrap.dedent(PROGRAM))
    said = _host(tmp_path, "run", str(pack), str(tmp_path)).split()
    assert said == ["said", "argument", str(tmp_path), "value", "__main__", "complained", "3"]


def test_a_program_that_fails_tells_where(tmp_path: Path) -> None:
    (tmp_path / "pack.py").write_text("raise ValueError('no such rule')")
    said = _host(tmp_path, "run", str(tmp_path / "pack.py"), str(tmp_path))
    assert "ValueError: no such rule" in said
    assert said.rstrip().endswith(" 1")


def test_without_a_program_it_ends_with_whoever_forked_it(tmp_path: Path) -> None:
    """The host's output ends only when nobody holds it any more: the spare process has gone."""
    assert int(_host(tmp_path, "leave")) > 0
